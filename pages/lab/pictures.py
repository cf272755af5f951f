"""What do nets see in your own picture? Upload or camera, explained by the bench and by nets trained on ImageNet."""

from functools import partial

import numpy as np
import streamlit as st

from resnet import pretrained
from resnet.charts.grid import Column, Picture, Style, grid
from resnet.i18n import _
from resnet.ui.bench import session
from resnet.ui.lab import pictures
from resnet.ui.parts import backend, links, maps, nets_table, waiting, widgets

links.group_links("attribution")
st.title(_("What do nets see in your picture?"))
st.caption(
    _(
        "The picture is not stored: it stays in the memory of this session. Its maps stay in the server's memory under "
        "a fingerprint of the picture, until newer answers push them out."
    )
)
bench = session.current()
data = backend.dataset(bench.recipe)
with st.container(horizontal=True, gap="medium", vertical_alignment="bottom"):
    source = widgets.choice(
        "source", _("From"), {"file": _("A file"), "camera": _("The camera")}, _("Where the picture comes from.")
    )
    method = widgets.menu(
        "own-method",
        _("Method"),
        partial(maps.method_labels, bench.nets),
        _("How the maps are made; for the class that is seen."),
    )
if source == "camera":
    upload = st.camera_input(_("Take a picture"), key="camera", help=_("Your browser asks for permission first."))
    credit = ""
else:
    upload, credit = pictures.upload_or_sample()
if upload is None:
    pictures.forget()
    st.info(_("Choose a picture: its middle square is shown to every net on the bench."), icon=":material/add_a_photo:")
shown = st.container()
st.subheader(_("Nets trained on ImageNet"))
if nets_table.engine_note():
    with waiting.answers():
        pictures.offer_downloads()


def show(columns: list[Column], image: np.ndarray, caption: str) -> None:
    """What nets see and their maps, all on one scale."""
    scales = maps.scales(columns, own=False)
    marked = maps.marked(columns, scales)
    st.html(grid([Picture(image, caption, None)], marked, scales, Style(contour=False)))


if upload is not None and backend.engine().state == "ready":
    with shown, waiting.answers():
        own = pictures.read(upload, data.test.images.shape[2])
        left, right = st.columns([0.3, 0.7])
        seen = " ".join([_("The nets see the middle square."), credit])
        left.image(own.shown, caption=seen, alt=_("The picture that is explained."))
        with right:
            small, columns = pictures.by_bench(own, bench, data, method)
            show(columns, small, _("as the bench sees it"))
            classes = ", ".join(_(name) for name in data.classes)
            st.caption(_("The nets on the bench know these classes only: {classes}.", classes=classes))
            if depths := pretrained.present():
                large, columns = pictures.by_pretrained(own, depths, method)
                show(columns, large, _("224 × 224 pixels"))
