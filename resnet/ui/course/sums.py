"""Lesson 5: both equations of 2016 in three nets that are not trained yet."""

from collections.abc import Mapping, Sequence
from concurrent.futures import Future
from html import escape

import streamlit as st

from resnet.analyses.results import Equations
from resnet.analyses.stages import inner_blocks, obstacles
from resnet.charts.drawing import blocks_figure
from resnet.charts.ink import ink
from resnet.charts.look import Look, looks
from resnet.charts.profiles import Profile, profile_figure
from resnet.charts.sums import sums_figure
from resnet.findings.profiles import probe_sentence
from resnet.findings.text import number, paragraph, plain
from resnet.i18n import _
from resnet.lessons import Reveal, Verdict, sums
from resnet.lessons.sums import Found
from resnet.nets.structure import block_names
from resnet.runs.tasks import analyses
from resnet.runs.tasks.loading import PROFILE_IMAGES
from resnet.specs import NetSpec, Recipe
from resnet.specs.bench import Bench
from resnet.ui.bench import session
from resnet.ui.course import needed
from resnet.ui.lab.at_step import Moment
from resnet.ui.parts import backend, nets_table, plot, visitors, waiting, widgets

NETS = {"original": "res-56", "preact": "res-56-preact", "plain": "plain-56"}
BLOCKS = {"original": "y = ReLU(F(x) + x)", "preact": "y = F(x) + x", "plain": "y = ReLU(F(x))"}
OTHERS = {"bnafter": "res-20-bnafter", "reluadd": "res-20-reluadd", "optc": "res-20-preact-optc"}
FORWARD = r"x_L = x_l + \sum_i F(x_i)"
BACKWARD = (
    r"\partial E/\partial x_l = \partial E/\partial x_L \left(1 + \partial/\partial x_l \textstyle\sum_i F(x_i)\right)"
)
RECIPE = Recipe()
HEIGHT = 250  # pixels
_STYLE = """<style>
.sums { border-collapse: collapse; font-size: 0.85rem; line-height: 1.5; }
.sums td { border: 0; padding: 0.1rem 0.7rem 0.1rem 0; white-space: nowrap; }
.sums tr:first-child td { white-space: normal; vertical-align: bottom; line-height: 1.2; }
.sums td.name { font-weight: 600; }
</style>"""


def picture(seen: bool) -> Reveal | None:
    """The equations and what a block hands on; then the error of each net, and the parts of its gradient."""
    st.latex(FORWARD)
    st.latex(BACKWARD)
    with waiting.answers():
        bench = needed.bench(",".join(NETS.values()))
        if not seen:
            st.html(_STYLE + _table(looks(bench), {}))
            own = list(zip(looks(bench), bench.nets, strict=True))
            plot.plot(blocks_figure(own, block="stage3.block2"), "lesson-blocks")
            if backend.engine().state == "ready":
                with visitors.ahead():  # so that the answer is there when the guess comes
                    _ask(_both(bench))
            return None
        found = _residual(bench)
        st.html(_STYLE + _table(looks(bench), found))
        chosen = widgets.choice("sums-net", _("Gradient of"), NETS, _("The net whose gradient is drawn."), "preact")
        _draw(bench, chosen, found)
    return sums.reveal({option: (NETS[option], one) for option, one in found.items()})


def _residual(bench: Bench) -> dict[str, Found]:
    """Both equations in the last stage of both residual nets, by option. Raises like `waiting.gather`."""
    if not nets_table.engine_note():
        waiting.end_page()
    return measured(_both(bench))


def _both(bench: Bench) -> dict[str, NetSpec]:
    return {option: net for option, net in zip(NETS, bench.nets, strict=True) if net.block == "residual"}


def measured(nets: Mapping[str, NetSpec]) -> dict[str, Found]:
    """Both equations in the last stage of each net. Raises like `waiting.gather`."""
    return dict(zip(nets, waiting.gather(_ask(nets)), strict=True))


def _ask(nets: Mapping[str, NetSpec]) -> "list[Future[Found]]":
    return [Moment(net, RECIPE).ask(analyses.equations, len(net.blocks)) for net in nets.values()]


def _table(own: Sequence[Look], found: Mapping[str, Found]) -> str:
    """HTML: for each net what a block hands on, and the relative errors, where they are known."""
    heads = ["", _("a block hands on")] + [_("error forward"), _("error backward")] * bool(found)
    lines = ["".join(f"<td>{escape(head)}</td>" for head in heads)]
    for (option, net), look in zip(NETS.items(), own, strict=True):
        cells = [BLOCKS[option], *(_errors(found.get(option)) if found else [])]
        name = f'<td class="name" style="color:{ink(look.colour)}">{escape(net)}</td>'
        lines.append(name + "".join(f"<td>{escape(text)}</td>" for text in cells))
    return f'<table class="sums">{"".join(f"<tr>{line}</tr>" for line in lines)}</table>'


def _errors(found: Found | None) -> list[str]:
    if found is None:
        return [_("no sum"), _("a product")]
    single: Equations = found["float32"]
    return [number(single.forward), number(single.backward)]


def _draw(bench: Bench, chosen: str, found: Mapping[str, Found]) -> None:
    """The parts of the gradient in a residual net; in the plain one the factor of each block."""
    look = looks(bench)[list(NETS).index(chosen)]
    if chosen in found:
        plot.plot(sums_figure(look, found[chosen]["float64"], HEIGHT), f"lesson-{chosen}", HEIGHT)
        why = paragraph(*obstacles(NetSpec.parse(NETS[chosen])))
        st.caption(_told(why))
        return
    net = NetSpec.parse(NETS[chosen])
    gains = waiting.gather([backend.step0_profiles(net, RECIPE)])[0]["gain"]
    names = block_names(net)
    plot.plot(profile_figure([Profile(look, names, gains)], "gain", height=HEIGHT), f"lesson-{chosen}", HEIGHT)
    st.caption(_("A factor for each block: {told}.", told=plain(probe_sentence(gains, names, "gain"))))


def _told(why: str) -> str:
    text = _("At each block's input, stage 3; relative errors in float32, {count} images.", count=PROFILE_IMAGES)
    return paragraph(text, why)


def check_hold(_entered: str) -> Verdict:
    """The last stage of the first net on the visitor's bench."""
    bench = session.current()
    net = bench.nets[0]
    if net.block == "plain" or not inner_blocks(net, len(net.blocks)):
        return sums.hold(bench.names[0], None)
    return sums.hold(bench.names[0], measured({"own": net})["own"])


def check_orders(entered: str) -> Verdict:
    """The net that was chosen."""
    return sums.orders(entered, measured({entered: NetSpec.parse(OTHERS[entered])}))
