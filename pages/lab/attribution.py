"""What does a net look at? Attribution maps of the same test images by every net on the bench, side by side."""

import random
from dataclasses import replace

import streamlit as st

from resnet.findings.maps import legend
from resnet.findings.text import plain
from resnet.i18n import _
from resnet.ui.bench import session
from resnet.ui.lab.attribution import columns as attribution
from resnet.ui.lab.attribution import playing
from resnet.ui.parts import backend, images, links, nets_table, panels, playback, subjects, waiting

FIRST = "0, 1, 2"

links.group_links("attribution")
st.title(_("What does a net look at?"))
st.caption(_("The same test images, explained by every net on the bench and by an untrained net as a control."))
bench = session.current()
data = backend.dataset(bench.recipe)
count = len(data.test.labels)
images_first, methods, question = attribution.question(bench, data)


def shuffle() -> None:
    """As many other images, by chance."""
    st.session_state["images"] = ", ".join(map(str, sorted(random.sample(range(count), len(chosen)))))


with st.container(horizontal=True, gap="medium", vertical_alignment="bottom"):
    numbers = _("Numbers 0–{last}, at most {most} of them.", last=count - 1, most=images.MOST)
    text = st.text_input(
        _("Test images"), FIRST, key="images", bind="query-params", width=150, max_chars=60, help=numbers
    )
    chosen, wrong = images.chosen_images(text, count, FIRST)
    with st.popover(_("Choose"), icon=":material/grid_view:", help=_("Click on the images to explain.")):
        images.gallery(data, chosen, "images")
    others = _("As many others, by chance.")
    st.button(_("Other images"), icon=":material/shuffle:", key="others", help=others, on_click=shuffle)
    style, own = attribution.style(data.test.masks is not None)
if wrong:
    st.warning(plain(wrong), icon=":material/info:")
if not nets_table.engine_note():
    waiting.end_page()

found = backend.runs(bench)
asked = playing.Asked(bench, replace(question, images=tuple(chosen)), tuple(methods), images_first, style, own)
recorded = playing.steps(bench)
last = recorded[-1] if recorded else 0
step = playback.chosen(recorded, last)
panel = panels.show(playing.panel(asked))
playback.player(panel, recorded, step, last)
question = playing.at(asked, step)
nets = subjects.with_control(bench, found, question.step)
with waiting.answers(_("The explanation took too long; choose fewer images.")):
    shown = playing.maps_at(asked, step)

drawn = [question.method] if images_first else methods
if unruly := attribution.obstacles(nets, drawn):
    st.warning(plain(unruly), icon=":material/info:")
if images_first:
    with st.container(key=playback.STILL):
        st.markdown(attribution.sentence(nets, shown.columns, data, chosen, own))
st.html(f'<div data-live="{panel.part("maps")}">{playing.table(asked, shown)}</div>')
with st.container(key=f"{playback.STILL}-legends"):
    for row, method in enumerate(drawn):
        st.caption(legend(method, None if own else shown.scales[0][row], style.sign, question.baseline))
attribution.download(question.method)
playing.ask_ahead(asked)
