"""Can the maps be trusted? Scores against the true masks and against the net itself, over many images."""

import streamlit as st

from resnet import catalog
from resnet.charts.attribution import scores_figure
from resnet.i18n import _
from resnet.runs.errors import EngineError
from resnet.specs import SpecError
from resnet.ui.bench import session
from resnet.ui.lab import attribution, doubt
from resnet.ui.parts import backend, links, nets_table, waiting, widgets
from resnet.ui.parts.plot import plot

links.group_links("attribution")
st.title(_("Do the maps find the object?"))
st.caption(_("Scores of the maps for the label, over the first test images, with 95 % bootstrap intervals."))
table = session.current()
data = backend.dataset(table.recipe)
with st.container(horizontal=True, gap="medium", vertical_alignment="bottom"):
    default = ["saliency", "integrated_gradients", "grad_cam", "occlusion"]
    methods = doubt.choose_methods("scored-methods", default, _("The methods that are scored."), table)
    most = min(100, len(data.test.labels))
    count = st.slider(_("Test images"), 10, most, 20, 10, key="score-images", bind="query-params", width=150,
                      help=_("More images, narrower intervals."))  # fmt: skip
    offered = {n: _(r.label) for n, r in catalog.SCORES.items() if not r.masks or data.test.masks is not None}
    score = widgets.menu(
        "score", _("Chart"), offered, widgets.explain(_("The score that is drawn."), catalog.SCORES), 190
    )
if not nets_table.engine_note():
    st.stop()
if waiting.was_stopped():
    st.info(_("Stopped. Choose fewer methods or images, or press again."), icon=":material/stop_circle:")
    st.button(_("Score"), key="score-again")
    st.stop()

subjects = attribution.subjects(table, backend.runs(table))
try:
    found = doubt.scores(subjects, table, methods, count, "mean")
except (EngineError, SpecError, TimeoutError, waiting.Stopped) as error:
    st.warning(widgets.plain(str(error)) or _("This took too long; choose fewer images."), icon=":material/info:")
    st.stop()

chance = catalog.SCORES[score].chance
if data.test.masks is not None:
    area = float(data.test.masks[:count].mean())
    chance = area if score in ("energy", "pointing") else chance
    st.markdown(doubt.energy_sentence(subjects, found, area))
rows = [(subject.look, doubt.intervals(own, score)) for subject, own in zip(subjects, found, strict=True)]
plot(scores_figure(score, methods, rows, chance), key="scores")
record = catalog.SCORES[score]
st.caption(f"**{_(record.label)}**: {_(record.help)} ({_(record.source)})")
st.dataframe(doubt.score_table(subjects, found), hide_index=True)
