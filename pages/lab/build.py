"""What is a net made of? Drawing, counts and layer table of the nets on the bench."""

from html import escape

import streamlit as st

from resnet import catalog, estimates
from resnet.charts.drawing import drawing
from resnet.charts.look import looks
from resnet.charts.pictures import svg_uri
from resnet.layers import layer_table
from resnet.ui import bench, panels, tables, widgets
from resnet.words import _

st.title(_("What is a net made of?"))
st.caption(
    _("Depth counts the layers with weights: 1 in the stem, 2 in every block, 1 in the head. Drag it in the side bar.")
)

table = bench.current()
data = catalog.DATASETS[table.recipe.data]
channels, size, _width = data.shape
shown = list(zip(looks(table), table.entries, strict=True))

for look, entry in shown:
    panels.net_heading(look, tables.describe(entry.net))
    svg = drawing(entry.net, look, widgets.ink(), channels, len(data.classes), size)
    st.html(f'<img src="{svg_uri(svg)}" alt="{escape(look.label)}" style="width:100%;max-width:980px">')

st.html(tables.counts(shown, table.recipe))
twins = [(net, net.twin()) for net in table.nets if net.block == "residual" and net.twin() in table.nets]
for residual, plain in twins:
    one, other = (estimates.cost(net, table.recipe.data).parameters for net in (residual, plain))
    st.markdown(widgets.plain(tables.twin_sentence(residual, plain, one, other)))

st.subheader(_("Layer by layer"))
names = dict(enumerate(table.names))
chosen = st.selectbox(
    _("Net"),
    list(names),
    format_func=names.__getitem__,
    key="layers-of",
    persist_state="session",
    help=_("The net whose layers are listed; the table's menu saves it as CSV."),
)
entry = table.entries[min(chosen, len(table.entries) - 1)]
rows = layer_table(entry.net, channels, len(data.classes), size)
st.dataframe(tables.columns(rows), hide_index=True, height=300)
