"""The demo as a film, the button that trains it here, and where to go next."""

import streamlit as st

from resnet.findings.text import plain
from resnet.i18n import _
from resnet.specs.bench import Bench
from resnet.ui.app import pages
from resnet.ui.bench import session
from resnet.ui.course import contents
from resnet.ui.lab.start import buttons, film
from resnet.ui.parts import nets_table

st.title(_("Why do deep nets need shortcuts?"))
demo, bench = Bench(), session.current()
st.markdown(buttons.question(demo))
origin = film.show(demo)
with st.container(horizontal=True, gap="small", vertical_alignment="center"):
    buttons.demo_button(demo, replaces=bench != demo)
    if bench != demo:
        buttons.bench_button(bench)
    if origin:
        st.caption(plain(origin), width="content")
st.caption(buttons.alike(demo))
if nets_table.engine_note():
    st.caption(nets_table.device_sentence())

st.subheader(_("Then ask why"))
course = pages.named("course")
if not contents.onward(course.material):
    text = _("**Course**: all lessons, and the tasks that you have solved.")
    st.page_link(course.path, label=text, icon=course.material)
for name, text in (
    ("build", _("**Build**: what the nets are made of, layer by layer.")),
    ("train", _("**Train**: loss and error while they learn; which depth helps, which one hurts?")),
    ("gradients", _("**Gradients**: does the gradient vanish, explode, or arrive?")),
    ("attribution", _("**Attribution**: which pixels does each net decide by?")),
):
    st.page_link(pages.named(name).path, label=text, icon=pages.named(name).material)
st.caption(
    _(
        "The bench in the side bar is the same on every page, and the address holds all of it: send it to the class. "
        "What is drawn is measured or counted on real nets. "
        "After He, Zhang, Ren and Sun, 2015 (arXiv 1512.03385) and 2016 (arXiv 1603.05027)."
    )
)
