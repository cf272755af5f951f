"""How deep is a residual net really? Through paths of which length the gradient comes."""

import streamlit as st

from resnet.charts.analyses import paths_figure
from resnet.findings.paths import path_sentence
from resnet.i18n import _
from resnet.ui.bench import session
from resnet.ui.lab import paths
from resnet.ui.parts import links, nets_table, waiting
from resnet.ui.parts.plot import plot

links.group_links("gradients")
st.title(_("How deep is a residual net really?"))
st.caption(
    _(
        "In each block the gradient may go through the branch or past it: 2ⁿ paths through n blocks. A few paths of "
        "each length are sampled at step 0 and weighted by how many there are. Veit et al. 2016, arXiv 1605.06431, "
        "Sec. 5."
    )
)
if not nets_table.engine_note():
    st.stop()
with waiting.answers():
    series = paths.paths(session.current())
if not series:
    st.info(
        _("Put a residual net of at most {most} blocks on the bench: a plain net has one path.", most=paths.DEEPEST),
        icon=":material/info:",
    )
    st.stop()
for look, found in series:
    st.markdown(path_sentence(look.label, *found.effective, found.blocks))
plot(paths_figure(series), key="paths")
st.caption(_("Bars: the share of the gradient that all paths of one length bring. Dotted: the share of such paths."))
