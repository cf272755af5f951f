"""What lies around a net? The loss on a plane through its weights, as contours or as a relief."""

import streamlit as st

from resnet.i18n import _
from resnet.ui.bench import session
from resnet.ui.lab.surface import choosing, picture
from resnet.ui.parts import backend, links, nets_table, panels, plot, waiting, widgets

links.group_links("trained")
st.title(_("What lies around a net?"))
st.caption(
    _(
        "The weights are moved along two directions; the loss is measured anew at each point, with batch norm by the "
        "statistics of the images themselves. Li et al. 2018, arXiv 1712.09913."
    )
)
bench = session.current()
with st.container(horizontal=True, gap="small", vertical_alignment="bottom"):
    chosen = choosing.nets(bench)
    where = choosing.plane()
    kinds = {"contours": _("Contours"), "relief": _("3D")}
    kind = widgets.choice("relief", _("Chart"), kinds, _("Contours: a map. 3D: a relief that the mouse turns."))
if not nets_table.engine_note():
    waiting.end_page()
with waiting.answers(_("This took too long: choose shallower nets.")):
    spots = choosing.spots(chosen, bench.recipe, where)
    picture.coarse(spots)
if not spots:
    waiting.end_page()

view = picture.View(tuple(spots), backend.class_count(bench.recipe), kind == "relief")
panel = panels.show(picture.panel(view))
said, figure = panel.content["!said"], panel.content["figure"]
plot.show(figure, f"surface-{kind}", picture.HEIGHT, panel.part("figure"), panel.at, said=said)
with st.container(horizontal=True, gap="medium", vertical_alignment="center"):
    st.html(f'<div data-live="{panel.part("status")}">{panel.content["status"]}</div>')
    picture.refine(view)
st.markdown(panel.content["!said"])
for sentence in picture.about(view):
    st.caption(sentence)
