"""What do nets see in your own picture? Upload or camera, explained by the bench and by nets trained on ImageNet."""

import streamlit as st

from resnet.charts.grid import Picture, Style, grid
from resnet.datasets.pictures import PictureError, read_picture
from resnet.i18n import _
from resnet.runs.errors import EngineError
from resnet.specs import SpecError
from resnet.specs.limits import LIMITS
from resnet.ui.bench import session
from resnet.ui.lab import attribution, pictures
from resnet.ui.parts import backend, links, nets_table, waiting, widgets

links.group_links("attribution")
st.title(_("What do nets see in your picture?"))
st.caption(_("Nothing is stored: the picture stays in the memory of this session."))
table = session.current()
data = backend.dataset(table.recipe)
with st.container(horizontal=True, gap="medium", vertical_alignment="bottom"):
    source = widgets.choice(
        "source", _("From"), {"file": _("A file"), "camera": _("The camera")}, _("Where the picture comes from.")
    )
    method = widgets.menu(
        "own-method",
        _("Method"),
        attribution.method_labels(table.nets),
        _("How the maps are made; for the class that is seen."),
    )
about = _("PNG, JPEG, WebP, GIF, BMP or TIFF, at most {most} MB.", most=LIMITS.max_upload_mb)
kinds = ["png", "jpg", "jpeg", "webp", "gif", "bmp", "tif", "tiff"]
if source == "camera":
    upload = st.camera_input(_("Take a picture"), key="camera", help=_("Your browser asks for permission first."))
else:
    upload = st.file_uploader(_("Picture"), kinds, key="upload", help=about, max_upload_size=LIMITS.max_upload_mb)
if upload is None:
    st.info(_("Choose a picture: its middle square is shown to every net on the bench."), icon=":material/add_a_photo:")
else:
    try:
        picture = read_picture(upload.getvalue())
    except PictureError as error:
        st.warning(_("This picture cannot be used: {reason}.", reason=error), icon=":material/broken_image:")
        st.stop()
    if not nets_table.engine_note():
        st.stop()
    left, right = st.columns([0.3, 0.7])
    left.image(pictures.with_crop(picture), caption=_("The nets see the middle square."))
    try:
        with right:
            small, columns = pictures.by_bench(picture, table, data, method)
            scales = attribution.scales(columns, own=False)
            st.html(grid([Picture(small, _("as the bench sees it"), None)], columns, scales, Style(contour=False)))
            classes = ", ".join(_(name) for name in data.classes)
            st.caption(_("The nets on the bench know these classes only: {classes}.", classes=classes))
            if depths := pictures.present():
                large, columns = pictures.by_pretrained(picture, depths, method)
                scales = attribution.scales(columns, own=False)
                st.html(grid([Picture(large, _("224 × 224 pixels"), None)], columns, scales, Style(contour=False)))
    except (EngineError, SpecError, TimeoutError, waiting.Stopped) as error:
        st.warning(widgets.plain(str(error)) or _("This took too long."), icon=":material/info:")
st.subheader(_("Nets trained on ImageNet"))
if nets_table.engine_note():
    pictures.offer_downloads()
