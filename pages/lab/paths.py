"""How deep is a residual net really? Through paths of which length the gradient comes."""

import streamlit as st

from resnet.charts.analyses import paths_figure
from resnet.i18n import _
from resnet.runs.tasks.loading import PROFILE_IMAGES
from resnet.ui.bench import session
from resnet.ui.lab import at_step, paths
from resnet.ui.parts import links, nets_table, waiting
from resnet.ui.parts.plot import plot

links.group_links("gradients")
st.title(_("How deep is a residual net really?"))
bench = session.current()
st.caption(
    _(
        "In each block the gradient may go through the branch or past it: 2ⁿ paths through n blocks. Some paths of "
        "each length are sampled, on {count} images of the first batch; the norm of what one brings to the first "
        "block is multiplied by how many paths there are. Veit et al. 2016, arXiv 1605.06431, Sec. 5.",
        count=min(bench.recipe.batch, PROFILE_IMAGES),
    )
)
residual = [net for net in bench.nets if net.block == "residual"]
step = at_step.choose("paths-step", residual, bench.recipe)
if not nets_table.engine_note():
    waiting.end_page()
with waiting.answers():
    shown = paths.shown(bench, step)
    series = paths.paths(shown)
if not series:
    st.info(
        _("Put a residual net of at most {most} blocks on the bench: a plain net has one path.", most=paths.DEEPEST),
        icon=":material/info:",
    )
    waiting.end_page()
for sentence in paths.sentences(series):
    st.markdown(sentence)
plot(paths_figure(series), key="paths")
said = _(
    "Bars: the share of all paths of one length in the summed norms of all paths, with the standard error of the "
    "sampled ones; as vectors, paths cancel in part. Dotted: the share of such paths among all 2ⁿ, by counting."
)
st.caption(f"{said} {at_step.sentence({look.label: moment for look, moment in shown.items()}, step)}")
