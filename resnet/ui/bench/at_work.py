"""What trains for this visitor, on the bench or off it, and how a button ends it."""

import time
from collections.abc import Callable, Sequence

from resnet.findings.text import listed
from resnet.i18n import plural
from resnet.runs.store import Run
from resnet.runs.tasks.saving import too_large
from resnet.specs.bench import Bench
from resnet.ui.parts import backend, visitors, widgets

SOON = 0.7  # seconds: a run at depth 56 ends within 0.03 s of being asked


def on_bench(bench: Bench) -> list[Run]:
    """The runs of the bench that are queued or running, whoever started them, and for which this visitor waits."""
    return [run for run in _of_bench(bench) if run.id not in visitors.me().let_go]


def let_go(bench: Bench) -> list[Run]:
    """The runs of the bench that go on for others, while this visitor does not wait for them."""
    return [run for run in _of_bench(bench) if run.id in visitors.me().let_go]


def _of_bench(bench: Bench) -> list[Run]:
    found = [run for runs in backend.seed_runs(bench).values() for run in runs.values()]
    visitors.forget(run.id for run in found if run.status not in backend.AT_WORK)
    return [run for run in found if run.status in backend.AT_WORK]


def off_bench(bench: Bench) -> list[Run]:
    """The visitor's runs at work that `bench` does not show; see `backend.at_work_for_visitor`."""
    shown = set(backend.ids(bench))
    return [run for run in backend.at_work_for_visitor() if run.id not in shown]


def to_pause(runs: Sequence[Run]) -> list[Run]:
    """Those that can go on later; of a net that is too large there is no checkpoint while it trains."""
    return [run for run in runs if run.status == "queued" or not too_large(run.net, run.recipe)]


def pause(runs: Sequence[Run]) -> None:
    """Like `stop`, for runs that will go on."""
    _end(runs, backend.engine().pause)


def stop(runs: Sequence[Run]) -> None:
    """Stop those for which nobody else waits, and wait a moment so that the page can say so at once.

    The others go on, and this visitor is told for whom.
    """
    _end(runs, backend.engine().stop)


def _end(runs: Sequence[Run], end: Callable[[str], None]) -> None:
    engine = backend.engine()
    shared = [run for run in runs if visitors.let_go(run.id)]
    own = [run.id for run in runs if run not in shared]
    for run in own:
        end(run)
    if shared:
        widgets.notify(_go_on(shared))
    until = time.monotonic() + SOON
    while backend.at_work(engine.store.runs(own).values()) and time.monotonic() < until:
        time.sleep(0.02)


def _go_on(shared: Sequence[Run]) -> str:
    return plural(
        "You no longer wait for {nets}: {count} other does.",
        "You no longer wait for {nets}: {count} others do.",
        visitors.others([run.id for run in shared]),
        nets=listed([run.net.title for run in shared]),
    )


def wait_again(runs: Sequence[Run]) -> None:
    """This visitor waits for them like the others."""
    visitors.wait_for(run.id for run in runs)
