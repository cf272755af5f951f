"""Do the equations of 2016 hold? The sum of the branches and the two parts of the gradient, measured on the bench."""

import streamlit as st

from resnet.charts.look import looks
from resnet.charts.profiles import Profile, profile_figure
from resnet.i18n import _
from resnet.nets.layers import block_names
from resnet.runs.errors import EngineError
from resnet.specs import SpecError
from resnet.ui.bench import session
from resnet.ui.lab import analyses, gradients
from resnet.ui.parts import backend, links, nets_table, widgets
from resnet.ui.parts.plot import plot

links.group_links("gradients")
st.title(_("Is a residual net a sum?"))
st.caption(_("Measured at step 0 on the first training batch, in float32 and float64. He et al. 2016, Eq. 4 and 5."))
table = session.current()
names = dict(enumerate(table.names))
with st.container(horizontal=True, gap="medium", vertical_alignment="bottom"):
    first = next((at for at, entry in enumerate(table.entries) if entry.net.block == "residual"), 0)
    chosen = widgets.pick("equations-of", _("Net"), names, _("The net that is checked."), first, 260)
    entry, look = table.entries[chosen], looks(table)[chosen]
    stages = list(range(1, len(entry.net.blocks) + 1))
    stage = st.segmented_control(
        _("Stage"), stages, default=stages[-1], required=True, key=f"stage-{len(stages)}",
        help=_("The equations hold within one stage: a change of size is no identity."),
    )  # fmt: skip
if not nets_table.engine_note():
    st.stop()

try:
    if entry.net.block == "plain":
        st.latex(r"x_L = W_L \cdots W_l\, x_l \qquad \partial E/\partial x_l = \prod_k \partial x_{k+1}/\partial x_k")
        gains = backend.step0_profiles(entry.net, table.recipe).result(backend.PATIENCE)["gain"]
        profile = Profile(look, block_names(entry.net), gains)
        plot(profile_figure([profile], "gain", height=330), key="product")
        st.markdown(f"**{widgets.plain(entry.name)}**: {widgets.plain(gradients.sentence(profile, 'gain'))}.")
        st.caption(
            _("A plain net is a product: each block multiplies the gradient by its own gain, and the gains pile up.")
        )
    else:
        st.latex(
            r"x_L = x_l + \sum_i F(x_i) \qquad "
            r"\partial E/\partial x_l = \partial E/\partial x_L \,(1 + \partial/\partial x_l \textstyle\sum_i F(x_i))"
        )
        analyses.show_equations(entry.net, table.recipe, int(stage), look)
except (EngineError, SpecError, TimeoutError) as error:
    st.warning(widgets.plain(str(error)) or _("The measurement took too long."), icon=":material/info:")
