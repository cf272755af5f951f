"""Do neighbouring images pull the same way? The input gradient between two images, and its autocorrelation."""

import json
import random

import streamlit as st

from resnet.analyses.series import PAIRS
from resnet.findings.text import paragraph, plain
from resnet.i18n import _
from resnet.ui.bench import session
from resnet.ui.lab import at_step, shattered
from resnet.ui.parts import backend, images, links, nets_table, panels, playback, plot, waiting
from resnet.ui.parts.images import MOST

FIRST = "0, 1"

links.group_links("gradients")
st.title(_("Do neighbouring images pull the same way?"))
st.caption(
    _(
        "256 pictures blend one test image into another; the logit of the first image's class, summed over them, is "
        "derived by each picture. Where this gradient flickers, it is shattered: a step that helps one image says "
        "nothing about the next."
    )
)
bench = session.current()
count = len(backend.dataset(bench.recipe).test.labels)


def shuffle() -> None:
    """Another pair of images, by chance."""
    st.session_state["between"] = ", ".join(map(str, random.sample(range(count), 2)))


with st.container(horizontal=True, gap="medium", vertical_alignment="bottom"):
    about = _(
        "Two numbers, 0–{last}: the pair that is looked at. Further pairs, at most {most} numbers in all, are counted "
        "in; {pairs} pairs or more make the mean.",
        last=count - 1,
        most=MOST,
        pairs=PAIRS,
    )
    text = st.text_input(
        _("Test images"), FIRST, key="between", bind="query-params", width=160, max_chars=60, help=about
    )
    others = _("Another pair, by chance.")
    st.button(_("Other images"), icon=":material/shuffle:", key="other-two", help=others, on_click=shuffle)
    step = at_step.choose("between-step", bench.nets, bench.recipe)
chosen, wrong = images.chosen_images(text, count, FIRST)
if wrong or len(chosen) % 2:
    st.warning(plain(wrong or _("write two different numbers for each pair, as in 0, 1")), icon=":material/info:")
    chosen = images.read_images(FIRST, count)
if not nets_table.engine_note():
    waiting.end_page()

asked = shattered.Asked(bench, chosen, step)
with waiting.answers():
    shattered.first_pair(asked)
shown = panels.show(shattered.panel(asked))
recorded = json.loads(shown.content["steps@"])
place = playback.chosen(recorded, shattered.START, shattered.WORD)
playback.player(shown, recorded, place, shattered.START, shattered.places())
st.html(f'<div data-live="{shown.part("pictures")}">{shown.content[f"pictures@{place}"]}</div>')
st.markdown(shown.content["!sentence"])
st.html(f'<div data-live="{shown.part("progress")}" style="opacity: 0.8">{shown.content["progress"]}</div>')
for key, side in zip(("slopes", "correlation"), st.columns(2), strict=True):
    with side:
        text, said = shown.content[key], shown.content["!sentence"]
        plot.show(text, key, plot.height_of(text), shown.part(key), shown.at, said=said)
told = _(
    "Pictures: the gradient, channels summed, red where more light raises the logit, blue where it lowers it, each net "
    "in units of its own. Left: its component along the way, each net in units of its own spread. Right: the "
    "autocorrelation of the whole input gradient, mean and middle half of the pairs. All with batch norm as in "
    "training: by the statistics of the 256 pictures, so that each gradient has a part that comes through the other "
    "pictures. Balduzzi et al. 2017, arXiv 1702.08591."
)
moments = at_step.moments([entry.net for entry in bench.entries], bench.recipe, step)
st.caption(paragraph(told, at_step.sentence(dict(zip(bench.names, moments, strict=True)), step)))
shattered.ask_ahead(asked)
