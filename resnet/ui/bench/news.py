"""When the whole page is drawn anew without a click: runs begin or end, the engine is ready or in trouble."""

from contextlib import suppress

from resnet.errors import UserError
from resnet.ui.bench import session
from resnet.ui.parts import backend, panels


def follow() -> None:
    """Let the browser follow the visitor's runs, and what this run of the page has shown; for its end."""
    with suppress(UserError):  # the page says already what is the matter
        runs = dict.fromkeys([*backend.ids(session.current()), *(run.id for run in backend.at_work_for_visitor())])
        panels.show(panels.panel(_drawn, tuple(runs), runs=runs, news=_engine))
        panels.follow()


def _drawn(runs: tuple[str, ...]) -> dict[str, str]:
    """One text for the state of everything: when it changes, the page is drawn anew."""
    states = [f"{run} {status} {created}" for run, (status, _step, created, *_) in backend.versions(runs).items()]
    return {f"{panels.RERUN}runs": "\n".join([*_engine(runs), *states])}


def _engine(_runs: tuple[str, ...]) -> tuple[str, str, str]:
    engine = backend.engine()
    return engine.state, engine.message, engine.trouble
