"""Do neighbouring images pull the same way? The input gradient between two images, and its autocorrelation."""

import random

import numpy as np
import streamlit as st

from resnet.analyses.series import reference
from resnet.charts.analyses import correlation_figure, slopes_figure
from resnet.findings.shattered import frozen_sentence, shattered_sentence
from resnet.findings.text import plain
from resnet.i18n import _
from resnet.ui.bench import session
from resnet.ui.lab import shattered
from resnet.ui.parts import backend, images, links, nets_table, waiting
from resnet.ui.parts.images import MOST
from resnet.ui.parts.plot import plot

FIRST = "0, 1, 2, 3, 4, 5, 6, 7"  # four pairs: single ones differ by up to 0.1

links.group_links("gradients")
st.title(_("Do neighbouring images pull the same way?"))
st.caption(
    _(
        "256 pictures blend one test image into another; at step 0 the logit of the first image's class, summed over "
        "them, is derived by each picture. Where this gradient jumps about, it is shattered: a step that helps one "
        "image says nothing about the next."
    )
)
bench = session.current()
data = backend.dataset(bench.recipe)
count = len(data.test.labels)


def shuffle() -> None:
    """Other pairs of images, by chance."""
    st.session_state["between"] = ", ".join(map(str, random.sample(range(count), MOST)))


with st.container(horizontal=True, gap="medium", vertical_alignment="bottom"):
    about = _(
        "Pairs of numbers, 0–{last}, at most {most} numbers; the slopes show the first pair.", last=count - 1, most=MOST
    )
    text = st.text_input(
        _("Test images"), FIRST, key="between", bind="query-params", width=220, max_chars=60, help=about
    )
    others = _("Other pairs, by chance.")
    st.button(_("Other images"), icon=":material/shuffle:", key="other-two", help=others, on_click=shuffle)
chosen, wrong = images.chosen_images(text, count, FIRST)
if wrong or len(chosen) % 2:
    st.warning(plain(wrong or _("write two different numbers for each pair, as in 0, 1")), icon=":material/info:")
    chosen = images.read_images(FIRST, count)
if not nets_table.engine_note():
    waiting.end_page()


@st.cache_data(show_spinner=False)
def references() -> dict[str, np.ndarray]:
    """What white noise and Brownian motion would give."""
    return {kind: reference(kind) for kind in ("white", "brown")}


with waiting.answers():
    series = shattered.shattered(bench, chosen)
nets = shattered.neighbours(series)
st.markdown(f"{shattered_sentence(nets)}  \n{frozen_sentence(nets)}")
left, right = st.columns(2)
with left:
    plot(slopes_figure(series), key="slopes")
with right:
    plot(correlation_figure(series, references()), key="correlation")
st.caption(
    _(
        "Left: the gradient along the way of the first pair, each net in units of its own spread. Right: the "
        "autocorrelation of the whole input gradient, the mean over the pairs. Both with batch norm as in training: by "
        "the statistics of the 256 pictures, so that each gradient has a part that comes through the other pictures. "
        "Balduzzi et al. 2017, arXiv 1702.08591."
    )
)
