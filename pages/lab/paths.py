"""How deep is a residual net really? Through paths of which length the gradient comes."""

import streamlit as st

from resnet.charts.analyses import paths_figure
from resnet.i18n import _
from resnet.runs.errors import EngineError
from resnet.specs import SpecError
from resnet.ui.bench import session
from resnet.ui.lab import analyses
from resnet.ui.parts import links, nets_table, widgets
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
try:
    with st.spinner(_("Sampling paths …"), show_time=True):
        series = analyses.paths(session.current())
except (EngineError, SpecError, TimeoutError) as error:
    st.warning(widgets.plain(str(error)) or _("The measurement took too long."), icon=":material/info:")
    st.stop()
if not series:
    st.info(
        _("Put a residual net of at most {most} blocks on the bench: a plain net has one path.", most=analyses.DEEPEST),
        icon=":material/info:",
    )
    st.stop()
for look, found in series:
    st.markdown(analyses.path_sentence(look, found))
plot(paths_figure(series), key="paths")
st.caption(_("Bars: the share of the gradient that all paths of one length bring. Dotted: the share of such paths."))
