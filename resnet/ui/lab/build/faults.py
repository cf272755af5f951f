"""Find the bug: the faults of the course notes' net, each beside the sound net."""

import streamlit as st

from resnet import catalog
from resnet.findings.text import paragraph
from resnet.findings.training import floor_sentence
from resnet.i18n import _
from resnet.specs import NetSpec
from resnet.specs.bench import Bench, Entry
from resnet.ui.bench import session
from resnet.ui.parts import backend, widgets

NOTES_CLASSES = 200  # whatever the data
SOUND = {"softmax": "res-20", "no_norm": "plain-20-torchinit", "no_stem_activation": "res-20"}  # one thing differs


def section() -> None:
    """One fault, what is wrong in it, and the button that puts it beside the sound net."""
    names = {name: _(fault.label) for name, fault in catalog.FAULTS.items()}
    about = _("Three faults of the ResNet-34 that the course notes print.")
    chosen = widgets.choice("fault", _("Fault"), names, about)
    record = catalog.FAULTS[chosen]
    sound = SOUND[chosen]
    st.markdown(paragraph(_(record.help), _hint(record)))
    st.button(
        _("Compare {faulty} with {sound}", faulty=record.net, sound=sound),
        key="compare-fault",
        icon=":material/compare_arrows:",
        help=_("Puts these two nets on the bench; the present ones are one click away then, in the side bar."),
        on_click=_compare,
        args=(sound, record.net),
    )


def _hint(record: catalog.Preset) -> str:
    """What to look for, with the floor computed for the present data, and where the answer stands."""
    look = _("Compare the first and the last layer on the Gradients page.")
    if record.name == "softmax":
        look = floor_sentence(backend.class_count(session.current().recipe), NOTES_CLASSES)
    then = _("Then train both: the sentence under the chart on the Train page says what the fault did.")
    return paragraph(look, then)


def _compare(sound: str, faulty: str) -> None:
    entries = tuple(Entry(net=NetSpec.parse(name)) for name in (sound, faulty))
    session.replace(Bench(entries=entries, recipe=session.current().recipe))
