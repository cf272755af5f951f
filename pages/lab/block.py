"""What is inside a block? Every kind of block on the bench as a drawing, with formulas and sources."""

import streamlit as st

from resnet.charts.drawing import blocks_figure
from resnet.charts.look import looks
from resnet.i18n import _
from resnet.ui.bench import session
from resnet.ui.lab.build import counts
from resnet.ui.parts import links, nets_table, plot

links.group_links("build")
st.title(_("What is inside a block?"))
bench = session.current()
with st.container(horizontal=True, wrap=False, gap="medium"):
    st.caption(
        _(
            "Convolutions are named by kernel, channels and “/2” where they halve the size. BN, GN, LN: batch, group "
            "and layer norm. A dotted shortcut is one past a block that changes size or channels. Point at a part to "
            "see its layer."
        )
    )
    counted = counts.choose(bench.recipe)
drawn = [(look, entry.net) for look, entry in zip(looks(bench), bench.entries, strict=True)]
plot.plot(blocks_figure(drawn, *counted), "blocks")
nets_table.net_list([(look, counts.describe(net)) for look, net in drawn])
with st.expander(_("Formulas and sources")):
    st.markdown(counts.sources([net for _look, net in drawn]))
