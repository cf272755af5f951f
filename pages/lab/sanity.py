"""Do the maps depend on the net? The weights are randomised from the head to the stem, and the maps compared."""

import streamlit as st

from resnet import catalog
from resnet.charts.attribution import sanity_figure
from resnet.charts.grid import Cell, Column, Style, grid
from resnet.charts.look import Look
from resnet.i18n import _
from resnet.runs.errors import EngineError
from resnet.specs import SpecError
from resnet.ui.bench import session
from resnet.ui.lab import attribution, doubt
from resnet.ui.parts import backend, links, nets_table, waiting, widgets
from resnet.ui.parts.plot import plot

COLOURS = ("#1f9bb8", "#c9301c", "#2a9d6a", "#8b6fd6", "#cf740a", "#6b7f8f")
DASHES = ("solid", "dash", "dot", "dashdot", "solid", "dash")
SYMBOLS = ("circle", "square", "diamond", "triangle-up", "cross", "star")

links.group_links("attribution")
st.title(_("Does the map notice that the net forgets?"))
st.caption(_("Weights are replaced by random ones, the head first. Adebayo et al. 2018, arXiv 1810.03292."))
table = session.current()
data = backend.dataset(table.recipe)
with st.container(horizontal=True, gap="medium", vertical_alignment="bottom"):
    names = dict(enumerate(table.names))
    chosen = widgets.pick("sanity-of", _("Net"), names, _("The net that is made to forget."), len(names) - 1, 260)
    default = ["saliency", "guided_backprop", "grad_cam"]
    methods = doubt.choose_methods("sane-methods", default, _("The methods that are compared."), table)[: len(COLOURS)]
    modes = {"cascade": _("Cascade"), "single": _("One at a time")}
    about = _("Cascade: each part in addition to those before. One at a time: that part alone.")
    mode = widgets.choice("randomise", _("Randomise"), modes, about)
    likes = {"rank": _("Rank correlation"), "ssim": _("SSIM")}
    like = widgets.choice("like", _("Likeness"), likes, _("Of the sizes of the maps, over 8 test images."))
if not nets_table.engine_note():
    st.stop()

subject = doubt.trained(table)[chosen]
if subject.run is None:
    st.info(_("This net is untrained: press Train first, or the check compares noise with noise."))
try:
    found = doubt.sanity(subject, table.recipe, methods, 8, mode == "cascade")
except (EngineError, SpecError, TimeoutError, waiting.Stopped) as error:
    st.warning(widgets.plain(str(error)) or _("This took too long; choose fewer methods."), icon=":material/info:")
    st.stop()
st.markdown(doubt.sanity_sentence(methods, found, mode == "cascade"))
looks = [
    Look(_(catalog.METHODS[method].label), COLOURS[at], DASHES[at], SYMBOLS[at]) for at, method in enumerate(methods)
]
parts = found[0]["parts"]
rows = [(look, doubt.mean_likeness(answer, like)) for look, answer in zip(looks, found, strict=True)]
plot(sanity_figure(parts, rows, f"{likes[like]} (1: {_('unchanged')})"), key="sanity")

heads = [_("trained"), *parts]
columns = [
    Column(head, "inherit", "", [Cell(answer["maps"][at], ("",)) for answer in found]) for at, head in enumerate(heads)
]
pictures = attribution.method_rows(data, 0, methods)
st.html(grid(pictures, columns, attribution.scales(columns, own=True), Style(), _("method")))
st.caption(
    _("Test image 0; each map on its own scale, because the check is about where a map is strong, not how strong.")
)
