"""Lesson 12: the loss around the net that failed, beside its twin, along one of three pairs of directions."""

from collections.abc import Sequence

import streamlit as st

from resnet.findings.surface import Ground
from resnet.i18n import _
from resnet.lessons import Reveal, Verdict, landscape
from resnet.specs import Recipe
from resnet.specs.bench import Bench
from resnet.ui.bench import session
from resnet.ui.course import needed
from resnet.ui.lab.surface import measured
from resnet.ui.lab.surface import picture as surfaces
from resnet.ui.lab.surface.choosing import Spot
from resnet.ui.parts import backend, panels, plot, subjects, visitors, waiting, widgets

NETS, SHALLOW = "plain-56,res-56", "plain-20,res-20"
FAILED, LEARNED = 0, 1  # places
PAIRS = ("1", "2", "3")  # of random directions
REACH = (-1.0, 1.0)  # filter norms
IMAGES = 128  # a point in a quarter of the time that the page of surfaces takes
COARSE, FINE = measured.LEVELS[:2]


def picture(seen: bool) -> Reveal | None:
    """Before the guess the map of the net that has learned; the other one is measured meanwhile."""
    pair = _pair() if seen else 0
    with waiting.answers():
        spots = _spots(NETS, pair)
        shown = spots if seen else spots[LEARNED:]
        surfaces.coarse(shown)
    with visitors.ahead():
        for side in (COARSE, FINE):
            for spot in spots:
                measured.ask(spot.asked, side)
    view = surfaces.View(tuple(shown), _classes(), relief=False)
    panel = panels.show(surfaces.panel(view))
    plot.show(panel.content["figure"], "lesson-surface", surfaces.HEIGHT, panel.part("figure"), panel.at)
    if not seen:
        st.info(_("plain-56 appears beside it once you have guessed, on the same scale."), icon=":material/help:")
        return None
    st.caption(_about(shown))
    failed, learned = _grounds(shown)
    return landscape.reveal(failed, learned)


def _pair() -> int:
    about = _("Other random directions give another map: what do all of them have in common?")
    return int(widgets.choice("lesson-pair", _("Pair of directions"), {name: name for name in PAIRS}, about)) - 1


def _about(spots: Sequence[Spot]) -> str:
    side = surfaces.level(spots)
    places = {"side": side, "count": spots[0].asked.images}
    return _("{side} × {side} points, {count} training images each. At 1 every filter has moved by its own norm.",
             **places)  # fmt: skip


def _spots(nets: str, pair: int) -> list[Spot]:
    bench = needed.bench(nets)
    found, recipe = needed.runs(bench), bench.recipe
    data = Recipe(data=recipe.data, level=recipe.level, pixels=recipe.pixels, seed=recipe.seed)
    return [
        Spot(one.look, one.note,
             measured.Asked(one.net, data, backend.state(one.run), IMAGES, REACH, REACH, pair))
        for one in subjects.on_bench(bench, found)
    ]  # fmt: skip


def _classes() -> int:
    return backend.class_count(Bench().recipe)


def _grounds(spots: Sequence[Spot]) -> list[Ground]:
    """As fine as all of them are measured by now."""
    side = surfaces.level(spots)
    found = [(spot, measured.surface(spot.asked, side)) for spot in spots]
    return [Ground(spot.look.label, _classes(), one.x, one.y, one.losses, one.centre) for spot, one in found]


def check_level(entered: str) -> Verdict:
    """By the classes of the data."""
    return landscape.level(entered, _classes())


def check_flatter(entered: str) -> Verdict:
    """Along all pairs of directions, on the coarse grid."""
    spots = [_spots(SHALLOW, pair) for pair in range(len(PAIRS))]
    surfaces.coarse([spot for own in spots for spot in own])
    grounds = [_grounds(own) for own in spots]
    return landscape.flatter(entered, [(own[0], own[1]) for own in grounds])


def check_residual(_entered: str) -> Verdict:
    """The finished runs of the visitor's bench."""
    bench = session.current()
    runs = backend.runs(bench)
    ended = {net: backend.result(run) for net, run in runs.items() if run.status not in backend.AT_WORK}
    pairs = zip(bench.names, bench.entries, strict=True)
    return landscape.on_plateau([(name, one.net.block == "residual", ended.get(one.net)) for name, one in pairs])
