"""The Start page's question, and the buttons that lead from it to the curves."""

from typing import Literal

import streamlit as st

from resnet.catalog import data_choice
from resnet.findings.text import duration, listed, paragraph, plain
from resnet.i18n import _, plural
from resnet.specs.bench import Bench
from resnet.ui.app import pages
from resnet.ui.bench import actions, session
from resnet.ui.parts import durations, seeds


def question(demo: Bench) -> str:
    """What the demo asks, and what its nets have in common; Markdown."""
    nets = listed([f"**{plain(name)}**" for name in demo.names])
    places = {"nets": nets, "classes": len(data_choice(demo.recipe.data).classes), "steps": demo.recipe.steps}
    text = plural(
        "One net learns {classes} shapes: {nets}.",
        "{count} nets learn the same {classes} shapes: {nets}.",
        len(demo.nets),
        **places,
    )
    if _has_twins(demo):
        text = paragraph(text, _("The residual ones (res) have shortcuts, the plain ones have none."))
    return paragraph(text, _("Which one will be best after {steps} steps?", **places) * (len(demo.nets) > 1))


def alike(demo: Bench) -> str:
    """What twins have in common besides; empty where there are none."""
    if not _has_twins(demo):
        return ""
    return _(
        "All see the same images in the same order; a plain net and its residual twin start from the same weights."
    )


def _has_twins(demo: Bench) -> bool:
    return any(net.twin() in demo.nets for net in demo.nets)


def demo_button(demo: Bench, replaces: bool) -> None:
    """Train the demo's nets, or show them; what lay on the bench waits in the side bar then."""
    if waiting := seeds.missing(demo.nets, demo.recipe):
        length = duration(durations.seconds_until(waiting))
        label = _("Train the four nets · about {length}", length=length)
        if len(demo.nets) != 4:  # a host that allows fewer, or one depth only
            label = _("Train the demo · about {length}", length=length)
    else:
        label = plural("Show the trained net", "Show the {count} trained nets", len(demo.nets))
    text = _("Puts the demo on the bench, trains what has no result yet, and shows the curves.")
    if replaces:
        text = paragraph(text, _("What is on the bench now is one click away then, in the side bar."))
    _leads_to_train(demo, label, "demo", text, primary=True)


def bench_button(bench: Bench) -> None:
    """The same for what is on the bench, which a link may have brought."""
    nets = plain(bench.summary)
    if waiting := seeds.missing(bench.nets, bench.recipe):
        length = duration(durations.seconds_until(waiting))
        label = _("Train {nets} · about {length}", nets=nets, length=length)
    else:
        label = _("Show {nets}", nets=nets)
    text = _("Keeps what is on the bench, trains what has no result yet, and shows the curves.")
    _leads_to_train(bench, label, "own-bench", text, primary=False)


def _leads_to_train(bench: Bench, label: str, key: str, text: str, primary: bool) -> None:
    kind: Literal["primary", "secondary"] = "primary" if primary else "secondary"
    if not st.button(label, key=key, type=kind, icon=":material/play_arrow:", help=text):
        return
    session.leave_with(bench)
    actions.train(bench)
    st.switch_page(pages.named("train").path, query_params=bench.to_query())
