"""What is a net made of? Drawings, counts and layers of the nets on the bench; nets with a name; code to take away."""

import streamlit as st

from resnet.charts.drawing import blocks_figure
from resnet.charts.look import looks
from resnet.findings.text import plain
from resnet.i18n import _
from resnet.ui.bench import session
from resnet.ui.lab.build import counts, faults, layers, presets, takeaway
from resnet.ui.parts import links, nets_table, panels, plot, widgets

links.group_links("build")
st.title(_("What is a net made of?"))
st.caption(
    _(
        "Depth counts the layers with weights on the way from image to classes: the first convolution, two in every "
        "block (three in a bottleneck), and the last layer. Shortcuts do not count. Drag it in the side bar."
    )
)

bench = session.current()
image = widgets.choice(
    "image",
    _("Images"),
    {"data": _("Data set"), "imagenet": _("ImageNet")},
    _(
        "For which images outputs and multiply-adds are counted: the data set's, on which the nets train, or "
        "ImageNet's of 224 pixels with 1,000 classes."
    ),
)
counted = counts.counted(bench.recipe, image == "imagenet")
drawn = [(look, entry.net) for look, entry in zip(looks(bench), bench.entries, strict=True)]

panel = panels.show(panels.panel(counts.drawn, bench, counted, drag=counts.dragged, moving=("nets", "counts")))
text = panel.content["nets"]
plot.show(text, "nets", plot.height_of(text), panel.part("nets"), panel.at)
st.html(counts.STYLE + f'<div data-live="{panel.part("counts")}">{panel.content["counts"]}</div>')

st.subheader(_("Inside a block"))
st.caption(
    _(
        "Convolutions are named by kernel, channels and “/2” where they halve the size. BN, GN, LN: batch, group and "
        "layer norm. Above, too, a dotted shortcut is one past a block that changes size or channels. Point at a part "
        "to see its layer."
    )
)
plot.plot(blocks_figure(drawn, *counted), "blocks")
nets_table.net_list([(look, counts.describe(net)) for look, net in drawn])
with st.expander(_("Formulas and sources")):
    st.markdown(counts.sources([net for _look, net in drawn]))

st.subheader(_("Nets with a name"))
presets.buttons()

st.subheader(_("Layer by layer"))
entry = layers.section(bench, counted)

st.subheader(_("Take {net} away", net=plain(entry.name)))
takeaway.section(entry.net, bench.recipe, counted)

st.subheader(_("Find the bug"))
faults.section()
