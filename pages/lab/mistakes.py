"""What do the nets get wrong? Confusion matrices side by side, and the test images on which nets differ."""

import streamlit as st

from resnet.findings.mistakes import overview_sentence
from resnet.findings.text import plain
from resnet.i18n import _
from resnet.ui.bench import session
from resnet.ui.lab import mistakes
from resnet.ui.parts import backend, links, nets_table, subjects, waiting, widgets
from resnet.ui.parts.images import class_name

links.group_links("attribution")
st.title(_("What do the nets get wrong?"))
bench = session.current()
data = backend.dataset(bench.recipe)
if not nets_table.engine_note():
    waiting.end_page()
nets = subjects.on_bench(bench, backend.runs(bench))
with waiting.answers():
    found = mistakes.probabilities(nets, bench.recipe)

labels = data.test.labels
names = [class_name(data, place) for place in range(len(data.classes))]
counts = [mistakes.confusion(one, labels, len(names)) for one in found]
told = [(net.look.label, count) for net, count in zip(nets, counts, strict=True)]
st.markdown(plain(overview_sentence(told, names)))
mistakes.show_confusions(nets, counts, len(labels), data)
st.caption(_("Rows: the images of a label; columns: what the net answers. A full colour is all images of the row."))

st.subheader(_("Images on which the nets differ"))
orders = {"against": _("Plain wrong, residual right"), "loss": _("Hardest"), "disagreement": _("Most disagreement")}
about = _(
    "By the probability of the label: the gap between residual and plain nets, the lowest mean, the largest spread."
)
how = widgets.choice("order", _("Sorted by"), orders, about)
order = mistakes.ordered(how, found, labels, [net.net.block for net in nets])[: mistakes.SHOWN]
if not len(order):
    st.info(_("There is no such image: this needs a plain and a residual net that differ. Try another order."))
mistakes.gallery(order.tolist(), data, nets, found)
