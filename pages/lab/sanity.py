"""Do the maps depend on the net? The weights are randomised from the head to the stem, and the maps compared."""

import streamlit as st

from resnet.charts.attribution import sanity_figure
from resnet.charts.grid import Style, grid
from resnet.i18n import _
from resnet.ui.bench import session
from resnet.ui.lab import sanity
from resnet.ui.parts import backend, links, maps, nets_table, subjects, waiting, widgets
from resnet.ui.parts.plot import plot

links.group_links("attribution")
st.title(_("Does the map notice that the net forgets?"))
st.caption(_("Weights are replaced by random ones, the head first. Adebayo et al. 2018, arXiv 1810.03292."))
bench = session.current()
data = backend.dataset(bench.recipe)
with st.container(horizontal=True, gap="medium", vertical_alignment="bottom"):
    names = {uid: name for (uid, _entry), name in zip(session.entries(), bench.names, strict=True)}
    picked = widgets.pick("sanity-of", _("Net"), names, _("The net that is made to forget."), len(names) - 1, 260)
    default = ["saliency", "guided_backprop", "grad_cam"]
    about = _("The methods that are compared.")
    methods = maps.choose_methods("sane-methods", default, about, bench.nets)[: sanity.MOST]
    modes = {"cascade": _("Cascade"), "single": _("One at a time")}
    about = _("Cascade: each part in addition to those before. One at a time: that part alone.")
    mode = widgets.choice("randomise", _("Randomise"), modes, about)
    likes = {"rank": _("Rank correlation"), "ssim": _("SSIM")}
    over = _("Of the sizes of the maps, over {count} test images.", count=sanity.count(bench.recipe))
    like = widgets.choice("like", _("Likeness"), likes, over)
if not nets_table.engine_note():
    waiting.end_page()

subject = subjects.on_bench(bench, backend.runs(bench))[list(names).index(picked)]
if subject.run is None:
    st.info(_("This net is untrained: press Train first, or the check compares noise with noise."))
with waiting.answers(_("This took too long; choose fewer methods.")):
    found = sanity.sanity(subject, bench.recipe, methods, mode == "cascade")
said = sanity.sentence(methods, found, mode == "cascade")
st.markdown(said)
lines = [(look, sanity.mean_likeness(answer, like)) for look, answer in zip(sanity.looks(methods), found, strict=True)]
drawn = sanity_figure(found[0]["parts"], lines, _("{likeness} (1: unchanged)", likeness=likes[like]))
plot(drawn, key="sanity", said=said)

columns = sanity.columns(found, subject.note)
scales = maps.scales(columns, own=True)
st.html(grid(maps.method_rows(data, 0, methods), columns, scales, Style(), _("method")))
st.caption(
    _("Test image 0; each map on its own scale, because the check is about where a map is strong, not how strong.")
)
