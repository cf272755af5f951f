"""Can the maps be trusted? Scores against the true masks and against the net itself, over many images."""

import streamlit as st

from resnet import catalog
from resnet.charts.attribution import scores_figure
from resnet.findings.options import about
from resnet.i18n import _
from resnet.ui.bench import session
from resnet.ui.lab import scores
from resnet.ui.parts import backend, links, maps, nets_table, subjects, waiting, widgets
from resnet.ui.parts.plot import plot

links.group_links("attribution")
st.title(_("Do the maps find the object?"))
st.caption(_("Scores of the maps for the label, over the first test images, with 95 % intervals."))
bench = session.current()
data = backend.dataset(bench.recipe)
with st.container(horizontal=True, gap="medium", vertical_alignment="bottom"):
    default = ["saliency", "integrated_gradients", "grad_cam", "occlusion"]
    methods = maps.choose_methods("scored-methods", default, _("The methods that are scored."), bench.nets)
    narrow = _(
        "More images, narrower intervals: Student's t for a mean, Wilson's for the share of hits in the pointing game. "
        "At 20 images those of lopsided scores, such as infidelity, hold the true mean in about 90 of 100 cases."
    )
    count = scores.choose_count(len(data.test.labels), narrow)
    offered = {n: _(r.label) for n, r in catalog.SCORES.items() if not r.masks or data.test.masks is not None}
    score = widgets.menu(
        "score", _("Chart"), offered, widgets.explain(_("The score that is drawn."), catalog.SCORES), 190
    )
if not nets_table.engine_note():
    waiting.end_page()
nets = subjects.with_control(bench, backend.runs(bench))
with waiting.answers(_("This took too long; choose fewer images.")):
    found = scores.scores(nets, bench.recipe, methods, count, "mean")

chance = catalog.SCORES[score].chance
if data.test.masks is not None:
    area = float(data.test.masks[:count].mean())
    chance = area if score in ("energy", "pointing") else chance
    st.markdown(scores.energy_sentence(nets, found, area))
rows = [(subject.look, scores.intervals(own, score)) for subject, own in zip(nets, found, strict=True)]
plot(scores_figure(score, methods, rows, chance), key="scores")
record = catalog.SCORES[score]
st.caption(about(record))
st.dataframe(scores.score_table(nets, found), hide_index=True)
