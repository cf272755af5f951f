"""Who did it? Plain or residual, norm, activation, initialisation: guess what the gradient does, then see it."""

import streamlit as st

from resnet.charts.analyses import board_figure
from resnet.findings.step0 import images_sentence
from resnet.findings.text import paragraph
from resnet.i18n import _
from resnet.ui.bench import session
from resnet.ui.lab.board import cells, guessing, learning
from resnet.ui.parts import links, nets_table, view, waiting
from resnet.ui.parts.plot import plot

REVEALED = "board-revealed"

links.group_links("gradients")
st.title(_("Who did it?"))
st.caption(
    _(
        "Each row: four nets that differ only in shortcut and norm, untrained. Whose gradient changes most on its way "
        "from the last block to the first? Beyond a factor of 100 it explodes or vanishes."
    )
)
revealed = st.session_state.get(REVEALED, False)


def toggle() -> None:
    """Reveal what was measured, or go back to guessing."""
    st.session_state[REVEALED] = not revealed
    st.session_state["board-count"] = not revealed


controls = st.container(horizontal=True, gap="medium", vertical_alignment="bottom")
ready = nets_table.engine_note()
with controls:
    depth = cells.choose_depth()
    with view.popover():
        rows = cells.choose_rows()
    label = _("Guess again") if revealed else _("Reveal")
    about = _("Measures the nets that are not measured yet; takes seconds.")
    icon = ":material/replay:" if revealed else ":material/visibility:"
    st.button(label, key="reveal", type="primary", icon=icon, on_click=toggle, help=about, disabled=not ready)
recipe = session.current().recipe
if not (ready and revealed):
    guessing.ask(rows, depth)
    if ready:
        cells.measure_ahead(rows, depth, recipe)
    waiting.end_page()

with waiting.answers():
    measured, images = cells.measure(rows, depth, recipe)
guessed = guessing.told(rows, depth, measured)
if st.session_state.pop("board-count", False):
    guessing.remember(guessed, depth)
for sentence in guessing.sentences(guessed):
    st.markdown(sentence)
plot(board_figure(cells.drawn(rows, depth, measured), len(cells.COLUMNS)), key="board")
text = _("Norm of the loss's gradient by block output, the same axes in all cells; dashed: plain, solid: residual.")
st.caption(paragraph(text, images_sentence(images, recipe)))
st.subheader(_("Who learns?"))
learning.show(learning.choose(rows, depth, measured, recipe))
cells.to_bench(list(measured))
