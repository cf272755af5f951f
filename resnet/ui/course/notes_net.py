"""Lesson 14: the notes' net as code whose lines are clicked, and what each fault costs."""

from html import escape

import numpy as np
import streamlit as st

from resnet.experiments import EXPERIMENTS
from resnet.experiments.notes import FAULTS as ALL_FAULTS
from resnet.findings.learning import loss_floor
from resnet.i18n import _
from resnet.lessons import Reveal, Verdict, notes_net
from resnet.lessons.notes_code import CODE, FAULTS
from resnet.lessons.notes_net import Maps, Seeds
from resnet.runs.tasks import notes as tasks
from resnet.specs import NetSpec
from resnet.ui.bench import session
from resnet.ui.course import needed
from resnet.ui.parts import backend, subjects, waiting
from resnet.ui.parts.subjects import Subject

SOUND = "res-20"
IMAGES = 8  # on which maps are compared
EXPERIMENT = EXPERIMENTS["notes"]
_CLICKED = "notes clicked"  # in the session: the lines that were clicked, in that order
_SHOWN = "notes shown"  # in the session: whether all faulty lines are opened, which finds none
# The lines keep their places while what is said above them grows and shrinks.
_STYLE = """<style>
.st-key-told { min-height: 9rem; }
.st-key-code { gap: 0 !important; }
.st-key-code .stButton button { min-height: 0; padding: 0 0.25rem; justify-content: flex-start; width: 100%;
  border: 0; line-height: 1.3; }
.st-key-code .stButton button div { justify-content: flex-start; text-align: left; line-height: 1.3; }
.st-key-code .stButton button p { line-height: 1.3; }
.st-key-code .stButton button [data-testid="stIconMaterial"] { font-size: 1rem; }
.st-key-code code { white-space: pre-wrap; background: none; color: inherit; padding: 0; font-size: 0.75rem; }
.st-key-code .sound { font: 0.75rem/1.5 "Source Code Pro", monospace; white-space: pre-wrap; margin: 0;
  padding-left: 1.55rem; border-left: 3px solid #2a9d6a; }
</style>"""


def picture(seen: bool) -> Reveal | None:
    """Before the guess a click says whether a line is faulty; after it, what the fault costs."""
    with waiting.answers():
        reveal = _reveal() if seen else None
        with st.container(gap="xsmall", key="told"):
            _tell(seen)
    _code()
    if seen and len(found()) < len(FAULTS) and not st.session_state.get(_SHOWN):
        text = _("Opens every faulty line; a click on one says what it costs, and counts as found.")
        st.button(_("Show all six"), key="show-faults", type="tertiary", help=text, on_click=_show_all)
    return reveal


def found() -> set[str]:
    """The faults of the lines that were clicked."""
    return {CODE[place].fault for place in _clicked()} - {""}


def _clicked() -> list[int]:
    clicked: list[int] = st.session_state.setdefault(_CLICKED, [])
    return clicked


def _click(place: int) -> None:
    st.session_state[_CLICKED] = [*(one for one in _clicked() if one != place), place]


def _show_all() -> None:
    st.session_state[_SHOWN] = True


def _tell(seen: bool) -> None:
    """What the line says that was clicked last, and how many faults are found."""
    st.caption(notes_net.hunted(len(found())).text)
    if not _clicked():
        st.markdown(_("Click a line that you suspect."))
        return
    line = CODE[_clicked()[-1]]
    if not line.fault:
        st.markdown(_(":material/check: `{line}` is sound.", line=line.text.strip()))
        return
    record = FAULTS[line.fault]
    words = _(":material/bug_report: **{fault}.** {about}", fault=_(record.label), about=_(record.text))
    st.markdown(f"{words} {_effect(line.fault)}" if seen else words)


def _effect(fault: str) -> str:
    if fault == "super":
        return notes_net.stops(waiting.gather([backend.ask(tasks.wrong_class)])[0])
    if fault == "functional":
        return notes_net.blinds(_maps())
    return notes_net.effect(fault, _seeds(SOUND), _seeds(FAULTS[fault].net))


def _maps() -> Maps:
    (subject,) = _sound()
    answer = subject.ask(needed.bench(SOUND).recipe, tasks.functional, list(range(IMAGES)))
    told = waiting.gather([answer])[0]
    return Maps(told["guided"], told["gap"])


def _sound() -> list[Subject]:
    bench = needed.bench(SOUND)
    return subjects.on_bench(bench, needed.runs(bench))


def _code() -> None:
    """The lines; a faulty one that was clicked has its sound form below."""
    st.html(_STYLE)
    with st.container(key="code"):
        for place, line in enumerate(CODE):
            clicked = place in _clicked() or bool(line.fault and st.session_state.get(_SHOWN))
            icon = ":material/radio_button_unchecked:"
            if clicked:
                icon = ":material/bug_report:" if line.fault else ":material/check:"
            label = f"`{_narrow(line.text)}`"
            st.button(label, key=f"line-{place}", type="tertiary", icon=icon, on_click=_click, args=(place,))
            if clicked and line.fault:
                st.html(f'<div class="sound">{escape(_narrow(line.sound))}</div>')


def _narrow(text: str) -> str:
    """Indented by half: the column is narrow."""
    return text.replace("    ", "  ")


def _reveal() -> Reveal:
    needed.runs(needed.bench(f"{SOUND},{ALL_FAULTS}"))
    return notes_net.reveal(_seeds(SOUND), _seeds(ALL_FAULTS))


def _seeds(net: str) -> Seeds:
    """The results of all seeds that are recorded or were trained here."""
    spec = NetSpec.parse(net)
    recipes = EXPERIMENT.recipe(EXPERIMENT.row(net)).each()
    runs = [run for own in backend.runs_of_recipes([spec], recipes) for run in own.values()]
    ended = [run for run in runs if run.status not in backend.AT_WORK]
    values = [backend.profiles(run, "output_gradient")[1] for run in ended]
    last = [float(one[0, -1]) for one in values if one.size]
    return Seeds([backend.result(run) for run in ended], float(np.mean(last)) if last else float("nan"))


def check_hunt(_entered: str) -> Verdict:
    """By the lines that were clicked."""
    return notes_net.hunted(len(found()))


def check_harmless(entered: str) -> Verdict:
    """By the runs of the single faults."""
    nets = {name: _seeds(fault.net) for name, fault in FAULTS.items() if fault.net}
    return notes_net.spares(entered, _seeds(SOUND), {name: own for name, own in nets.items() if own.results})


def check_mend(_entered: str) -> Verdict:
    """The visitor's bench."""
    bench = session.current()
    runs = backend.runs(bench)
    ended = {net: backend.result(run) for net, run in runs.items() if run.status not in backend.AT_WORK}
    pairs = zip(bench.names, bench.entries, strict=True)
    nets = [(name, _changes(one.net), ended.get(one.net)) for name, one in pairs]
    return notes_net.mended(nets, loss_floor(backend.class_count(bench.recipe)))


def _changes(net: NetSpec) -> int:
    """In how many things the net differs from the notes' one."""
    notes = NetSpec.parse(ALL_FAULTS)
    return sum(getattr(net, name) != getattr(notes, name) for name in NetSpec.model_fields)
