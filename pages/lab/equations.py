"""Do the equations of 2016 hold? The sum of the branches and the two parts of the gradient, measured on the bench."""

import streamlit as st

from resnet.i18n import _
from resnet.runs.tasks.loading import PROFILE_IMAGES
from resnet.ui.bench import session
from resnet.ui.lab import at_step, equations
from resnet.ui.parts import links, nets_table, waiting

links.group_links("gradients")
st.title(_("Is a residual net a sum?"))
bench = session.current()
st.caption(
    _(
        "A net for which the equations hold beside one for which they do not, on {count} images of the first training "
        "batch. He et al. 2016, Eq. 4 and 5.",
        count=min(bench.recipe.batch, PROFILE_IMAGES),
    )
)
with st.container(horizontal=True, gap="medium", vertical_alignment="bottom"):
    chosen = equations.menu("of", bench)
    nets = equations.shown(bench, chosen)
    stage = equations.choice("stage", len(bench.entries[chosen].net.blocks))
    step = at_step.choose("equations-step", [one.net for one in nets], bench.recipe)
if not nets_table.engine_note():
    waiting.end_page()

moments = at_step.moments([one.net for one in nets], bench.recipe, step)
with waiting.answers():
    if nets[0].net.block == "plain":
        equations.show_product(moments[0], nets[0].look)
    else:
        equations.show_sums(nets, moments, stage)
if told := at_step.sentence({one.look.label: moment for one, moment in zip(nets, moments, strict=True)}, step):
    st.caption(told)
