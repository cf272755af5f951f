"""For who was taught that deep nets fail because gradients vanish: a folded text from what the page shows."""

from html import escape

import streamlit as st

from resnet.findings.candidates import Candidate
from resnet.findings.vanishing import Arrival, sentences
from resnet.i18n import _
from resnet.specs.bench import Bench
from resnet.ui.lab import train
from resnet.ui.lab.gradients.profiles import Start
from resnet.ui.parts import backend
from resnet.ui.parts.panels import Drawn

PART = "taught"
_GRADIENT = "output_gradient"


def html(bench: Bench, begin: Start) -> str:
    """The text for the nets of the bench: their gradients at step 0, and what their runs have learned by now."""
    found = backend.runs(bench)
    nets = [
        Arrival(name, measured[_GRADIENT], _learned(train.candidate(name, found.get(entry.net))))
        for name, entry, measured in zip(bench.names, bench.entries, begin.measured, strict=True)
    ]
    return "".join(f"<p>{escape(sentence)}</p>" for sentence in sentences(nets) if sentence)


def _learned(net: Candidate) -> bool | None:
    return True if net.learned else False if net.failed else None


def show(shown: Drawn) -> None:
    """The text, folded."""
    with st.expander(_("“Deep nets fail because gradients vanish”: do they here?")):
        st.html(f'<div data-live="{shown.part(PART)}">{shown.content[PART]}</div>')
