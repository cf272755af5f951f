"""What pages ask of the engine and its store; answers about finished work are cached by what they depend on."""

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np
import streamlit as st

from resnet import catalog
from resnet.datasets import Dataset, load_dataset, require_here
from resnet.findings.learning import Result
from resnet.runs.engine import Engine, shared
from resnet.runs.store import LAST, Curves, Run, State
from resnet.runs.tasks import loading, maps, step0
from resnet.specs import NetSpec, Recipe, run_id
from resnet.specs.bench import Bench
from resnet.training import estimates
from resnet.ui.parts import classroom, visitors
from resnet.ui.parts.kept import Kept, size

AT_WORK = ("queued", "running")
MOST_ANSWERS = 800  # the profiles of one net are 2 kB at depth 56 and 45 kB at depth 1202
MOST_BYTES = 50_000_000  # of answers; as many again of curves and of profiles that finished runs recorded

_weights: "WeakKeyDictionary[Future[Any], int]" = WeakKeyDictionary()  # bytes
_curves: Kept[Curves] = Kept(MOST_BYTES)
_profiles: Kept[tuple[np.ndarray, np.ndarray]] = Kept(MOST_BYTES)
_answers: "OrderedDict[tuple[Any, ...], Future[Any]]" = OrderedDict()
_lock = threading.RLock()  # a question that fails at once is forgotten while it is asked


def engine() -> Engine:
    """The engine of this process."""
    return shared()


def visitor() -> str:
    """A name for this session, for a fair queue."""
    return visitors.me().name


def runs(bench: Bench) -> dict[NetSpec, Run]:
    """The runs that exist of the nets on the bench with its recipe, of several seeds the first."""
    return runs_of(bench.nets, bench.recipe)


def runs_of(nets: Iterable[NetSpec], recipe: Recipe) -> dict[NetSpec, Run]:
    """The runs that exist of some nets with a recipe."""
    return runs_of_recipes(nets, [recipe])[0]


def runs_of_recipes(nets: Iterable[NetSpec], recipes: Sequence[Recipe]) -> list[dict[NetSpec, Run]]:
    """For each of the recipes the runs that exist of some nets, by one look into the store."""
    ids = [{net: run_id(net, recipe, engine().device) for net in nets} for recipe in recipes]
    found = engine().store.runs(key for own in ids for key in own.values())
    return [{net: found[key] for net, key in own.items() if key in found} for own in ids]


def seed_runs(bench: Bench) -> dict[NetSpec, dict[int, Run]]:
    """For each net on the bench the runs that exist, by seed."""
    recipes = bench.recipe.each()
    found = list(zip(recipes, runs_of_recipes(bench.nets, recipes), strict=True))
    return {net: {recipe.seed: own[net] for recipe, own in found if net in own} for net in bench.nets}


def ids(bench: Bench) -> list[str]:
    """The runs of the bench, of every seed, whether they exist or not."""
    return [run_id(net, recipe, engine().device) for recipe in bench.recipe.each() for net in bench.nets]


def versions(runs: Iterable[str]) -> dict[str, tuple[Any, ...]]:
    """What changes whenever there is news of a run: its step, status, or place in the queue."""
    found = engine().store.versions(runs)
    return {run: (*seen, engine().position(run) if seen[0] == "queued" else None) for run, seen in found.items()}


def submit(net: NetSpec, recipe: Recipe, **how: Any) -> None:
    """Queue the runs of all seeds for this visitor, whose session knows them then. Raises SpecError or EngineError."""
    require_here(recipe.data)
    for own in recipe.each():
        run = engine().submit(net, own, visitor(), **how)
        visitors.wait_for([run], asked=True)
        classroom.note(engine().store, run)


def at_work_for_visitor() -> list[Run]:
    """The runs that this visitor has started and that have not ended, the oldest first.

    The session holds their ids: they survive a change of page, not a reload, after which only the runs of the nets on
    the bench are found again.
    """
    mine = visitors.me().asked
    if not mine:
        return []
    going = {key: run for key, run in engine().store.runs(mine).items() if run.status in AT_WORK}
    visitors.forget(mine - going.keys())
    return sorted(going.values(), key=lambda run: run.created)


def at_work(found: Iterable[Run]) -> bool:
    """Whether any of the runs is queued or running."""
    return any(run.status in AT_WORK for run in found)


def curves(run: Run) -> Curves:
    """The curves of a run; of a finished one from the cache."""
    if run.status in AT_WORK:
        return engine().store.curves(run.id)
    return _curves.get((id(engine()), run.id, run.finished), lambda: engine().store.curves(run.id))


def result(run: Run, step: int | None = None) -> Result:
    """What the run has learned by now, or by `step`."""
    if step is None and run.status not in AT_WORK:
        return _finished_result(run.id, run.finished, run.recipe)
    return curves(run).result(run.recipe, step)


@st.cache_data(max_entries=1_000, show_spinner=False)
def _finished_result(run: str, finished: float | None, recipe: Recipe) -> Result:
    return engine().store.curves(run).result(recipe)


def profiles(run: Run, probe: str) -> tuple[np.ndarray, np.ndarray]:
    """Steps (S,) and values (S, layers) that a run recorded; of a finished one from the cache."""
    if run.status in AT_WORK:
        return engine().store.profiles(run.id, probe)
    key = id(engine()), run.id, run.finished, probe
    return _profiles.get(key, lambda: engine().store.profiles(run.id, probe))


def step0_profiles(
    net: NetSpec, recipe: Recipe, update: bool = False, images: int = 0
) -> "Future[dict[str, np.ndarray]]":
    """Every probe at step 0, one value per layer, measured on the net itself by the interactive worker.

    With `update` also the probe of the optimiser's first step. `images` of the first batch: those of `step0_images` for
    all nets of a chart, by default for this one alone. Raises SpecError for a net that does not fit into the memory.
    """
    first = first_batch(recipe)
    require_room(net, first)
    asked = recipe.but(seeds=1) if update else first
    return ask(step0.profiles, net, asked, update, images or step0_images([net], recipe))


def step0_images(nets: Iterable[NetSpec], recipe: Recipe) -> int:
    """How many images of the first batch nets that stand in one chart are measured on: the same for all of them."""
    budget = estimates.budget()
    return min(loading.step0_images(net, recipe, budget) for net in nets)


# What the gradients of step 0 depend on besides the net; images that are mixed in training are not mixed there.
_FIRST_BATCH = ("data", "level", "pixels", "batch", "augment", "flip", "cutout", "label_smoothing", "seed")


def first_batch(recipe: Recipe) -> Recipe:
    """Only what the net of step 0 and its first batch depend on: another learning rate asks no new question."""
    return Recipe(**{name: getattr(recipe, name) for name in _FIRST_BATCH})


def require_room(net: NetSpec, recipe: Recipe) -> None:
    """Raise SpecError when the net, with a batch of at most what a probe looks at, would not fit."""
    batch = min(recipe.batch, loading.PROFILE_IMAGES)
    estimates.require_fit(net, recipe.but(batch=batch), estimates.budget())


@dataclass(frozen=True)
class Question:
    """What is asked of a net about test images; see `tasks.maps.explain`."""

    method: str
    images: tuple[int, ...]
    target: str = "label"
    baseline: str = "mean"
    stage: int = 0
    step: int = LAST


def kept_steps(run: Run) -> list[int]:
    """The steps at which a finished run kept its weights, the last one included."""
    return _kept_steps(run.id, run.finished) if run.status == "done" else []


@st.cache_data(max_entries=200, show_spinner=False)
def _kept_steps(run: str, finished: float | None) -> list[int]:
    return engine().store.kept_steps(run)


def state(run: Run | None, step: int = LAST) -> State | None:
    """The name of a run's weights, which the worker reads itself; None for a run that is not done, or none."""
    return State(run.id, run.finished or 0.0, step) if run and run.status == "done" else None


def explained(net: NetSpec, recipe: Recipe, run: Run | None, question: Question) -> "Future[dict[str, np.ndarray]]":
    """Maps, targets and probabilities by a trained run, or by the untrained net for None."""
    steps = kept_steps(run) if run else []
    step = question.step if question.step in steps[:-1] else LAST
    asked = (question.method, list(question.images), question.target, question.baseline, question.stage)
    return ask_trained(maps.explain, net, recipe, run, *asked, step=step)


def ask_trained(
    function: Callable[..., Any], net: NetSpec, recipe: Recipe, run: Run | None, *rest: Any, step: int = LAST
) -> "Future[Any]":
    """Ask about a net with the weights of its run, or of step 0 for None or a run that is not done."""
    data = Recipe(data=recipe.data, level=recipe.level, pixels=recipe.pixels, seed=recipe.seed)
    require_room(net, data)
    return ask(function, net, data, state(run, step), *rest)


_only_look: ContextVar[bool] = ContextVar("only look", default=False)


@contextmanager
def peeking() -> Iterator[None]:
    """Nothing is asked inside: an answer that is not there yet never comes."""
    token = _only_look.set(True)
    try:
        yield
    finally:
        _only_look.reset(token)


def ask(function: Callable[..., Any], *arguments: Any) -> "Future[Any]":
    """The answer of a function of `runs.tasks`, or its promise; asked once, by anybody; what failed is asked again.

    Whoever asks owns the question until the end of `visitors.waiting`. Raises SpecError for too many questions.
    """
    asked = engine()
    question = (id(asked), function.__module__, function.__name__, *map(_mark, arguments))
    if _only_look.get():
        known = _answers.get(question)
        return Future() if known is None or _failed(known) else known
    asker = visitors.asker(asked.questions)
    with _lock:
        found = _answers.get(question)
        new = found is None or _failed(found) or not asked.questions.join(asker, found)
        if found is None or new:
            found = _answers[question] = asked.questions.ask(asker, function, *arguments)
            _bound()
        _answers.move_to_end(question)
    if new:  # outside of the lock: of an answer that is there it is called at once
        found.add_done_callback(lambda answer: _forget_failed(question, answer))
    return found


def _bound() -> None:
    """Forget the answers that were asked for longest ago; what is still computed will be asked for."""
    total = 0
    for number, question in enumerate(reversed(list(_answers))):
        answer = _answers[question]
        total += _bytes(answer)
        if number >= MOST_ANSWERS or (number and total > MOST_BYTES and answer.done()):
            del _answers[question]


def _bytes(answer: "Future[Any]") -> int:
    if not answer.done() or _failed(answer):
        return 0
    if answer not in _weights:
        _weights[answer] = size(answer.result())
    return _weights[answer]


def _failed(answer: "Future[Any]") -> bool:
    return answer.done() and (answer.cancelled() or answer.exception() is not None)


def _forget_failed(question: tuple[Any, ...], answer: "Future[Any]") -> None:
    """Its error holds the frames that it came through, and they the picture that was asked about."""
    if _failed(answer):  # else no thread of the engine shall wait for the lock
        with _lock:
            if _answers.get(question) is answer:
                del _answers[question]


def _mark(argument: Any) -> Any:
    """What stands for an argument in the question that is kept: itself, or the digest of a picture."""
    if isinstance(argument, np.ndarray):
        return argument.shape, hashlib.blake2b(argument.tobytes()).digest()
    return tuple(argument) if isinstance(argument, list) else argument


def dataset(recipe: Recipe) -> Dataset:
    """The images of the recipe; numpy arrays that nobody may change."""
    return load_dataset(recipe.data, recipe.level, pixels=recipe.pixels)


def class_count(recipe: Recipe) -> int:
    """How many classes the data set has: among these one guesses, however many outputs a net has."""
    return len(catalog.data_choice(recipe.data).classes)
