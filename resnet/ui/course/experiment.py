"""Rows of an experiment as a lesson's picture: the runs that came with the app, or those that were trained here."""

import math
from collections.abc import Sequence

import numpy as np
import streamlit as st

from resnet.charts.experiments import RowPoint, experiment_figure
from resnet.experiments import EXPERIMENTS
from resnet.findings.experiments import name_of
from resnet.findings.outcomes import Outcome, Outcomes, mean_of
from resnet.findings.profiles import ratio
from resnet.findings.text import cited, paragraph
from resnet.i18n import _
from resnet.ui.app import pages
from resnet.ui.lab.experiments import panel as experiments
from resnet.ui.parts import backend, panels, plot, seeds
from resnet.ui.parts.plot import described

PAGES = {"2015": "experiments", "2016": "experiments_2016", "later": "experiments_later"}


def outcomes(name: str) -> Outcomes:
    """What there is of every row and seed."""
    return experiments.results(EXPERIMENTS[name], experiments.runs(EXPERIMENTS[name]))


Rows = tuple[tuple[str, str], ...]  # key and label; an empty one is the experiment's own


def show(name: str, rows: Rows, key: str) -> None:
    """These rows below each other, beside what the paper prints; and the way to the page that trains them."""
    experiment = EXPERIMENTS[name]
    asked = [(row.spec, own) for row in (experiment.row(one) for one, _label in rows)
             for own in experiment.recipe(row).each()]  # fmt: skip
    runs = [experiments.key_of(*one) for one in asked]
    shown = panels.show(panels.panel(drawn, name, rows, runs=runs))
    text = shown.content["figure"]
    plot.show(text, key, plot.height_of(text), shown.part("figure"), shown.at)
    found = [run for one, run in experiments.runs(experiment).items() if one in asked]
    if told := paragraph(_published(name, rows), seeds.origin(found)):
        st.caption(told)
    if len(found) < len(asked):
        page = pages.named(PAGES[experiment.group])
        st.info(_("Some of these nets are not trained here yet."), icon=":material/info:")
        words = {"experiment": name}
        st.page_link(page.path, label=_("Train them on “{page}”", page=_(page.title)), query_params=words)


def drawn(name: str, rows: Rows) -> dict[str, str]:
    """The chart, and a text that draws the page anew when a run has ended."""
    experiment, told = EXPERIMENTS[name], outcomes(name)
    points = []
    for key, own in rows:
        row, values = experiment.row(key), tuple(one.value for one in told[key] if one.ended)
        label = _label(own or name_of(row), told[key], experiment.also)
        points.append(RowPoint(row.spec, key, label, values, row.numbers[:1]))
    classes = backend.class_count(experiment.recipe(experiment.rows[0]))
    figure = experiment_figure(points, experiment.measured, _guessing(experiment.measured, classes))
    ended = sum(one.ended for key, _own in rows for one in told[key])
    return {"figure": described(figure), f"{panels.RERUN}ended": str(ended)}


def _published(name: str, rows: Rows) -> str:
    """Where the paper's numbers stand, and of which net they are where that is one; empty where there are none."""
    numbers = [number for key, _label in rows for number in EXPERIMENTS[name].row(key).numbers[:1]]
    if not numbers:
        return ""
    nets = {number.of for number in numbers}
    if len(nets) > 1:
        return _("Published: {source}.", source=cited(numbers[0].source))
    return _("Published: {net}, {source}.", net=nets.pop(), source=cited(numbers[0].source))


def _guessing(measured: str, classes: int) -> float:
    return math.log(classes) if measured == "loss" else 100 * (1 - 1 / classes)


def _label(name: str, outcomes: Sequence[Outcome], also: str) -> str:
    """The row's name, and its gradient at step 0 where the experiment shows it."""
    factors = [one.also for one in outcomes if one.ended]
    if also != "gradient" or not factors:
        return name
    return _("{name}, gradient {ratio}", name=name, ratio=ratio(np.array([mean_of(factors, also), 1.0])))
