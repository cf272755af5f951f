"""The demo's curves and gradients as a film, from the runs that are recorded or were trained here."""

import json
from collections.abc import Mapping, Sequence
from functools import lru_cache
from html import escape

import streamlit as st

from resnet import catalog
from resnet.charts.chart import Chart
from resnet.charts.curves import View, curves_figure
from resnet.charts.film import Recorded, film, profile_film
from resnet.charts.frames import difference
from resnet.charts.look import Look, looks
from resnet.charts.series import Series
from resnet.findings.profiles import ratios_sentence
from resnet.i18n import _, language
from resnet.nets.structure import probed_names
from resnet.runs.store import Run
from resnet.specs import NetSpec
from resnet.specs.bench import Bench
from resnet.ui.lab import train
from resnet.ui.parts import backend, panels, playback, plot, seeds
from resnet.ui.parts.plot import described

HEIGHT, SMALL = 300, 220  # pixels: of the curves alone, and of curves and gradients beside each other
PROBE = "output_gradient"
SECONDS = 8.0  # of the film


def show(demo: Bench) -> str:
    """The film and what it answers, nothing before there is anything to draw; where the runs come from."""
    shown = panels.show(panels.panel(drawn, demo, runs=backend.ids(demo)))
    if "curves" not in shown.content and "curves@" not in shown.content:
        return ""
    steps = json.loads(shown.content["steps@"])
    step = playback.chosen(steps, demo.recipe.steps)
    _charts(shown, steps, step)
    playback.player(shown, steps, step, demo.recipe.steps, _places())
    with st.container(key=playback.STILL):  # the answer is read when the film has come to its end
        st.markdown(shown.content["!answer"])
    return shown.content["!origin"]


def _charts(shown: panels.Drawn, steps: Sequence[int], step: int) -> None:
    """Curves and, where they were recorded, gradients beside them; below each other where the page is narrow."""
    figure = playback.framed(shown, "curves", step) if steps else shown.content["curves"]
    if "profiles@" not in shown.content:
        plot.show(figure, "curves", HEIGHT, shown.part("curves"), shown.at)
        return
    left, right = st.columns(2, gap="small")
    with left:
        plot.show(figure, "curves", SMALL, shown.part("curves"), shown.at)
    with right:
        profiles = playback.framed(shown, "profiles", step)
        plot.show(profiles, "start-profiles", SMALL, shown.part("profiles"), shown.at)
        st.html(f'<div data-live="{shown.part("said")}" style="{_SAID}">{shown.content[f"said@{step}"]}</div>')


_SAID = "font-size: 0.875rem; min-height: 4.3rem; margin-top: -0.5rem"


def drawn(demo: Bench) -> dict[str, str]:
    """A picture for each step of the film once all runs are done; before that the curves as they are."""
    found = backend.runs(demo)
    done = [net for net in demo.nets if net in found and found[net].status == "done"]
    series = _begun(demo, found)
    if not series:
        return {"steps@": "[]"}
    content = {"!answer": train.of_bench(demo), "!origin": seeds.origin(found.values())}
    if len(done) < len(demo.nets):
        classes = backend.class_count(demo.recipe)
        figure = curves_figure(series, View(), demo.recipe.steps, classes, height=HEIGHT)
        return {**content, "steps@": "[]", "curves": described(figure)}
    return {**content, **_pictures(demo, tuple(found[net].created for net in demo.nets), language())}


@lru_cache(maxsize=16)  # 400 kB each
def _pictures(demo: Bench, created: tuple[float, ...], spoken: str) -> dict[str, str]:
    """Curves and profiles at every step of the film, and what is said of the profiles there."""
    found = backend.runs(demo)
    pairs = list(zip(looks(demo), (found[entry.net] for entry in demo.entries), strict=True))
    nets = [one for look, run in pairs if (one := _recorded(look, run))]
    height = SMALL if nets else HEIGHT
    series = [_series(look, run) for look, run in pairs]
    curves = dict(film(series, demo.recipe.steps, backend.class_count(demo.recipe), height))
    content = {"steps@": json.dumps(list(curves)), f"{panels.RERUN}film": "yes", **_frames("curves", curves)}
    if nets:
        content |= _frames("profiles", dict(profile_film(nets, list(curves), PROBE, height)))
        content |= {f"said@{step}": _said(nets, demo.recipe.seed, step) for step in curves}
    return content


def _frames(part: str, pictures: Mapping[int, Chart]) -> dict[str, str]:
    """The last picture whole, and of every one what differs from it."""
    texts = {step: described(figure) for step, figure in pictures.items()}
    whole = texts[max(texts)]
    base = json.loads(whole)
    return {
        f"{part}@": whole,
        **{f"{part}@{step}": json.dumps(difference(base, json.loads(text))) for step, text in texts.items()},
    }


def _recorded(look: Look, run: Run) -> Recorded | None:
    steps, values = backend.profiles(run, PROBE)
    names = probed_names(run.net, catalog.PROBES[PROBE].of)
    return Recorded(look, names, steps, values) if len(steps) else None


def _said(nets: Sequence[Recorded], seed: int, step: int) -> str:
    """HTML; of the last recorded step."""
    known = [(net.look.label, net.at(step).values) for net in nets]
    at = max(int(net.steps[net.steps <= step].max(initial=0)) for net in nets)
    return escape(ratios_sentence(known, seed, at))


def _begun(demo: Bench, found: Mapping[NetSpec, Run]) -> list[Series]:
    pairs = zip(looks(demo), demo.entries, strict=True)
    known = [_series(look, found[entry.net]) for look, entry in pairs if entry.net in found]
    return [one for one in known if len(one.curves.step)]


def _series(look: Look, run: Run) -> Series:
    return Series(look, backend.curves(run))


def _places() -> playback.Places:
    play = _("Play: watch the nets learn")
    return playback.Places(playback.WORD, _("Step"), _("step {step}"), play, seconds=SECONDS, once=True)
