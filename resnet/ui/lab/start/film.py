"""The demo's curves as a film, from the runs that are recorded or were trained here."""

import json
from collections.abc import Mapping
from functools import lru_cache

import streamlit as st

from resnet.charts.curves import View, curves_figure
from resnet.charts.film import film
from resnet.charts.frames import difference
from resnet.charts.look import Look, looks
from resnet.charts.series import Series
from resnet.findings.text import plain
from resnet.i18n import _, language
from resnet.runs.store import Run
from resnet.specs import NetSpec
from resnet.specs.bench import Bench
from resnet.ui.lab import train
from resnet.ui.parts import backend, panels, playback, plot, seeds
from resnet.ui.parts.plot import described

HEIGHT = 300  # pixels
SECONDS = 8.0  # of the film


def show(demo: Bench) -> None:
    """The film and what it answers; nothing before there is anything to draw."""
    shown = panels.show(panels.panel(drawn, demo, runs=backend.ids(demo)))
    if "curves" not in shown.content and "curves@" not in shown.content:
        return
    steps = json.loads(shown.content["steps@"])
    step = playback.chosen(steps, demo.recipe.steps)
    figure = playback.framed(shown, "curves", step) if steps else shown.content["curves"]
    plot.show(figure, "curves", HEIGHT, shown.part("curves"), shown.at)
    playback.player(shown, steps, step, demo.recipe.steps, _places())
    with st.container(key=playback.STILL):  # the answer is read when the film has come to its end
        st.markdown(shown.content["!answer"])
    st.caption(plain(shown.content["!origin"]))


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


@lru_cache(maxsize=16)  # 250 kB each
def _pictures(demo: Bench, created: tuple[float, ...], spoken: str) -> dict[str, str]:
    """The last picture whole, and of every one what differs from it."""
    found = backend.runs(demo)
    series = [_series(look, found[entry.net]) for look, entry in zip(looks(demo), demo.entries, strict=True)]
    pictures = film(series, demo.recipe.steps, backend.class_count(demo.recipe), HEIGHT)
    texts = {step: described(figure) for step, figure in pictures}
    whole = texts[max(texts)]
    base = json.loads(whole)
    frames = {f"curves@{step}": json.dumps(difference(base, json.loads(text))) for step, text in texts.items()}
    return {"steps@": json.dumps(list(texts)), "curves@": whole, **frames}


def _begun(demo: Bench, found: Mapping[NetSpec, Run]) -> list[Series]:
    pairs = zip(looks(demo), demo.entries, strict=True)
    known = [_series(look, found[entry.net]) for look, entry in pairs if entry.net in found]
    return [one for one in known if len(one.curves.step)]


def _series(look: Look, run: Run) -> Series:
    return Series(look, backend.curves(run))


def _places() -> playback.Places:
    play = _("Play: watch the nets learn")
    return playback.Places(playback.WORD, _("Step"), _("step {step}"), play, seconds=SECONDS, once=True)
