"""What if the shortcut is cut little by little? λ x + F(x) from the residual net to its plain twin."""

import json

import streamlit as st

from resnet import catalog
from resnet.analyses.wire import PERCENT
from resnet.catalog.records import HE_2016
from resnet.findings.options import about as about_option
from resnet.findings.step0 import images_sentence
from resnet.findings.text import cited
from resnet.i18n import _
from resnet.ui.bench import session
from resnet.ui.lab import train, wire
from resnet.ui.parts import links, nets_table, panels, playback, plot, waiting

links.group_links("gradients")
st.title(_("What if the shortcut is cut?"))
st.caption(
    _(
        "Every shortcut is multiplied by λ, those that change the size too, and the branch passes whole: "
        "y = F(x) + λ x. At λ = 1 this is the residual net, at λ = 0 its plain twin. Shortcuts alone pass λⁿ through "
        "n blocks: {source}, Eq. 8.",
        source=cited(HE_2016),
    )
)
bench = session.current()
with st.container(horizontal=True, gap="medium", vertical_alignment="bottom"):
    net = wire.choose_net(bench)
    probe = wire.choose_probe()
asked = wire.Asked(net, bench.recipe, probe)

if nets_table.engine_note():
    wanted = playback.chosen(PERCENT, wire.START, wire.WORD)
    with waiting.answers():
        wire.measure(asked, wanted)
    shown = panels.show(wire.panel(asked))
    playback.player(shown, json.loads(shown.content["steps@"]), wanted, wire.START, wire.places())
    left, right = st.columns([3, 2], gap="small")
    with left:
        figure = playback.framed(shown, "profiles", wanted)
        said = shown.content[f"said@{wanted}"]
        plot.show(figure, "wire-profiles", wire.HEIGHT, shown.part("profiles"), shown.at, said=said)
    with right:
        plot.show(shown.content["arrived"], "wire-arrived", wire.HEIGHT, shown.part("arrived"), shown.at)
    st.html(f'<div data-live="{shown.part("said")}">{shown.content[f"said@{wanted}"]}</div>')
    st.caption(f"{about_option(catalog.PROBES[probe])}  \n{images_sentence(asked.images, bench.recipe)}")
    wire.ask_ahead(asked, wanted)

st.subheader(_("Five of them through training"))
nets = wire.trained_bench(net, bench.recipe)
wire.train_button(nets)
curves = panels.show(wire.training_panel(nets))
left, right = st.columns([7, 3], gap="medium")
with left:
    said = curves.content["!sentence"]
    plot.show(curves.content["curves"], "wire-curves", train.HEIGHT, curves.part("curves"), curves.at, said=said)
    st.markdown(curves.content["!sentence"])
with right:
    st.html(wire.published_table())
    st.caption(
        _(
            "Published: test errors of ResNet-110 on CIFAR-10, {source}, Table 1; “scaling” names the factors of "
            "shortcut and branch, “fail” is an error above 20 %. Other images, a wider and deeper net and 64,000 "
            "steps: compare the order, not the values.",
            source=cited(HE_2016),
        )
    )
nets_table.show_table(curves.content["rows"], curves.part("rows"))
