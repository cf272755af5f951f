"""What pages ask of the engine and its store; answers about finished work are cached by what they depend on."""

import json
import statistics
import uuid
from collections.abc import Callable, Iterable
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Any

import numpy as np
import streamlit as st

from resnet import catalog
from resnet.datasets import Dataset, load_dataset
from resnet.runs.engine import Engine, shared
from resnet.runs.store import Curves, Run
from resnet.runs.tasks import explain, loading, step0
from resnet.specs import NetSpec, Recipe, run_id
from resnet.specs.bench import Bench
from resnet.training import estimates
from resnet.ui.parts.answers import ask

AT_WORK = ("queued", "running")
PATIENCE = 120.0  # seconds that a page waits for an interactive answer before it says that there is none


def engine() -> Engine:
    """The engine of this process."""
    return shared()


def visitor() -> str:
    """A name for this session, for a fair queue."""
    name: str = st.session_state.setdefault("visitor", uuid.uuid4().hex)
    return name


def runs(table: Bench) -> dict[NetSpec, Run]:
    """The runs that exist of the nets on the bench with its recipe."""
    return runs_of(table.nets, table.recipe)


def runs_of(nets: Iterable[NetSpec], recipe: Recipe) -> dict[NetSpec, Run]:
    """The runs that exist of some nets with a recipe."""
    ids = {net: run_id(net, recipe, engine().device) for net in nets}
    found = engine().store.runs(ids.values())
    return {net: found[key] for net, key in ids.items() if key in found}


def at_work(found: Iterable[Run]) -> bool:
    """Whether any of the runs is queued or running."""
    return any(run.status in AT_WORK for run in found)


def curves(run: Run) -> Curves:
    """The curves of a run; of a finished one from the cache."""
    if run.status in AT_WORK:
        return engine().store.curves(run.id)
    return _finished_curves(run.id, run.finished)


@st.cache_data(max_entries=200, show_spinner=False)
def _finished_curves(run: str, finished: float | None) -> Curves:
    return engine().store.curves(run)


def profiles(run: Run, probe: str) -> tuple[np.ndarray, np.ndarray]:
    """Steps (S,) and values (S, layers) that a run recorded; of a finished one from the cache."""
    if run.status in AT_WORK:
        return engine().store.profiles(run.id, probe)
    return _finished_profiles(run.id, run.finished, probe)


@st.cache_data(max_entries=200, show_spinner=False)
def _finished_profiles(run: str, finished: float | None, probe: str) -> tuple[np.ndarray, np.ndarray]:
    return engine().store.profiles(run, probe)


def profiles_at_start(net: NetSpec, recipe: Recipe, update: bool = False) -> "Future[dict[str, np.ndarray]]":
    """Every probe at step 0, one value per layer, measured on the net itself by the interactive worker.

    With `update` also the probe of the optimiser's first step. Raises SpecError for a net that does not fit into the
    memory.
    """
    # Only what the first batch depends on: another learning rate is no reason to measure again, but for an update.
    first = Recipe(data=recipe.data, level=recipe.level, batch=recipe.batch, augment=recipe.augment, seed=recipe.seed)
    require_room(net, first)
    return ask(step0.profiles_at_start, net.to_json(), (recipe if update else first).to_json(), update)


def require_room(net: NetSpec, recipe: Recipe) -> None:
    """Raise SpecError when the net, with a batch of at most what a probe looks at, would not fit."""
    batch = min(recipe.batch, loading.PROFILE_IMAGES)
    estimates.require_fit(net, recipe.but(batch=batch), estimates.budget())


@dataclass(frozen=True)
class Question:
    """What is asked of a net about test images; see `tasks.explain.explain`."""

    method: str
    images: tuple[int, ...]
    target: str = "label"
    baseline: str = "mean"
    stage: int = 0
    step: int = loading.LAST


def kept_steps(run: Run) -> list[int]:
    """The steps at which a finished run kept its weights, the last one included; read from the weights themselves."""
    return _kept_steps(run.id, run.finished, run.recipe.steps) if run.status == "done" else []


@st.cache_data(max_entries=200, show_spinner=False)
def _kept_steps(run: str, finished: float | None, steps: int) -> list[int]:
    weights = engine().store.weights(run)
    if not weights:
        return []
    size = int.from_bytes(weights[:8], "little")  # safetensors: the length of the header, then its JSON
    names = json.loads(weights[8 : 8 + size])
    return sorted({int(name[1:].split("/")[0]) for name in names if name.startswith("@")} | {steps})


def explained(net: NetSpec, recipe: Recipe, run: Run | None, question: Question) -> "Future[dict[str, np.ndarray]]":
    """Maps, targets and probabilities by a trained run, or by the untrained net for None."""
    steps = kept_steps(run) if run else []
    step = question.step if question.step in steps[:-1] else loading.LAST
    asked = (question.method, list(question.images), question.target, question.baseline, question.stage, step)
    return ask_trained(explain.explain, net, recipe, run, *asked)


def ask_trained(
    function: Callable[..., Any], net: NetSpec, recipe: Recipe, run: Run | None, *rest: Any
) -> "Future[Any]":
    """Ask about a net with the weights of its run, or of step 0 for None or a run that is not done.

    The question is known by the run and not by the weights; of `rest`, arrays count with all their bytes.
    """
    data = Recipe(data=recipe.data, level=recipe.level, seed=recipe.seed)
    require_room(net, data)
    trained = run if run and run.status == "done" else None
    weights = engine().store.weights(trained.id) if trained else None
    facts = (net.to_json(), data.to_json())
    marks = [one.tobytes() if isinstance(one, np.ndarray) else str(one) for one in rest]
    known = (*facts, trained.id if trained else "", trained.finished if trained else 0.0, *marks)
    return ask(function, *facts, weights, *rest, known_as=known)


def dataset(recipe: Recipe) -> Dataset:
    """The images of the recipe; numpy arrays that nobody may change."""
    return load_dataset(recipe.data, recipe.level)


def class_count(recipe: Recipe, net: NetSpec | None = None) -> int:
    """How many classes the data set has, or the net if it has its own number."""
    return (net.classes if net else 0) or len(catalog.DATASETS[recipe.data].classes)


def seconds_to_train(nets: Iterable[NetSpec], recipe: Recipe) -> float:
    """Estimated duration of training the nets on the workers there are, from the last runs on this machine."""
    speed = _speed(engine().device)
    ordered = estimates.longest_first(nets, recipe)
    return estimates.total_seconds([estimates.seconds(net, recipe, speed) for net in ordered], engine().slots)


@st.cache_data(ttl=15, show_spinner=False)
def _speed(device: str) -> float:
    """How many times faster than the fitted CPU the last finished runs were; 1 before there are any."""
    done = [run for run in engine().store.recent(12) if run.status == "done" and run.device == device and run.seconds]
    factors = [estimates.seconds(run.net, run.recipe) / run.seconds for run in done]
    return statistics.median(factors) if factors else 1.0
