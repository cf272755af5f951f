"""What does a net look at? Attribution maps of the same test images by every net on the bench, side by side."""

import random

import streamlit as st

from resnet import catalog
from resnet.charts.grid import grid
from resnet.runs.errors import EngineError
from resnet.specs import SpecError
from resnet.ui import attribution, bench, live, panels, widgets
from resnet.words import _

FIRST = "0, 1, 2"

st.title(_("What does a net look at?"))
st.caption(_("The same test images, explained by every net on the bench and by an untrained net as a control."))
table = bench.current()
data = live.dataset(table.recipe)
count = len(data.test.labels)


def shuffle() -> None:
    """As many other images, by chance."""
    st.session_state["images"] = ", ".join(map(str, sorted(random.sample(range(count), len(images)))))


with st.container(horizontal=True, gap="medium", vertical_alignment="bottom"):
    menu = {name: _(record.label) for name, record in catalog.METHODS.items()}
    method = widgets.choice("method", _("Method"), menu, widgets.explain(_("How maps are made."), catalog.METHODS))
    targets = {"label": _("Label"), "prediction": _("Prediction")}
    about = _("The score of the right class, or of the class that each net predicts.")
    target = widgets.choice("explain", _("Explain"), targets, about)
with st.container(horizontal=True, gap="medium", vertical_alignment="bottom"):
    numbers = _("Numbers 0–{last}, at most {most} of them.", last=count - 1, most=attribution.MOST)
    text = st.text_input(
        _("Test images"), FIRST, key="images", bind="query-params", width=190, max_chars=60, help=numbers
    )
    images, wrong = attribution.chosen_images(text, count, FIRST)
    with st.popover(_("Choose"), icon=":material/grid_view:", help=_("Click on the images to explain.")):
        attribution.gallery(data, images, "images")
    others = _("As many others, by chance.")
    st.button(_("Other images"), icon=":material/shuffle:", key="others", help=others, on_click=shuffle)
    about = _("The border of the object; data sets without masks have none.")
    contour = st.toggle(
        _("Outline"), True, key="outline", bind="query-params", help=about, disabled=data.test.masks is None
    )
    about = _("Each map fills the colours by itself: shows weak maps, but maps can no longer be compared.")
    own = st.toggle(_("Own scale"), key="own", bind="query-params", help=about)
if wrong:
    st.warning(widgets.plain(wrong), icon=":material/info:")
if not panels.engine_note():
    st.stop()

try:
    with st.spinner(_("Explaining …"), show_time=True):
        subjects = attribution.subjects(table, live.runs(table))
        columns = [attribution.column(subject, table, method, images, target) for subject in subjects]
except (EngineError, SpecError, TimeoutError) as error:
    st.warning(str(error) or _("The explanation took too long; choose fewer images."), icon=":material/info:")
    st.stop()

if unruly := attribution.obstacles(subjects, method):
    st.warning(widgets.plain(unruly), icon=":material/info:")
st.markdown(attribution.sentence(columns, data, images, own))
scales = attribution.scales(columns, own)
st.html(grid(attribution.pictures(data, images), columns, scales, contour))
st.caption(attribution.legend(method, scales, own))
