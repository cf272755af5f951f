"""The nets that are explained: those on the bench, and an untrained one as a control."""

from collections.abc import Callable, Mapping
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Any

from resnet.charts.look import Look, look, looks
from resnet.findings.learning import FAILS
from resnet.findings.training import trained_note, untrained_note
from resnet.i18n import _
from resnet.runs.store import LAST, Run
from resnet.specs import NetSpec, Recipe
from resnet.specs.bench import Bench
from resnet.ui.parts import backend, seeds

CONTROL = "#808890"


@dataclass(frozen=True)
class Subject:
    """A net to be explained: with the weights of `run`, or untrained when there is none; `note` says which."""

    look: Look
    net: NetSpec
    run: Run | None
    note: str

    @property
    def learned(self) -> bool:
        """Whether it was trained and has learned something: the maps of other nets have no size to go by."""
        return self.run is not None and backend.result(self.run).standing not in FAILS

    def ask(self, recipe: Recipe, function: Callable[..., Any], *rest: Any) -> "Future[Any]":
        """A question of `runs.tasks` about this net with these weights."""
        return backend.ask_trained(function, self.net, recipe, self.run, *rest)


def on_bench(bench: Bench, found: Mapping[NetSpec, Run], step: int = LAST) -> list[Subject]:
    """The nets on the bench; `step` is the step of training that is shown, where a run has kept its weights."""
    chosen = []
    for own, entry in zip(looks(bench), bench.entries, strict=True):
        run = found.get(entry.net)
        trained = run if run and run.status == "done" else None
        note = _note(run, step) + (seeds.first_note(bench.recipe) if trained else "")
        if trained and trained.recorded:
            note = _("{note}, recorded", note=note)
        chosen.append(Subject(own, entry.net, trained, note))
    return chosen


def with_control(bench: Bench, found: Mapping[NetSpec, Run], step: int = LAST) -> list[Subject]:
    """The nets on the bench, then an untrained control: maps that look good on it mean little on the others.

    Without the control where the same net is here untrained already.
    """
    own = on_bench(bench, found, step)
    nets = [entry.net for entry in reversed(bench.entries)]
    net = next((net for net in nets if net.block == "residual"), nets[0])
    if any(subject.net == net and subject.run is None for subject in own):
        return own
    control = look(net, _("control: {net}", net=net), CONTROL)
    return [*own, Subject(control, net, None, _("untrained, for comparison"))]


def _note(run: Run | None, step: int) -> str:
    if run and run.status == "done" and step in backend.kept_steps(run)[:-1]:
        return trained_note(step)
    if run and run.status == "done":
        return trained_note(run.recipe.steps, backend.result(run).standing in FAILS)
    return untrained_note(at_work=run is not None and run.status in backend.AT_WORK)
