"""Lesson 6: gradients of the block outputs at step 0, at a depth of the visitor's choice."""

import numpy as np
import streamlit as st

from resnet.charts.look import looks
from resnet.charts.profiles import Profile, profile_figure
from resnet.i18n import _
from resnet.lessons import Reveal, Verdict, vanishing
from resnet.nets.structure import probed_names
from resnet.specs import NetSpec
from resnet.specs.bench import Bench, Entry
from resnet.ui.bench import session
from resnet.ui.lab.gradients import profiles
from resnet.ui.parts import plot, waiting

PROBE = "output_gradient"
DEPTHS = (8, 14, 20, 32, 44, 56, 80, 110)
HEIGHT = 380  # pixels


def picture(seen: bool) -> Reveal | None:
    """Before the guess nothing of the nets' gradients is shown."""
    text = _("Of both nets. Drag: the gradients are measured anew.")
    depth = st.select_slider(
        _("Depth"), DEPTHS, 56, key="lesson-depth", bind="query-params", help=text, disabled=not seen
    )
    if not seen:
        st.info(_("Guess first: then the gradients of both nets are measured here."), icon=":material/help:")
        return None
    bench = Bench(entries=tuple(Entry(net=NetSpec(block=block, depth=depth)) for block in ("plain", "residual")))
    with waiting.answers():
        values = [measured[PROBE] for measured in profiles.start(bench, PROBE).measured]
    names = [probed_names(net, "block") for net in bench.nets]
    drawn = [Profile(look, own, value) for look, own, value in zip(looks(bench), names, values, strict=True)]
    plot.plot(profile_figure(drawn, PROBE, height=HEIGHT), "lesson-profiles", HEIGHT)
    return vanishing.reveal(values[0], values[1], depth)


def check_factor(_entered: str) -> Verdict:
    """The first net on the visitor's bench, at step 0."""
    bench = session.current()
    values: np.ndarray = profiles.start(bench, PROBE).measured[0][PROBE]
    net = bench.nets[0]
    return vanishing.arrives(values, bench.names[0], net.block == "plain", net.depth)
