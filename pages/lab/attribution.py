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
table = bench.current()
data = live.dataset(table.recipe)
count = len(data.test.labels)

with st.container(horizontal=True, gap="medium", vertical_alignment="bottom"):
    method = widgets.choice(
        "method",
        _("Method"),
        attribution.method_menu(),
        widgets.explain(_("How the map is computed."), catalog.METHODS),
    )
    target = widgets.choice(
        "explain",
        _("Explain"),
        {"label": _("Label"), "prediction": _("Prediction")},
        _("The score of the right class, or of the class that each net predicts."),
    )
    contour = st.toggle(
        _("Outline"),
        True,
        key="outline",
        bind="query-params",
        disabled=data.test.masks is None,
        help=_("The border of the object. Data sets without masks have none."),
    )
    own = st.toggle(
        _("Own scale"),
        key="own",
        bind="query-params",
        help=_("Scale each map by itself: shows weak maps, but colours can no longer be compared."),
    )
with st.container(horizontal=True, gap="medium", vertical_alignment="bottom"):
    text = st.text_input(
        _("Test images"),
        FIRST,
        key="images",
        bind="query-params",
        width=220,
        max_chars=60,
        help=_("Numbers 0–{last}, at most {most} of them.", last=count - 1, most=attribution.MOST),
    )
    try:
        images = attribution.read_images(text, count)
        wrong = ""
    except SpecError as error:
        images, wrong = attribution.read_images(FIRST, count), str(error)
    with st.popover(_("Choose"), icon=":material/grid_view:", help=_("Click on the images to explain.")):
        attribution.gallery(data, images, "images")
    st.button(
        _("Other images"),
        icon=":material/shuffle:",
        help=_("As many others, by chance."),
        key="others",
        on_click=lambda: st.session_state.update(
            images=", ".join(map(str, sorted(random.sample(range(count), len(images)))))
        ),
    )
if wrong:
    st.warning(widgets.plain(wrong), icon=":material/info:")

if not panels.engine_note():
    st.stop()
try:
    columns = []
    with st.spinner(_("Explaining …"), show_time=True):
        for subject in attribution.subjects(table, live.runs(table)):
            columns.append(attribution.column(subject, table, method, images, target))
except (EngineError, TimeoutError) as error:
    st.warning(str(error) or _("The explanation took too long; choose fewer images."), icon=":material/info:")
    st.stop()

scales = attribution.scales(columns, own)
if data.test.masks is not None:
    chance = attribution.chance(data, images)
    parts = [
        f"{one.name} {100 * share:.0f} %"
        for one, share in attribution.energies(columns, data, images)
        if share == share
    ]
    st.markdown(
        widgets.plain(
            _(
                "Energy inside the object, mean of the images shown: {nets}. An even map has {chance:.0f} %.",
                nets=", ".join(parts),
                chance=100 * chance,
            )
        )
    )
st.html(grid(attribution.pictures(data, images), columns, scales, contour))
record = catalog.METHODS[method]
scale = (
    _("each map has its own scale")
    if own
    else _("full colour at ±{scale:.2g}, the same for all maps", scale=scales[0][0])
)
st.caption(
    _(
        "Red speaks for the class, blue against it, white is zero; {scale}. The baseline is the mean colour. ",
        scale=scale,
    )
    + f"{_(record.label)}: {_(record.help)} ({record.source})"
)
