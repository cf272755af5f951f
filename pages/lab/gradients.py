"""Does the gradient reach the first layer? Per-layer profiles at any recorded step, and over all steps."""

import numpy as np
import streamlit as st

from resnet import catalog
from resnet.charts.profiles import decades, profile_figure
from resnet.charts.steps import steps_figure
from resnet.runs.errors import EngineError
from resnet.specs import SpecError
from resnet.ui import bench, gradients, live, panels, playback, widgets
from resnet.ui.plot import plot
from resnet.words import _

st.title(_("Does the gradient reach the first layer?"))
st.caption(_("Measured on the nets of the bench: at step 0 before any training, later on the batch of that step."))

with st.container(horizontal=True, gap="medium", vertical_alignment="bottom"):
    menu = {name: _(record.short) for name, record in catalog.PROBES.items()}
    probe = widgets.choice("probe", _("Quantity"), menu, widgets.explain(_("What is measured."), catalog.PROBES))
    places = {"layer": _("Layer"), "relative": _("Relative depth")}
    place = widgets.choice(
        "place", _("x axis"), places, _("Relative depth lays nets of different depth over each other.")
    )

table = bench.current()


def show() -> None:
    """The part of the page that is drawn anew while nets train or a run is played."""
    found = live.runs(table)
    try:
        nets = gradients.recorded(table, found, probe)
    except (EngineError, SpecError, TimeoutError) as error:
        st.warning(str(error) or _("The measurement took too long."), icon=":material/info:")
        return
    steps = np.unique(np.concatenate([net.steps for net in nets]))
    step = playback.step_slider(steps.tolist())
    shown = [gradients.at(net, step) for net in nets]
    limits = decades([net.values for net in nets])
    profiles = [profile for _at, profile in shown]
    plot(profile_figure(profiles, probe, place == "relative", limits, height=360), key="profiles")
    panels.show_rows(
        [
            panels.Row(profile.look, _("step {step}", step=at), gradients.sentence(profile, probe))
            for at, profile in shown
        ]
    )
    record = catalog.PROBES[probe]
    st.caption(f"${record.formula}$: {_(record.help)} ({record.source})")
    histories = [net for net in nets if len(net.steps) > 1]
    if histories:
        st.subheader(_("All layers through training"))
        plot(steps_figure(histories, probe), key="steps")
    else:
        st.caption(_("Press Train in the side bar to record these values through training."))


every = 1.0 if live.at_work(live.runs(table).values()) else None
if panels.engine_note():
    st.fragment(show, run_every=playback.FRAME if playback.is_playing() else every)()
