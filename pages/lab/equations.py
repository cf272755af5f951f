"""Do the equations of 2016 hold? The sum of the branches and the two parts of the gradient, measured on the bench."""

import streamlit as st

from resnet.charts.look import looks
from resnet.i18n import _
from resnet.ui.bench import session
from resnet.ui.lab import equations
from resnet.ui.parts import links, nets_table, waiting, widgets

links.group_links("gradients")
st.title(_("Is a residual net a sum?"))
st.caption(_("Measured at step 0 on the first training batch, in float32 and float64. He et al. 2016, Eq. 4 and 5."))
bench = session.current()
names = dict(enumerate(bench.names))
with st.container(horizontal=True, gap="medium", vertical_alignment="bottom"):
    first = next((at for at, entry in enumerate(bench.entries) if entry.net.block == "residual"), 0)
    chosen = widgets.pick("equations-of", _("Net"), names, _("The net that is checked."), first, 260)
    entry, look = bench.entries[chosen], looks(bench)[chosen]
    stages = list(range(1, len(entry.net.blocks) + 1))
    stage = st.segmented_control(
        _("Stage"), stages, default=stages[-1], required=True, key=f"stage-{len(stages)}",
        help=_("The equations hold within one stage: a change of size is no identity."),
    )  # fmt: skip
if not nets_table.engine_note():
    st.stop()

with waiting.answers():
    if entry.net.block == "plain":
        equations.show_product(entry.net, bench.recipe, look)
    else:
        equations.show_sum(entry.net, bench.recipe, int(stage), look)
