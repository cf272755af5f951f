"""Lesson 7: the nets of the experiment “cures” at one of two depths, what they learned beside their gradients."""

import streamlit as st

from resnet.findings.experiments import name_of
from resnet.findings.text import paragraph
from resnet.i18n import N_, _
from resnet.lessons import Reveal, Verdict, cures, scoring
from resnet.specs import Recipe
from resnet.ui.bench import session
from resnet.ui.course import experiment, rows
from resnet.ui.parts import backend, widgets

NAME = "cures"
DEPTHS = (20, 56)
ASKED = ("norm", "four", "shortcut", "all")  # guessed row by row, of plain-56
SHORT = (  # of the rows: beside each of them stands its gradient
    N_("none"), N_("ReLU"), N_("batch norm"), N_("He init"), N_("Adam"), N_("shortcuts"), N_("all four"),
    N_("plus shortcuts"),
)  # fmt: skip
GUESSES = {"learns": N_("learns"), "fails": N_("does not learn")}


def picture(seen: bool) -> Reveal | None:
    """Before the guess rows of the deeper net are asked for; then loss and gradient of all rows of one depth."""
    if not seen:
        st.markdown(_("**And of these nets of 56 layers, which learn?**"))
        asked = {name: name_of(cures.rows(56)[name]) for name in ASKED}
        rows.ask(NAME, asked, {word: _(text) for word, text in GUESSES.items()})
        return None
    text = _("The net that the course notes warn of, at 20 or 56 layers, and each change of it.")
    depths = {str(depth): _("{depth} layers", depth=depth) for depth in DEPTHS}
    depth = int(widgets.choice("cures-depth", _("Depth"), depths, text))
    shown = zip(cures.rows(depth).values(), labels().values(), strict=True)
    experiment.show(NAME, tuple((row.key, label) for row, label in shown), "lesson-cures")
    return _reveal()


def labels() -> dict[str, str]:
    """What is changed, in a word or two, by the name of the change."""
    return dict(zip(cures.NAMES, map(_, SHORT), strict=True))


def _reveal() -> Reveal:
    found = experiment.outcomes(NAME)
    told = cures.reveal(found, labels(), backend.class_count(Recipe()))
    learns = {name: cures.learns(found[row.key]) for name, row in cures.rows(56).items()}
    truth = {name: "learns" if one else "fails" for name, one in learns.items() if one is not None}
    score = scoring.score_sentence(rows.guessed(NAME, ASKED), truth)
    return Reveal(told.right, paragraph(told.text, score))


def trials() -> list[cures.Trial]:
    """The plain nets on the visitor's bench, and what became of them."""
    bench = session.current()
    found = backend.runs(bench)
    made = []
    for name, net in zip(bench.names, (entry.net for entry in bench.entries), strict=True):
        run = found.get(net)
        result = backend.result(run) if run and run.status in ("done", "diverged") else None
        changes = cures.changes(net, bench.recipe)
        if net.block == "plain":
            made.append(cures.Trial(name, net.depth, net.norm != "none", changes, bench.recipe.steps, result))
    return made


def check_rescue(_entered: str) -> Verdict:
    """Plain-56 with at most two changes."""
    return cures.rescue(trials())


def check_shallow(_entered: str) -> Verdict:
    """Plain-20 without norm."""
    return cures.shallow(trials())


def check_gradient(entered: str) -> Verdict:
    """What batch norm alone does to the gradient of plain-56 with sigmoid."""
    found = experiment.outcomes(NAME)[cures.rows(56)["norm"].key]
    return cures.gradient(entered, [one.also for one in found if one.ended])


CHECKS = {"rescue": check_rescue, "shallow": check_shallow, "gradient": check_gradient}
