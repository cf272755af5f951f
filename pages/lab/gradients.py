"""Does the gradient reach the first layer? Per-layer profiles at any recorded step, and over all steps."""

import json

import streamlit as st

from resnet import catalog
from resnet.findings.options import about as about_option
from resnet.findings.step0 import images_sentence
from resnet.i18n import _
from resnet.ui.bench import session
from resnet.ui.lab.gradients import ahead, panel, profiles, seeds, taught
from resnet.ui.parts import links, nets_table, panels, playback, plot, view, waiting, widgets

links.group_links("gradients")
st.title(_("Does the gradient reach the first layer?"))
st.caption(_("Measured on the nets of the bench: at step 0 before any training, later on the batch of that step."))

with st.container(horizontal=True, gap="medium", vertical_alignment="bottom"):
    menu = {name: _(record.short) for name, record in catalog.PROBES.items()}
    probe = widgets.menu("probe", _("Quantity"), menu, widgets.explain(_("What is measured."), catalog.PROBES))
    record = catalog.PROBES[probe]
    with view.popover():
        place, divided = panel.axes(record)
bench = session.current()

if nets_table.engine_note():
    with waiting.answers():
        begin = profiles.start(bench, probe)
        asked = panel.View(probe, place == "relative", divided and record.log)
        shown = panels.show(panel.panel(bench, asked, begin))
    recorded = json.loads(shown.content["steps@"])
    step = playback.chosen(recorded)
    playback.player(shown, recorded, step)
    figure = playback.framed(shown, "profiles", step)
    plot.show(figure, "profiles", panel.HEIGHT, shown.part("profiles"), shown.at)
    nets_table.show_table(shown.content[f"rows@{step}"], shown.part("rows"))
    told = seeds.about(bench.recipe, record.log)
    st.caption(f"{about_option(record)}  \n{images_sentence(begin.images, bench.recipe)} {told}")
    taught.show(shown)
    panel.show_training(shown)
    ahead.measure_ahead(bench)
