"""The course's contents: in the side bar of every lesson, and what they say of how far one has come."""

import streamlit as st

from resnet.i18n import _
from resnet.lessons import Lesson, lessons
from resnet.ui.app import pages
from resnet.ui.course import progress

# The menu of the lab would stand above the contents and push them off the screen.
_STYLE = """<style>
[data-testid="stSidebarNav"] { display: none; }
[data-testid="stSidebarHeader"] { height: 2.25rem; padding-bottom: 0; margin-bottom: 0; }
[data-testid="stSidebarUserContent"] { padding-top: 0.5rem; padding-bottom: 1rem; }
.st-key-contents { gap: 0 !important; }
.st-key-contents a { padding-top: 0.15rem; padding-bottom: 0.15rem; }
</style>"""
ELSEWHERE = ("course", "glossary", "teacher", "start", "train", "runs")


def sidebar() -> None:
    """The lessons, what is done of each, and the way to the rest of the app."""
    st.html(_STYLE)
    with st.sidebar:
        st.markdown(f"**{_('Course: why do deep nets need shortcuts?')}**")
        with st.container(key="contents"):
            for lesson in lessons():
                link(lesson)
        st.divider()
        with st.container(gap="xsmall"):
            for name in ELSEWHERE:
                if (page := pages.named(name)).name == name:
                    st.page_link(page.path, label=_(page.title), icon=page.material)


def onward(icon: str) -> bool:
    """The way to where one stopped, at first to the first lesson; whether a lesson is left."""
    upcoming = progress.next_lesson()
    if upcoming is None:
        return False
    places = {"number": upcoming.number, "title": _(upcoming.title)}
    text = _("Begin with lesson {number}: {title}", **places)
    if any(map(progress.finished, lessons())):
        text = _("Go on with lesson {number}: {title}", **places)
    st.page_link(pages.named(upcoming.name).path, label=f"**{text}**", icon=icon)
    return True


def link(lesson: Lesson) -> None:
    """The way to a lesson, with a tick once its answer was seen."""
    icon = ":material/check_circle:" if progress.finished(lesson) else ":material/radio_button_unchecked:"
    label = _("{number} {title}", number=lesson.number, title=_(lesson.title))
    st.page_link(pages.named(lesson.name).path, label=label, icon=icon)
