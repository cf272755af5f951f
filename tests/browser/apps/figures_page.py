"""Every kind of figure with six nets, one of which diverges."""

import numpy as np
import streamlit as st

from resnet.analyses.results import Equations, PathLengths, Shattered
from resnet.charts import analyses
from resnet.charts.curves import Series, View, curves_figure
from resnet.charts.look import looks
from resnet.charts.profiles import Profile, profile_figure
from resnet.charts.steps import History, steps_figure
from resnet.runs.store import Curves
from resnet.specs.bench import Bench
from resnet.ui.parts.plot import plot

st.set_page_config(page_icon=None, layout="wide")
LOOKS = looks(Bench.from_query({"nets": "plain-20,plain-32,plain-56-nobn,res-20,res-32,res-110-preact"}))
steps = np.arange(200.0)


def run(place: int) -> Curves:
    loss = 2.3 - 0.3 * place * steps / 200 if place else np.where(steps < 100, 2.3, 1e23)
    return Curves(steps, loss, loss, loss, steps, steps[:0], loss[:0], loss[:0])


series = [Series(look, run(place)) for place, look in enumerate(LOOKS)]
plot(curves_figure(series, View(), 200), "curves")
names = tuple(f"stage1.block{number}" for number in range(1, 28))
values = [np.logspace(place, 0, 27) for place in range(6)]
plot(profile_figure([Profile(*one) for one in zip(LOOKS, [names] * 6, values, strict=True)], "output_gradient"), "deep")
histories = [History(look, names, steps[:3], np.stack([value] * 3)) for look, value in zip(LOOKS, values, strict=True)]
plot(steps_figure(histories, "output_gradient"), "steps")
rising = np.linspace(0.023, 0.041, 4)
plot(
    analyses.equations_figure(LOOKS[3], Equations(names[:4], 0, 0, 0.03, rising, rising / 1.5, rising, rising, rising)),
    "sum",
)
cells = [analyses.BoardCell(f"residual, no norm {place}", place % 2 == 0, value) for place, value in enumerate(values)]
plot(analyses.board_figure(cells, 3), "board")
found = Shattered(np.sin(steps), np.linspace(1, 0, 20))
left, right = st.columns(2)
with left:
    plot(analyses.slopes_figure([(look, found) for look in LOOKS]), "slopes")
with right:
    references = {"white": np.eye(20)[0], "brown": np.linspace(1, 0, 20)}
    plot(analyses.correlation_figure([(look, found) for look in LOOKS], references), "correlation")
lengths = np.arange(10)
paths = PathLengths(9, lengths, np.ones(10) / 10, np.ones(10), np.ones(10) / 10)
plot(analyses.paths_figure([(look, paths) for look in LOOKS[3:]]), "paths")
st.text("all drawn")
