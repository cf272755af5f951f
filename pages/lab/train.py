"""Does a deeper net learn better? Loss and error of all nets on the bench, live."""

import streamlit as st

from resnet.charts.curves import View
from resnet.i18n import _
from resnet.ui.bench import session
from resnet.ui.lab import train
from resnet.ui.parts import backend, curve_choices, links, nets_table, panels, plot, takeaway, view

links.group_links("train")
st.title(_("Does a deeper net learn better?"))
bench = session.current()
about = st.empty()

with st.container(horizontal=True, gap="medium", vertical_alignment="bottom"):
    quantity, split = curve_choices.quantity(), curve_choices.split()
    with view.popover():
        x, smoothing, log = train.axes()
        seeds = train.seeds_menu(bench)
about.caption(train.caption(bench, seeds))

asked = View(quantity, split, smoothing, log, x)
panel = panels.show(panels.panel(train.drawn, bench, asked, seeds, runs=backend.ids(bench)))
nets_table.engine_note()
plot.show(
    panel.content["curves"], "curves", train.HEIGHT, panel.part("curves"), panel.at, said=panel.content["!sentence"]
)
st.markdown(panel.content["!sentence"])
links.questions(panel.content["!next"])
nets_table.show_table(panel.content["rows"], panel.part("rows"))
takeaway.of_runs(backend.ids(bench), session.link(), "take")
