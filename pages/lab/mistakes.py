"""What do the nets get wrong? Confusion matrices side by side, and the test images on which nets differ."""

import streamlit as st

from resnet.charts.attribution import confusion_figure
from resnet.charts.pictures import data_uri, image_colours
from resnet.i18n import _
from resnet.runs.errors import EngineError
from resnet.specs import SpecError
from resnet.ui.app import pages
from resnet.ui.bench import session
from resnet.ui.lab import doubt
from resnet.ui.parts import backend, links, nets_table, waiting, widgets
from resnet.ui.parts.plot import plot

links.group_links("attribution")
st.title(_("What do the nets get wrong?"))
st.caption(_("All test images, by every net on the bench. An untrained net is shown too, and says so."))
table = session.current()
data = backend.dataset(table.recipe)
if not nets_table.engine_note():
    st.stop()
subjects = doubt.trained(table)
try:
    found = doubt.probabilities(subjects, table)
except (EngineError, SpecError, TimeoutError, waiting.Stopped) as error:
    st.warning(widgets.plain(str(error)) or _("This took too long."), icon=":material/info:")
    st.stop()

looks = [subject.look for subject in subjects]
labels = data.test.labels
counts = [doubt.confusion(one, labels, len(data.classes)) for one in found]
rows = [
    nets_table.Row(look, subject.note, _("{right} of {all} right", right=int(count.trace()), all=len(labels)))
    for look, subject, count in zip(looks, subjects, counts, strict=True)
]
nets_table.show_rows(rows)
plot(confusion_figure(list(zip(looks, counts, strict=True)), data.classes), key="confusion")

st.subheader(_("Images on which the nets differ"))
orders = {"against": _("Plain wrong, residual right"), "loss": _("Hardest"), "disagreement": _("Most disagreement")}
about = _(
    "By the probability of the label: the gap between residual and plain nets, the lowest mean, the largest spread."
)
how = widgets.choice("order", _("Sorted by"), orders, about)
order = doubt.ordered(how, found, labels, doubt.kinds(table))[: doubt.SHOWN]
if not len(order):
    st.info(_("There is no such image: this needs a plain and a residual net that differ. Try another order."))
st.html("<style>.st-key-mistakes img { image-rendering: pixelated; }</style>")
with st.container(horizontal=True, gap="small", key="mistakes"):
    for number in order.tolist():
        with st.container(width=170, border=True):
            colours = image_colours(data.test.images[number])
            st.html(f'<img src="{data_uri(colours)}" style="width:100%" alt="{number}">')
            st.caption(doubt.caption(number, data, found, looks))
            if st.button(_("Explain"), key=f"mistake-{number}", help=_("Open the maps of this image.")):
                st.session_state["images"] = str(number)
                st.switch_page(pages.named("attribution").path)
