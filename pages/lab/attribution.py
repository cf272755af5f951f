"""What does a net look at? Attribution maps of the same test images by every net on the bench, side by side."""

import random
from functools import partial

import streamlit as st

from resnet.charts.grid import grid
from resnet.charts.sheet import sheet
from resnet.i18n import _
from resnet.runs.errors import EngineError
from resnet.specs import SpecError
from resnet.ui.bench import session
from resnet.ui.lab import attribution, attribution_controls
from resnet.ui.parts import backend, links, nets_table, waiting, widgets

FIRST = "0, 1, 2"

links.group_links("attribution")
st.title(_("What does a net look at?"))
st.caption(_("The same test images, explained by every net on the bench and by an untrained net as a control."))
table = session.current()
data = backend.dataset(table.recipe)
count = len(data.test.labels)
images_first, methods, question = attribution_controls.question(table, data)


def shuffle() -> None:
    """As many other images, by chance."""
    st.session_state["images"] = ", ".join(map(str, sorted(random.sample(range(count), len(images)))))


with st.container(horizontal=True, gap="medium", vertical_alignment="bottom"):
    numbers = _("Numbers 0–{last}, at most {most} of them.", last=count - 1, most=attribution.MOST)
    text = st.text_input(
        _("Test images"), FIRST, key="images", bind="query-params", width=150, max_chars=60, help=numbers
    )
    images, wrong = attribution.chosen_images(text, count, FIRST)
    with st.popover(_("Choose"), icon=":material/grid_view:", help=_("Click on the images to explain.")):
        attribution.gallery(data, images, "images")
    others = _("As many others, by chance.")
    st.button(_("Other images"), icon=":material/shuffle:", key="others", help=others, on_click=shuffle)
    style, own = attribution_controls.style(data.test.masks is not None)
if wrong:
    st.warning(widgets.plain(wrong), icon=":material/info:")
if not nets_table.engine_note():
    st.stop()
if waiting.was_stopped():
    st.info(_("Stopped. Choose another method or fewer images, or press again."), icon=":material/stop_circle:")
    st.button(_("Explain"), key="explain-again")
    st.stop()

found = backend.runs(table)
step = attribution_controls.step(found)
question = attribution_controls.with_images(question, images, step)
subjects = attribution.subjects(table, found, step)
try:
    if images_first:
        columns = attribution.by_image(subjects, table, question)
        rows = attribution.pictures(data, images)
    else:
        columns = attribution.by_method(subjects, table, methods, question)
        rows = attribution.method_rows(data, images[0], methods)
except (EngineError, SpecError, TimeoutError, waiting.Stopped) as error:
    st.warning(str(error) or _("The explanation took too long; choose fewer images."), icon=":material/info:")
    st.stop()

if unruly := attribution.obstacles(subjects, [question.method] if images_first else methods):
    st.warning(widgets.plain(unruly), icon=":material/info:")
if images_first:
    st.markdown(attribution.sentence(columns, data, images, own))
scales = attribution.scales(columns, own, each_row=not images_first)
st.html(grid(rows, columns, scales, style, corner="" if images_first else _("method")))
for row, method in enumerate([question.method] if images_first else methods):
    st.caption(attribution.legend(method, None if own else scales[0][row], style.sign, question.baseline))
attribution_controls.download(partial(sheet, rows, columns, scales, style), question.method)
