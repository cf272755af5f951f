"""Finished runs of a lesson's nets in the store of a test, and what the lesson's page says."""

from typing import Any

from streamlit.testing.v1 import AppTest

from resnet.runs.engine import Engine
from resnet.specs import NetSpec, Recipe, run_id

WEIGHTS = {400: b"weights"}


def record(engine: Engine, *names: str, loss: float = 0.5, recipe: Recipe = Recipe(), right: float = 0.8) -> None:  # noqa: B008
    """Runs that have come to their end at that loss, with that share of right test answers."""
    for name in names:
        net = NetSpec.parse(name)
        run = run_id(net, recipe, engine.device)
        begin(engine, name, recipe)
        steps = range(max(1, recipe.steps - 39), recipe.steps + 1)
        told = [_step(step, loss, right, step == recipe.steps) for step in steps]
        engine.store.record("test", [{"run": run, "kind": "steps", "steps": told}])
        engine.store.finish("test", run, "done", states=WEIGHTS)


def begin(engine: Engine, name: str, recipe: Recipe) -> None:
    """A run that has begun and not ended."""
    net = NetSpec.parse(name)
    engine.store.claim(run_id(net, recipe, engine.device), net, recipe, engine.device, "test")


def _step(step: int, loss: float, right: float, last: bool) -> dict[str, Any]:
    return {
        "step": step,
        "loss": loss,
        "accuracy": right,
        "lr": 0.1,
        "seconds": float(step),
        "evaluation": (loss, right) if last else None,
        "profiles": {},
    }


def said(app: AppTest) -> str:
    """All that the page says, without the backslashes that keep Markdown from reading names."""
    kinds = ("title", "markdown", "caption", "info", "warning")
    return " ".join(element.value for kind in kinds for element in app.main.get(kind)).replace("\\", "")
