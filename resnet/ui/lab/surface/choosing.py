"""Which nets are compared on the page of loss surfaces, and on which plane through their weights."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import streamlit as st

from resnet.analyses.results import TrainingPath
from resnet.charts.look import Look
from resnet.findings.text import listed, plain
from resnet.i18n import _
from resnet.runs.store import LAST, State
from resnet.runs.tasks import surface as tasks
from resnet.specs import Recipe
from resnet.specs.bench import Bench
from resnet.ui.bench import session
from resnet.ui.lab.surface import measured
from resnet.ui.lab.surface.measured import Asked
from resnet.ui.parts import backend, places, subjects, waiting, widgets
from resnet.ui.parts.subjects import Subject

RANGES = {"half": 0.5, "one": 1.0, "two": 2.0}
FEWEST = 3  # states: two lie on a line
MARGIN = 0.25  # of the path's extent, on either side of it


@dataclass(frozen=True)
class Plane:
    """The directions: "random" ones of a `seed` within ± `reach`, or those of the "training"."""

    kind: str
    reach: float = 1.0
    seed: int = 0


@dataclass(frozen=True)
class Spot:
    """A net on its plane; `path` are the places of its kept `steps`, `explained` the shares of their variance."""

    look: Look
    note: str
    asked: Asked
    steps: tuple[int, ...] = ()
    path: tuple[tuple[float, float], ...] = ()
    explained: tuple[float, float] = (0.0, 0.0)


def nets(bench: Bench) -> list[Subject]:
    """The one or two nets that are looked at, by two menus; first a plain and a residual one, trained if possible."""
    names = {uid: name for (uid, _entry), name in zip(session.entries(), bench.names, strict=True)}
    found = dict(zip(names, subjects.on_bench(bench, backend.runs(bench)), strict=True))
    first, second = _usual(found)
    about = _("The net in the middle of the picture.")
    one = places.menu("surface", _("Net"), names, first, about)
    beside = {places.NONE: _("none"), **names}
    other = places.menu("second", _("Beside"), beside, second, _("A second net, on the same scale of colours."))
    return [found[uid] for uid in dict.fromkeys([one, other]) if uid != places.NONE]


def _usual(found: dict[int, Subject]) -> tuple[int, int]:
    """The uids of a plain and a residual net, of the trained ones where there are any; NONE where a net is alone."""
    order = sorted(found, key=lambda uid: found[uid].run is None)  # stable: in the order of the bench
    kinds = {kind: [uid for uid in order if found[uid].net.block == kind] for kind in ("plain", "residual")}
    chosen = [uids[0] for uids in kinds.values() if uids]
    chosen += [uid for uid in order if uid not in chosen]
    return chosen[0], chosen[1] if len(chosen) > 1 else places.NONE


def plane() -> Plane:
    """The directions and the range, by widgets whose choice is kept in the address."""
    kinds = {"random": _("Random"), "training": _("Training")}
    about = _(
        "Random: filter-normalised, the same numbers for both nets. Training: the two directions that hold "
        "most of the variance of the weights that a run has kept, with its path."
    )
    kind = widgets.choice("directions", _("Directions"), kinds, about)
    if kind != "random":
        return Plane(kind)
    reaches = {word: f"±{reach:g}" for word, reach in RANGES.items()}
    about = _("At 1 every filter of the net has moved by its own norm.")
    reach = RANGES[widgets.choice("reach", _("Range"), reaches, about, "one")]
    pairs = {str(number): str(number) for number in (1, 2, 3)}
    pair = widgets.choice("pair", _("Pair"), pairs, _("Other random directions give another picture: compare some."))
    return Plane(kind, reach, int(pair) - 1)


def spots(chosen: Sequence[Subject], recipe: Recipe, where: Plane) -> list[Spot]:
    """The nets on their planes; a net without kept steps has none along its training, and the page says so."""
    data = Recipe(data=recipe.data, level=recipe.level, pixels=recipe.pixels, seed=recipe.seed)
    for subject in chosen:
        backend.require_room(subject.net, data)
    images = measured.images_for([subject.net for subject in chosen], data)
    images = min(images, len(backend.dataset(recipe).train.labels))
    if where.kind == "random":
        ends = -where.reach, where.reach
        return [
            Spot(one.look, one.note, Asked(one.net, data, backend.state(one.run), images, ends, ends, where.seed))
            for one in chosen
        ]
    return _along(chosen, data, images)


def _along(chosen: Sequence[Subject], data: Recipe, images: int) -> list[Spot]:
    kept = [(subject, kept_states(subject)) for subject in chosen]
    if lacking := [plain(subject.look.label) for subject, states in kept if len(states) < FEWEST]:
        text = _(
            "{nets}: there are not enough kept steps to draw a path through. Train first; nets with more than a "
            "million weights keep only the last.",
            nets=listed(lacking),
        )
        st.info(text, icon=":material/info:")
    able = [(subject, states) for subject, states in kept if len(states) >= FEWEST]
    asked = [backend.ask(tasks.path, one.net, data, None, *states.values()) for one, states in able]
    found = zip(able, map(waiting.answer_of, asked), strict=True)  # without a bar: `coarse` draws the one of the page
    return [_spot(subject, data, images, states, path) for (subject, states), path in found]


def kept_states(subject: Subject) -> dict[int, State]:
    """The states of its training by step, the last one included."""
    run = subject.run
    steps = backend.kept_steps(run) if run else []
    named = {step: backend.state(run, LAST if step == steps[-1] else step) for step in steps}
    return {step: state for step, state in named.items() if state}


def _spot(subject: Subject, data: Recipe, images: int, kept: Mapping[int, State], path: TrainingPath) -> Spot:
    x, y = (ends(values) for values in path.places.T)
    states = tuple(kept.values())
    asked = Asked(subject.net, data, states[-1], images, x, y, kept=states)
    places = tuple((float(a), float(b)) for a, b in path.places)
    shares = float(path.explained[0]), float(path.explained[1])
    return Spot(subject.look, subject.note, asked, tuple(kept), places, shares)


def ends(values: np.ndarray) -> tuple[float, float]:
    """The ends of an axis on which all values have room; where they do not differ, room all the same."""
    low, high = float(values.min()), float(values.max())
    room = MARGIN * (high - low) or 1.0
    return low - room, high + room
