"""The course: all lessons, what each asks, and how far one has come."""

import streamlit as st

from resnet.i18n import _, plural
from resnet.lessons import lessons
from resnet.ui.course import contents, progress

st.title(_("Course: why do deep nets need shortcuts?"))
st.markdown(
    _(
        "The course notes, lesson by lesson: a question, your guess, what is measured on real nets, and tasks whose "
        "result is checked. What the notes and many texts get wrong is put right on the way."
    )
)
contents.onward(":material/play_arrow:")
for lesson in lessons():
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        contents.link(lesson)
        solved = progress.solved(lesson)
        done = plural("{solved} of {count} task", "{solved} of {count} tasks", len(lesson.tasks), solved=solved)
        about = _("course notes {notes} · about {minutes} minutes", notes=lesson.notes, minutes=lesson.minutes)
        st.caption(f"{about} · {done}")
