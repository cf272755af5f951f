"""How deep can a net be? Final loss and test error against depth, plain and residual, filling in as runs end."""

from functools import partial

import streamlit as st

from resnet.catalog.published import CIFAR_2015
from resnet.charts.sweep import published_figure
from resnet.findings.text import plain
from resnet.i18n import _
from resnet.ui.bench import recipe, session
from resnet.ui.lab import sweep
from resnet.ui.parts import links, nets_table, panels, plot, waiting

links.group_links("train")
st.title(_("How deep can a net be?"))
bench = session.current()
common = {"net": plain(bench.names[0]), "recipe": plain(recipe.summary(bench.recipe))}
st.caption(
    _("Nets like {net}, plain and residual, at several depths, all by the recipe of the bench: {recipe}.", **common)
)

with st.container(horizontal=True, gap="medium", vertical_alignment="bottom"):
    depths = sweep.depths_menu()
    if depths:
        asked = sweep.of_bench(bench, depths)
        sweep.buttons(asked)
if not depths:
    st.info(_("Choose at least one depth."), icon=":material/info:")
    waiting.end_page()

nets_table.engine_note()
shown = panels.show(sweep.panel(asked))
measured, printed = st.columns([7, 3], gap="small")
with measured:
    for quantity, place in zip(sweep.QUANTITIES, st.columns(2, gap="small"), strict=True):
        with place:
            key = f"sweep-{quantity}"
            drawn, part = shown.content[quantity], shown.part(quantity)
            said, pick = shown.content["!sentence"], partial(sweep.picked, key)
            plot.show(drawn, key, sweep.HEIGHT, part, shown.at, on_pick=pick, said=said)
with printed:
    plot.plot(published_figure(CIFAR_2015, sweep.HEIGHT), "sweep-published")
st.html(
    f'<div data-live="{shown.part("going")}" style="font-size: 0.875rem; opacity: 0.8">{shown.content["going"]}</div>'
)
st.markdown(shown.content["!sentence"])
sweep.open_menu(asked)
st.caption(
    _(
        "Points: mean of the last 20 training steps, and error on all test images at the end; bars: lowest to highest "
        "seed. In grey, published: test errors on CIFAR-10 (He et al. 2015, arXiv 1512.03385; ResNets from Table 6, "
        "plain nets read off Fig. 6), with other images, wider nets and 64,000 steps: compare shapes, not values."
    )
)
