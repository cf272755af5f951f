"""All experiments as Markdown: what the papers print, what was measured here, and whether the orders agree."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from resnet.experiments import Experiment
from resnet.files import home
from resnet.findings.candidates import STATES, State
from resnet.findings.experiments import lines, name_of, rule_sentence, sentences, summary
from resnet.findings.learning import Result
from resnet.findings.outcomes import MEASURES, Outcomes, outcomes
from resnet.runs.engine.device import device_before
from resnet.runs.store import Store
from resnet.runs.store.recorded import RecordedStore
from resnet.runs.store.recordings import Recordings
from resnet.specs import NetSpec, Recipe, run_id


def table(experiments: Sequence[Experiment], folder: Path) -> str:
    """From the runs of this computer and, where there is none, from the recordings of `folder`."""
    store = RecordedStore(home() / "runs.sqlite", Recordings(folder))
    try:
        return "\n".join(
            part for experiment in experiments for part in _experiment(experiment, told(store, experiment))
        )
    finally:
        store.close()


def told(store: Store, experiment: Experiment) -> Outcomes:
    """What the runs of a store have come to."""
    device = device_before(store)["type"]
    keys = {asked: run_id(*asked, device) for asked in experiment.runs()}
    runs = store.runs(keys.values())

    def find(net: NetSpec, recipe: Recipe) -> tuple[State, Result, float] | None:
        run = runs.get(keys[net, recipe])
        return (STATES.get(run.status, "open"), store.curves(run.id).result(recipe), run.seconds) if run else None

    def profile(net: NetSpec, recipe: Recipe, probe: str) -> np.ndarray:
        return store.profiles(keys[net, recipe], probe)[1]

    return outcomes(experiment, find, profile)


def _experiment(experiment: Experiment, found: Outcomes) -> Iterator[str]:
    measure = MEASURES[experiment.measured]
    yield f"## {experiment.title}\n\n{experiment.question} {rule_sentence(experiment)}\n"
    also = MEASURES[experiment.also].label if experiment.also else ""
    heads = ["net", "published", f"here: {measure.label}", *([also] if also else []), "seconds a run", "order"]
    yield _row(heads)
    yield _row(["---"] * len(heads))
    for line in lines(experiment, found):
        cells = [name_of(line.row), line.published, line.ours, *([line.also or "–"] if also else []), line.seconds]
        yield _row([*cells, line.words])
    yield ""
    yield "  \n".join(text for text in (summary(experiment, found), *sentences(experiment, found)) if text)
    yield f"\nWhy ours may differ: {experiment.why}\n"


def _row(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"
