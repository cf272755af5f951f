"""What does each layer cost? The layers of one net or two, and the net to take away."""

import streamlit as st

from resnet.findings.text import plain
from resnet.i18n import _
from resnet.ui.bench import session
from resnet.ui.lab.build import counts, layers, takeaway
from resnet.ui.parts import links

links.group_links("build")
st.title(_("What does each layer cost?"))
bench = session.current()
with st.container(horizontal=True, gap="medium", vertical_alignment="bottom"):
    chosen = layers.choose(bench)
    counted = counts.choose(bench.recipe)
layers.show(bench, chosen, counted)

entry = bench.entries[chosen[0]]
st.subheader(_("Take {net} away", net=plain(entry.name)))
takeaway.section(entry.net, bench.recipe, counted)
