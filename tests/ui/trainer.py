"""An engine for tests of pages: it takes runs and ends them when it is told, and never trains."""

from typing import Any

from resnet.runs.engine import Engine
from resnet.specs import NetSpec, Recipe, run_id

SHORT = Recipe(steps=40)


class Trainer(Engine):
    """A module of tests that names it as ENGINE gets one as `waiting_engine`."""

    def submit(self, net: NetSpec, recipe: Recipe, visitor: str) -> str:
        key = run_id(net, recipe, self.device)
        self.store.claim(key, net, recipe, self.device, "trainer")
        return key

    def stop(self, run_id: str) -> None:
        self.store.finish("trainer", run_id, "stopped")

    def statuses(self) -> dict[str, str]:
        return {str(run.net): run.status for run in self.store.recent(20)}

    def step(self, name: str, loss: float, recipe: Recipe = SHORT, steps: int = 0, right: float = 0.5) -> str:
        """Record that a run has come so far, by default to its last step, at that loss."""
        steps = steps or recipe.steps
        key = self.submit(NetSpec.parse(name), recipe, "test")
        test = (loss, right)
        reports: list[dict[str, Any]] = [
            {"step": step, "loss": loss, "accuracy": right, "lr": 0.1, "seconds": float(step),
             "evaluation": test if step == steps else None, "profiles": {}}
            for step in range(1, steps + 1)
        ]  # fmt: skip
        self.store.record("trainer", [{"kind": "steps", "run": key, "steps": reports}])
        return key

    def end(self, name: str, loss: float, recipe: Recipe = SHORT, right: float = 0.5) -> None:
        self.store.finish("trainer", self.step(name, loss, recipe, right=right), "done")
