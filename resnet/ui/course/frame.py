"""What all lessons have in common: a question and a guess, one picture, what it answers, tasks, and the way on."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import streamlit as st

from resnet.findings.text import clauses, paragraph
from resnet.i18n import _
from resnet.lessons import Lesson, Reveal, Verdict, lesson, lessons
from resnet.ui.app import pages
from resnet.ui.course import asking, progress, tasks
from resnet.ui.parts import waiting

# Beside each other where there is room; in the order of reading on a narrow screen.
_STYLE = """<style>
@media (min-width: 900px) {
  .st-key-lesson { display: grid !important; grid-template-columns: minmax(0, 5fr) minmax(0, 6fr);
    column-gap: 2.5rem !important; grid-template-rows: auto 1fr; align-items: start; }
  .st-key-lesson > :has(> .st-key-lesson-picture) { grid-column: 2; grid-row: 1 / span 2; }
}
.st-key-lesson-ask h1 { font-size: 1.6rem !important; padding: 0.35rem 0 0.4rem !important; }
.st-key-lesson [data-testid="stCaptionContainer"] p { margin-bottom: 0; }
.st-key-reveal { border-left: 3px solid #0b7285; padding-left: 0.75rem; }
@media print {
  [data-testid="stSidebar"], [data-testid="stHeader"], [data-testid="stToolbar"], .st-key-ways {
    display: none !important; }
}
</style>"""


@dataclass(frozen=True)
class Scene:
    """What a lesson shows. `picture(seen)` draws and gives what the numbers answer, None while there are none.

    `seen` is False as long as the answer is to stay hidden: then the picture must not give it away. `checks` by the
    tasks' names get what was entered (empty for a task of the bench) and may wait for workers.
    """

    picture: Callable[[bool], Reveal | None]
    checks: Mapping[str, Callable[[str], Verdict]] = field(default_factory=dict)


def show(name: str, scene: Scene) -> None:
    """Draw the lesson; what needs no measurement first, so that it can be read meanwhile."""
    record = lesson(name)
    st.html(_STYLE)
    with st.container(key="lesson"):
        ask, picture, tell = (st.container(key=f"lesson-{part}", gap="small") for part in ("ask", "picture", "tell"))
    with ask:
        _heading(record)
        seen = asking.ask(record)
    with tell:
        answer = st.container()
        if seen:
            tasks.show(record, scene.checks)
        _ways(record)
    with picture:
        reveal = _drawn(scene, seen)
        st.caption(_("Sources: {sources}.", sources=clauses(map(_, record.sources))))
    with answer:
        if seen and reveal:
            _answer(record, reveal)


def _heading(record: Lesson) -> None:
    places = {"number": record.number, "count": len(lessons()), "notes": record.notes, "minutes": record.minutes}
    st.caption(_("Lesson {number} of {count} · course notes {notes} · about {minutes} minutes", **places))
    st.title(_(record.title))
    st.markdown(_(record.setting))
    st.markdown(f"**{_(record.question)}**" if "**" not in record.question else _(record.question))


def _drawn(scene: Scene, seen: bool) -> Reveal | None:
    """The picture; where it has no numbers it has said why, and the rest of the lesson stands."""
    try:
        return scene.picture(seen)
    except waiting.PageEnds:
        return None


def _answer(record: Lesson, reveal: Reveal) -> None:
    """The answer with its numbers, and what texts say about it."""
    guessed = progress.current().guesses.get(record.name, "")
    with st.container(key="reveal"):
        st.markdown(paragraph(_compared(record, guessed, reveal.right), reveal.text))
    st.markdown(_(record.said))


def _compared(record: Lesson, guessed: str, right: str) -> str:
    answer, own = record.option(right), record.option(guessed)
    if answer is None:
        return _("The numbers of this run bear out none of these answers.")
    if own is None:
        return _("**{answer}**.", answer=_(answer.label))
    if own is answer:
        return _("**{answer}**, as you guessed.", answer=_(answer.label))
    return _("**{answer}**. You guessed “{guess}”.", answer=_(answer.label), guess=_(own.label))


def _ways(record: Lesson) -> None:
    """The lessons before and after."""
    known = lessons()
    place = known.index(record)
    with st.container(horizontal=True, horizontal_alignment="distribute", key="ways"):
        for step, icon in ((-1, ":material/arrow_back:"), (1, ":material/arrow_forward:")):
            if 0 <= place + step < len(known):
                other = known[place + step]
                label = _("{number} {title}", number=other.number, title=_(other.title))
                st.page_link(pages.named(other.name).path, label=label, icon=icon, width="content")
