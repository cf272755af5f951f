"""The short runs of the board's cells: a constant rate, so that longer ones go on where shorter ones ended."""

from collections.abc import Sequence

from resnet.findings.text import duration
from resnet.i18n import _, plural
from resnet.runs.store import Run
from resnet.specs import NetSpec, Recipe, run_id
from resnet.specs.limits import LIMITS
from resnet.training.extension import goes_on
from resnet.ui.bench import together
from resnet.ui.bench.together import One
from resnet.ui.parts import backend, durations, seeds

LENGTHS = tuple(dict.fromkeys(min(steps, LIMITS.max_steps) for steps in (50, 100, 200)))
EVERY = 10  # steps between two profiles, at most
ENDED = ("done", "diverged")


def recipe_of(recipe: Recipe, steps: int) -> Recipe:
    """That of the bench, but short, at a constant rate, with one seed."""
    every = min(recipe.record_every, EVERY)
    return recipe.but(steps=steps, schedule="constant", extended=0, seeds=1, record_every=every)


def ids(nets: Sequence[NetSpec], recipe: Recipe) -> list[str]:
    """All runs that `runs` looks at, whether they exist or not."""
    return [_id(net, own) for own in _as_long(recipe) for net in nets]


def runs(nets: Sequence[NetSpec], recipe: Recipe) -> dict[NetSpec, Run | None]:
    """For each net its run of that length; where that has not ended a longer one, which begins with the same steps."""
    exact, *longer = backend.runs_of_recipes(nets, _as_long(recipe))
    found = {}
    for net in nets:
        own = exact.get(net)
        ended = (one[net] for one in longer if net in one and one[net].status in ENDED)
        found[net] = own if own and own.status in ENDED else next(ended, own)
    return found


def _as_long(recipe: Recipe) -> list[Recipe]:
    return [recipe.but(steps=steps) for steps in LENGTHS if steps >= recipe.steps]


def missing(nets: Sequence[NetSpec], recipe: Recipe) -> list[One]:
    """The cells without a result, in the order of the board."""
    found = runs(nets, recipe)
    return [(net, recipe) for net, run in found.items() if seeds.is_open(run)]


def begun(wanted: Sequence[One]) -> dict[One, tuple[str, int]]:
    """Of the runs that can go on, where a shorter one ended or they stopped: the id of that run, and its step."""
    before = {one: [_id(one[0], own) for own in (*_shorter(one[1]), one[1])] for one in wanted}
    steps = backend.engine().store.checkpoints(key for own in before.values() for key in own)
    found = {one: max((steps.get(key, 0), key) for key in own) for one, own in before.items()}
    return {one: (key, step) for one, (step, key) in found.items() if step}


def _shorter(recipe: Recipe) -> list[Recipe]:
    others = [recipe.but(steps=steps) for steps in LENGTHS if steps < recipe.steps]
    return [own for own in others if goes_on(own, recipe)]


def _id(net: NetSpec, recipe: Recipe) -> str:
    return run_id(net, recipe, backend.engine().device)


def buttons(nets: Sequence[NetSpec], recipe: Recipe) -> None:
    """Train what has no result, and stop what trains."""
    wanted = missing(nets, recipe)
    if wanted:
        length = duration(durations.seconds_until(wanted, {one: step for one, (_key, step) in begun(wanted).items()}))
        label = plural(
            "Train the cells · {count} run · about {length}",
            "Train the cells · {count} runs · about {length}",
            len(wanted),
            length=length,
        )
        text = _("Trains every cell that has no result of that length; longer runs go on where shorter ones ended.")
        together.train_button(label, "board-train", text, train, nets, recipe)
    together.stop_button(runs(nets, recipe).values(), "board-stop")


def train(nets: Sequence[NetSpec], recipe: Recipe) -> None:
    """Queue what has no result, each run behind the shorter one that it goes on from."""
    wanted = missing(nets, recipe)
    together.queue(wanted, {one: key for one, (key, _step) in begun(wanted).items()})
