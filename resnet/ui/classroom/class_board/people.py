"""Who one is in a class: entering one, a name, and its teacher."""

from collections.abc import Callable

import streamlit as st

from resnet.errors import UserError
from resnet.i18n import _, plural
from resnet.runs.store import class_work
from resnet.runs.store.classes import MOST_LETTERS, MOST_NAME
from resnet.ui.app import pages
from resnet.ui.bench import session
from resnet.ui.classroom.class_board.runs import ENDED
from resnet.ui.parts import backend, classroom, widgets

_LINK = "teacher link"  # in the session: the words of one that was made


def enter_form() -> None:
    """For a visitor who is in no class."""
    st.info(
        _(
            "A class is a word in the link: whoever opens the link is in the class. The runs of all are on one board "
            "then, and the guesses of lessons are counted together. Nobody sees names, but those that somebody types."
        ),
        icon=":material/groups:",
    )
    with st.form("class-form", border=False), st.container(horizontal=True, vertical_alignment="bottom"):
        about = _("Letters, digits and dashes, as in 9b. A class that nobody has named yet begins with you.")
        st.text_input(_("Class"), key="class-word", max_chars=MOST_LETTERS, help=about, width=260)
        st.form_submit_button(_("Enter the class"), type="primary", on_click=_trying(_enter))


def _enter() -> None:
    classroom.enter(st.session_state["class-word"])


def tools() -> None:
    """A name, what the teacher can do, and runs of the bench that are not on the board."""
    about = _("Stands beside your runs, for all of the class to see. Without it they have no name.")
    st.text_input(
        _("Name (optional)"),
        key=widgets.hold("class-name", classroom.name()),
        max_chars=MOST_NAME,
        help=about,
        width=180,
        on_change=_trying(_name),
    )
    _teacher()
    _add_button()


def _name() -> None:
    classroom.set_name(st.session_state["class-name"])


def _add_button() -> None:
    """What was trained before one was in the class."""
    store = backend.engine().store
    found = store.runs(backend.ids(session.current())).values()
    known = {one.run for one in class_work.runs(store, classroom.current())}
    missing = [run.id for run in found if run.status in ENDED and not run.recorded and run.id not in known]
    if missing:
        label = plural("Add {count} run of the bench", "Add {count} runs of the bench", len(missing))
        text = _("Runs of the nets on the bench that were not started in this class.")
        st.button(label, key="class-add", icon=":material/add:", help=text, on_click=_trying(_add), args=(missing,))


def _add(missing: list[str]) -> None:
    classroom.add(missing)


def _teacher() -> None:
    text = _("Who is the teacher of a class reveals the answers of lessons.")
    with st.popover(_("Teacher"), icon=":material/school:", help=text):
        if classroom.is_teacher():
            _for_the_teacher()
        elif classroom.is_taught():
            st.caption(_("This class has a teacher."))
        else:
            st.caption(_("This class has no teacher: everybody sees the answer of a lesson after their own guess."))
            st.button(_("I am the teacher"), key="class-open", on_click=_trying(classroom.open_as_teacher))


def _for_the_teacher() -> None:
    st.caption(_("You are the teacher: in lessons the answer appears when you reveal it."))
    text = _("For a second computer or a telephone. It works once, and only the newest one.")
    st.button(_("Make a teacher's link"), key="class-key", help=text, on_click=_trying(_make_link))
    if words := st.session_state.pop(_LINK, ""):
        st.code(f"{session.link().split('?')[0]}?{words}", language=None, wrap_lines=True)
    notes = pages.named("teacher")
    st.page_link(notes.path, label=_("Notes and the view for a projector"), icon=notes.material)


def _make_link() -> None:
    st.session_state[_LINK] = classroom.teacher_link()


def _trying(act: Callable[..., None]) -> Callable[..., None]:
    """As a callback: what is refused is told on top of the page."""

    def tried(*words: object) -> None:
        try:
            act(*words)
        except UserError as error:
            classroom.tell(error)

    return tried
