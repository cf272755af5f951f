"""For teachers: minutes, what to ask, what to expect, and the sentence to end on."""

import streamlit as st

from resnet.i18n import _
from resnet.lessons import lessons
from resnet.ui.app import pages
from resnet.ui.course import slides

st.title(_("For teachers"))
total = sum(lesson.minutes for lesson in lessons())
st.caption(
    _("All lessons together take about {minutes} minutes. Print this page from the browser's menu.", minutes=total)
)
slides.begin_buttons()
for lesson in lessons():
    title = _("{number} {title}", number=lesson.number, title=_(lesson.title))
    with st.expander(_("{title} · about {minutes} minutes", title=title, minutes=lesson.minutes)):
        st.page_link(pages.named(lesson.name).path, label=_("Open the lesson"), icon=":material/school:")
        for label, text in (
            (_("Ask the room"), lesson.teacher.ask),
            (_("What they will guess, and why"), lesson.teacher.guesses),
            (_("What the screen shows"), lesson.teacher.shows),
            (_("To end on"), lesson.teacher.end),
        ):
            st.markdown(f"**{label}.** {_(text)}")
        for task in lesson.tasks:
            st.markdown(f"- {_(task.text)} {_('**Expect:** {answer}', answer=_(task.answer))}")
