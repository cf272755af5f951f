"""The runs that a lesson looks at: they come with the app, and are trained at a click where they do not."""

from html import escape

import streamlit as st

from resnet.findings.text import duration, listed, plain
from resnet.i18n import _, plural
from resnet.runs.store import Run
from resnet.specs import NetSpec
from resnet.specs.bench import Bench
from resnet.ui.bench import together
from resnet.ui.parts import backend, durations, panels, seeds, waiting


def bench(nets: str, **words: str) -> Bench:
    """A bench of the lesson's own; the visitor's stays as it is. Raises SpecError where the host allows no such net."""
    return Bench.from_query({"nets": nets, **words})


def runs(wanted: Bench) -> dict[NetSpec, Run]:
    """The finished run of every net; where one is missing, its training is offered and the picture ends."""
    found = backend.runs(wanted)
    missing = [net for net in wanted.nets if net not in found or found[net].status != "done"]
    if not missing:
        return found
    working = [run for run in found.values() if run.status in backend.AT_WORK]
    if working:
        _progress(wanted)
    else:
        _offer(wanted, missing)
    waiting.end_page()


def _offer(wanted: Bench, missing: list[NetSpec]) -> None:
    names = listed([plain(str(net)) for net in missing])
    asked = seeds.missing(missing, wanted.recipe)
    if not asked:
        st.info(_("Here the training of {nets} diverged: there are no weights to look at.", nets=names))
        return
    st.info(_("This lesson looks at trained nets. Not trained here yet: {nets}.", nets=names), icon=":material/info:")
    length = duration(durations.seconds_until(asked))
    label = plural(
        "Train {count} net · about {length}", "Train {count} nets · about {length}", len(asked), length=length
    )
    text = _("The lesson goes on as soon as they are trained. What is on your bench stays as it is.")
    together.train_button(label, "train-needed", text, together.queue, asked)


def _progress(wanted: Bench) -> None:
    """How far they are, live; the page is drawn anew at their end."""
    shown = panels.show(panels.panel(_drawn, wanted, runs=backend.ids(wanted)))
    st.html(f'<div data-live="{shown.part("progress")}">{shown.content["progress"]}</div>')
    together.stop_button(backend.runs(wanted).values(), "stop-needed")


def _drawn(wanted: Bench) -> dict[str, str]:
    found = backend.runs(wanted)
    words = [
        _("{net}: step {step} of {steps}", net=str(net), step=run.step, steps=run.recipe.steps)
        for net, run in found.items()
        if run.status in backend.AT_WORK
    ]
    return {"progress": "<br>".join(map(escape, words)), "!working": str(len(words))}
