"""Do the equations of 2016 hold? The sum of the branches and the two parts of the gradient, measured on the bench."""

import streamlit as st

from resnet.charts.look import looks
from resnet.i18n import _
from resnet.runs.tasks.loading import PROFILE_IMAGES
from resnet.ui.bench import session
from resnet.ui.lab import equations
from resnet.ui.parts import links, nets_table, waiting

links.group_links("gradients")
st.title(_("Is a residual net a sum?"))
bench = session.current()
st.caption(
    _(
        "Measured at step 0 on {count} images of the first training batch, in float32 and float64. He et al. 2016, "
        "Eq. 4 and 5.",
        count=min(bench.recipe.batch, PROFILE_IMAGES),
    )
)
with st.container(horizontal=True, gap="medium", vertical_alignment="bottom"):
    chosen = equations.menu("of", bench)
    entry, look = bench.entries[chosen], looks(bench)[chosen]
    stage = equations.choice("stage", len(entry.net.blocks))
if not nets_table.engine_note():
    waiting.end_page()

with waiting.answers():
    if entry.net.block == "plain":
        equations.show_product(entry.net, bench.recipe, look)
    else:
        equations.show_sum(entry.net, bench.recipe, stage, look)
