"""Who did it? Plain or residual, norm, activation, initialisation: guess what the gradient does, then see it."""

import streamlit as st

from resnet.charts.analyses import board_figure
from resnet.findings.step0 import images_sentence
from resnet.i18n import _
from resnet.ui.bench import session
from resnet.ui.lab.board import cells, learning
from resnet.ui.parts import links, nets_table, waiting
from resnet.ui.parts.plot import plot

REVEALED = "board-revealed"

links.group_links("gradients")
st.title(_("Who did it?"))
st.caption(
    _(
        "Nets that differ in one thing each, at step 0, no training. Guess what becomes of the gradient on its way "
        "from the last block to the first: a factor above 100 is called exploding, below 1/100 vanishing."
    )
)
depth, rows = cells.controls()
if not nets_table.engine_note():
    waiting.end_page()
recipe = session.current().recipe
revealed = st.session_state.get(REVEALED, False)


def toggle() -> None:
    """Reveal what was measured, or go back to guessing."""
    st.session_state[REVEALED] = not revealed
    st.session_state["board-count"] = not revealed


label = _("Guess again") if revealed else _("Reveal")
about = _("Measures the nets that are not measured yet; takes seconds.")
icon = ":material/replay:" if revealed else ":material/visibility:"
st.button(label, key="reveal", type="primary", icon=icon, on_click=toggle, help=about)
if not revealed:
    cells.guesses(rows, depth)
    waiting.end_page()

with waiting.answers():
    measured, images = cells.measure(rows, depth, recipe)
told = {net: guess for net in measured if (guess := st.session_state.get(f"guess-{net}"))}
if st.session_state.pop("board-count", False):
    cells.remember(told, measured)
plot(board_figure(cells.drawn(rows, depth, measured), len(cells.COLUMNS)), key="board")
for sentence in cells.sentences(told, measured):
    st.markdown(sentence)
text = _("Norm of the loss's gradient by block output, the same axes in all cells; dashed: plain, solid: residual.")
st.caption(f"{text} {images_sentence(images, recipe)}")
st.subheader(_("Who learns?"))
learning.show(learning.choose(rows, depth, measured, recipe))
cells.to_bench(list(measured))
