"""What is a net made of? Drawings and counts of the nets on the bench."""

import streamlit as st

from resnet.i18n import _
from resnet.ui.bench import session
from resnet.ui.lab.build import counts, moved
from resnet.ui.parts import links, panels, plot

moved.follow_old_links()
links.group_links("build")
st.title(_("What is a net made of?"))
bench = session.current()
with st.container(horizontal=True, wrap=False, gap="medium"):
    st.caption(
        _(
            "Depth counts the layers with weights on the way from image to classes: the first convolution, two in "
            "every block (three in a bottleneck), and the last layer. Shortcuts do not count. Drag it in the side bar."
        )
    )
    counted = counts.choose(bench.recipe)

panel = panels.show(panels.panel(counts.drawn, bench, counted, drag=counts.dragged, moving=("nets", "counts")))
text = panel.content["nets"]
plot.show(text, "nets", plot.height_of(text), panel.part("nets"), panel.at)
st.html(counts.STYLE + f'<div data-live="{panel.part("counts")}">{panel.content["counts"]}</div>')
