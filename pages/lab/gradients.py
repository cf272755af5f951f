"""Does the gradient reach the first layer? Per-layer profiles at any recorded step, and over all steps."""

import numpy as np
import streamlit as st

from resnet import catalog
from resnet.charts.curves import Series, View, curves_figure
from resnet.charts.profiles import profile_figure
from resnet.charts.steps import steps_figure
from resnet.findings.options import about as about_option
from resnet.findings.step0 import images_sentence
from resnet.i18n import _
from resnet.ui.bench import session
from resnet.ui.lab import gradients
from resnet.ui.parts import backend, links, nets_table, playback, waiting, widgets
from resnet.ui.parts.plot import plot

links.group_links("gradients")
st.title(_("Does the gradient reach the first layer?"))
st.caption(_("Measured on the nets of the bench: at step 0 before any training, later on the batch of that step."))

with st.container(horizontal=True, gap="medium", vertical_alignment="bottom"):
    menu = {name: _(record.short) for name, record in catalog.PROBES.items()}
    probe = widgets.menu("probe", _("Quantity"), menu, widgets.explain(_("What is measured."), catalog.PROBES))
    places = {"layer": _("Layer"), "relative": _("Relative depth")}
    about = _("Relative depth lays nets of different depth over each other.")
    place = widgets.choice("place", _("x axis"), places, about)
    record = catalog.PROBES[probe]
    about = _("Divide by the value where the signal begins: the last layer for gradients, the first for activations.")
    divided = st.toggle(_("Relative values"), key="divided", bind="query-params", help=about, disabled=not record.log)
bench = session.current()


def show() -> None:
    """The part of the page that is drawn anew while nets train or a run is played."""
    found = backend.runs(bench)
    with waiting.answers():
        begin = gradients.start(bench, probe)
        nets = gradients.recorded(bench, found, probe, begin)
        if divided and record.log:
            nets = [gradients.relative(net, record.backward) for net in nets]
        step = playback.step_slider(np.unique(np.concatenate([net.steps for net in nets])).tolist())
        shown = [gradients.at(net, step) for net in nets]
        rows = gradients.rows(bench, found, shown, probe, begin)
    limits = gradients.steady_limits(nets, f"{probe}{divided}", record.log)
    profiles = [profile for _at, profile in shown]
    plot(profile_figure(profiles, probe, place == "relative", limits, height=360), key="profiles")
    nets_table.show_rows(rows)
    st.caption(f"{about_option(record)}  \n{images_sentence(begin.images, bench.recipe)}")
    histories = gradients.through_training(nets, begin.whole(bench.recipe))
    if not histories:
        st.caption(_("Press Train in the side bar to record these values through training."))
        return
    st.subheader(_("All layers through training"))
    runs = [(profile.look, found.get(entry.net)) for profile, entry in zip(profiles, bench.entries, strict=True)]
    series = [Series(look, backend.curves(run)) for look, run in runs if run]
    classes = backend.class_count(bench.recipe)
    plot(curves_figure(series, View(), bench.recipe.steps, classes, height=230, cursor=step), key="cursor")
    plot(steps_figure(histories, probe), key="steps")


found = backend.runs(bench)
every = 1.0 if backend.at_work(found.values()) else None
if nets_table.engine_note():
    with waiting.answers():
        gradients.start(bench, probe)  # the wait is here, outside of the fragment, where Stop is heard
    st.fragment(show, run_every=playback.FRAME if playback.is_playing() else every)()
    gradients.measure_ahead(bench)
