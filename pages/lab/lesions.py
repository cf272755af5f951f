"""What does a net lose without a block? Blocks of trained nets deleted, swapped and shuffled."""

from functools import partial

import streamlit as st

from resnet.i18n import _
from resnet.ui.bench import session
from resnet.ui.lab.lesions import controls, measured
from resnet.ui.parts import links, nets_table, panels, plot, waiting

links.group_links("trained")
st.title(_("What does a net lose without a block?"))
st.caption(
    _(
        "Click a block: a residual one keeps its shortcut, a plain one is passed over, and nothing is trained again. "
        "Veit et al. 2016, arXiv 1605.06431."
    )
)
bench = session.current()
names = controls.trained(bench)
if not names:
    st.info(
        _("Lesions need a trained net: press **Train** in the side bar first, and wait until a net is done."),
        icon=":material/content_cut:",
    )
    waiting.end_page()
with st.container(horizontal=True, gap="medium", vertical_alignment="bottom"):
    places = controls.choose_nets(bench, names)
    anew = controls.choose_norms()
with st.container(horizontal=True, gap="medium", vertical_alignment="bottom"):
    lesion = controls.choose_lesion(bench.nets[places[0]])
    step = controls.choose_step(bench, places[0])
if not nets_table.engine_note():
    waiting.end_page()

asked = measured.Asked(bench, places, step, anew)
measured.show_blocks(asked, lesion)
with waiting.answers():
    st.markdown("  \n".join(measured.wounds(asked, lesion)))
measured.ask_ahead(asked)
shown = panels.show(measured.panel(asked))
for key, place in zip(("bars", "several"), st.columns([3, 2], gap="small"), strict=True):
    with place:
        pick = partial(controls.toggle, f"lesion-{key}") if key == "bars" else None
        text, said = shown.content[key], shown.content["!sentence"]
        plot.show(text, f"lesion-{key}", measured.HEIGHT, shown.part(key), shown.at, on_pick=pick, said=said)
st.html(f'<div data-live="{shown.part("progress")}">{shown.content["progress"]}</div>')
st.markdown(shown.content["!sentence"])
st.caption(measured.caption(asked))
