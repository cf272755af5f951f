"""Does a deeper net learn better? Loss and error of all nets on the bench, live."""

import streamlit as st

from resnet.charts.curves import View
from resnet.i18n import _
from resnet.ui.bench import session
from resnet.ui.lab import train
from resnet.ui.parts import backend, curve_choices, links, nets_table, panels, plot, takeaway, widgets

links.group_links("train")
st.title(_("Does a deeper net learn better?"))
bench = session.current()
about = st.empty()

with st.container(horizontal=True, gap="small", vertical_alignment="bottom"):
    quantity, split = curve_choices.quantity(), curve_choices.split()
    x = widgets.choice(
        "x",
        _("x axis"),
        {"step": _("Steps"), "seconds": _("Seconds")},
        _("Steps count updates; seconds include the evaluations."),
    )
    smoothing = st.slider(
        _("Smoothing"),
        1,
        100,
        20,
        key="smoothing",
        bind="query-params",
        width=110,
        help=_("Each point is the mean of so many training steps."),
    )
    seeds = train.seeds_menu(bench)
    log = st.toggle(_("Log scale"), key="log", bind="query-params", help=_("Logarithmic y axis."))
about.caption(train.caption(bench, seeds))

view = View(quantity, split, smoothing, log, x)
panel = panels.show(panels.panel(train.drawn, bench, view, seeds, runs=backend.ids(bench)))
nets_table.engine_note()
plot.show(panel.content["curves"], "curves", train.HEIGHT, panel.part("curves"), panel.at)
st.markdown(panel.content["!sentence"])
nets_table.show_table(panel.content["rows"], panel.part("rows"))
takeaway.of_runs(backend.ids(bench), session.link(), "take")
