"""Prepared benches of the lessons, one after another by the arrow keys: the bar on top of the page when one teaches.

A slide is called ``6.2``: the second one of lesson 6. In a class the room's view, and the presenter's, follow the
teacher.
"""

from dataclasses import dataclass
from functools import lru_cache
from html import escape
from urllib.parse import parse_qs

import streamlit as st

from resnet.errors import UserError
from resnet.i18n import _
from resnet.lessons import Lesson, lessons
from resnet.runs.store import classes
from resnet.specs.bench import Bench, is_bench_word
from resnet.ui.app import carried, pages
from resnet.ui.bench import session
from resnet.ui.course import progress
from resnet.ui.parts import backend, classroom, panels, teaching

_SEEN = "slide seen"  # in the session: what the class was shown when last looked at
# Between Streamlit's own buttons in the corners.
_STYLE = """<style>
.st-key-slides { padding: 0 2.5rem 0.25rem; row-gap: 0;
  border-bottom: 1px solid color-mix(in srgb, currentColor 20%, transparent); }
.st-key-notes [data-testid="stMarkdownContainer"] { columns: 2; column-gap: 2rem; }
.st-key-notes p { font-size: 0.8rem !important; line-height: 1.4; }
</style>"""


@dataclass(frozen=True)
class Slide:
    """A page as it is prepared for a lesson: number `at` of `count`."""

    lesson: Lesson
    at: int
    count: int
    page: str
    query: str

    @property
    def word(self) -> str:
        """The slide in an address."""
        return f"{self.lesson.number}.{self.at}"


@lru_cache
def slides() -> tuple[Slide, ...]:
    """All of them, lesson by lesson; each lesson begins with its own page."""
    return tuple(slide for lesson in lessons() for slide in _of(lesson))


def _of(lesson: Lesson) -> list[Slide]:
    wanted = list(lesson.slides)
    if not wanted or wanted[0].partition("?")[0] != lesson.name:
        wanted.insert(0, lesson.name)
    parts = [one.partition("?") for one in wanted]
    return [Slide(lesson, at, len(parts), page, query) for at, (page, _mark, query) in enumerate(parts, start=1)]


def named(word: str) -> Slide | None:
    """The slide of that name; None for none."""
    return next((slide for slide in slides() if slide.word == word), None)


def follow(page: str) -> Slide | None:
    """The slide that is shown: that of the address, or where another lesson was opened its first one."""
    carried.follow(carried.SLIDE, lambda asked: asked if named(asked) else "")
    shown = named(carried.kept(carried.SLIDE))
    first = next((slide for slide in slides() if slide.at == 1 and slide.lesson.name == page), None)
    if first and (shown is None or shown.lesson is not first.lesson):
        shown = first
        carried.put(carried.SLIDE, first.word)
        carried.keep(carried.SLIDE, first.word)
    return shown


def bar(page: str) -> None:
    """On top of every page while one teaches: the slides before and after, the notes, and the way out."""
    if not teaching.mode():
        return
    shown = follow(page)
    _follow_class()
    place = slides().index(shown) if shown else -1
    with st.container(horizontal=True, gap="small", vertical_alignment="center", key="slides"):
        st.html(_STYLE)
        _step(_("Back"), "slide-back", "Left", "arrow_back", place - 1)
        _step(_("Next"), "slide-next", "Right", "arrow_forward", place + 1)
        if shown:
            places = {"title": _(shown.lesson.title), "at": shown.at, "count": shown.count}
            st.html(escape(_("{title}: {at} of {count}", **places)), width="stretch")
        _modes()
    if shown and teaching.mode() == teaching.NOTES:
        _notes(shown)


def _step(label: str, key: str, keyboard: str, icon: str, place: int) -> None:
    """A button, and the arrow key that presses it."""
    there = 0 <= place < len(slides())
    text = _("Also by the arrow key on the keyboard, while no field is chosen.")
    pressed = st.button(
        label,
        key=key,
        icon=f":material/{icon}:",
        type="tertiary",
        shortcut=keyboard,
        help=text,
        disabled=not there,
    )
    if pressed and there:
        _show(slides()[place])


def _show(slide: Slide) -> None:
    """Tell the class where one is a teacher, and go there."""
    if classroom.is_teacher():
        try:
            classes.show_slide(backend.engine().store, classroom.current(), slide.word, classroom.visitor())
            st.session_state[_SEEN] = slide.word
        except UserError as error:
            classroom.tell(error)
    _go(slide)


def _go(slide: Slide) -> None:
    """Open the page with the words of the slide, and without those that were chosen there before."""
    page = pages.named(slide.page)
    words = {word: texts[-1] for word, texts in parse_qs(slide.query).items()}
    for word in page.words - words.keys():
        for key in (word, f"{word}-kept"):
            st.session_state.pop(key, None)
    progress.take(words.pop(carried.PROGRESS, ""))
    own = {word: text for word, text in words.items() if is_bench_word(word)}
    if own:
        bench = Bench.from_query(own)
        session.leave_with(bench)
        words |= bench.to_query()
    carried.put(carried.SLIDE, slide.word)
    st.switch_page(page.path, query_params=words)


def _follow_class() -> None:
    """All screens of a class that are in the mode go where its teacher goes; by hand elsewhere in between."""
    if not (word := classroom.current()):
        return
    now = panels.show(panels.panel(_drawn, word, news=_shown)).content["!slide"]
    seen = st.session_state.setdefault(_SEEN, now)
    if now != seen:
        st.session_state[_SEEN] = now
        if wanted := named(now):
            _go(wanted)


def _drawn(word: str) -> dict[str, str]:
    return {"!slide": _shown(word)}


def _shown(word: str) -> str:
    return classes.slide(backend.engine().store, word)


def _modes() -> None:
    """Between the room's view and the presenter's, and back to the page as it was."""
    if teaching.mode() == teaching.ROOM:
        text = _("The same with the teacher's notes: for a screen that the room does not see.")
        _mode(_("Notes"), "slide-notes", text, "sticky_note_2", teaching.NOTES)
    else:
        _mode(_("Room's view"), "slide-room", _("Without the notes: for the projector."), "tv", teaching.ROOM)
    text = _("Back to the page with its side bar and menu.")
    st.button(_("End"), key="slide-end", type="tertiary", icon=":material/close:", help=text, on_click=teaching.end)


def _mode(label: str, key: str, text: str, icon: str, mode: str) -> None:
    picture = f":material/{icon}:"
    st.button(label, key=key, type="tertiary", icon=picture, help=text, on_click=teaching.begin, args=(mode,))


def _notes(shown: Slide) -> None:
    """What the teacher wants to know of the lesson."""
    teacher = shown.lesson.teacher
    parts = (
        (_("Ask the room"), teacher.ask),
        (_("What they will guess, and why"), teacher.guesses),
        (_("What the screen shows"), teacher.shows),
        (_("To end on"), teacher.end),
    )
    title = _("Notes: about {minutes} minutes", minutes=shown.lesson.minutes)
    with st.container(key="notes"), st.expander(title, expanded=True):
        st.markdown("\n\n".join(f"**{label}.** {_(text)}" for label, text in parts))


def begin_buttons() -> None:
    """The ways into the mode."""
    with st.container(horizontal=True, gap="small"):
        text = _("Larger type, thicker lines, no side bar, and the lessons' prepared pages by the arrow keys.")
        _mode(_("Teach: view for the room"), "teach-room", text, "tv", teaching.ROOM)
        text = _("The same with the teacher's notes: for a screen that the room does not see.")
        _mode(_("Teach: view with notes"), "teach-notes", text, "sticky_note_2", teaching.NOTES)
