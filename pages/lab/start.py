"""What this is, the demo on one button, and where to go next."""

import streamlit as st

from resnet.findings.text import duration
from resnet.i18n import _
from resnet.specs.bench import Bench
from resnet.ui.app import pages
from resnet.ui.bench import actions, session
from resnet.ui.parts import backend, nets_table

st.title(_("Why do deep nets need shortcuts?"))
st.markdown(
    _(
        "Build plain and residual nets of any depth, train them here and now, and compare what they learn, "
        "what reaches each of their layers, and where they look. Everything drawn is measured on real nets."
    )
)

demo = Bench()
with st.container(border=True):
    st.subheader(_("The demo"))
    st.markdown(
        _(
            "Four nets learn the same ten shapes: **plain-20**, **plain-56**, and the same two with shortcuts. "
            "Same images, same starting weights. Which one will be best after {steps} steps?",
            steps=demo.recipe.steps,
        )
    )
    waiting = actions.to_train(demo)
    length = duration(backend.seconds_to_train(waiting, demo.recipe))
    label = _("Train the four nets · about {length}", length=length) if waiting else _("Show the four trained nets")
    if st.button(
        label,
        key="demo",
        type="primary",
        icon=":material/play_arrow:",
        help=_("Puts the four nets on the bench, trains those that have no result yet, and shows the curves."),
    ):
        session.change(lambda _old: demo)
        actions.train(demo)
        st.switch_page(pages.named("train").path)

engine = backend.engine()
if nets_table.engine_note():
    st.caption(nets_table.device_sentence())

st.subheader(_("Then ask why"))
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
        "After He, Zhang, Ren and Sun, 2015 (arXiv 1512.03385) and 2016 (arXiv 1603.05027)."
    )
)
