"""Lesson 3: x, F(x) and x + F(x) of one image in every block, before and after training."""

from collections.abc import Sequence
from concurrent.futures import Future
from html import escape

import numpy as np
import streamlit as st

from resnet.analyses.results import Branches
from resnet.charts.axes import GREY
from resnet.charts.branches import ratios_figure, terms_colours
from resnet.charts.look import Look, looks
from resnet.charts.pictures import data_uri, image_colours
from resnet.findings.lesions import block_label
from resnet.findings.text import number
from resnet.i18n import _
from resnet.lessons import Reveal, Verdict, residual
from resnet.nets.structure import block_names
from resnet.runs.tasks import residual as tasks
from resnet.specs.bench import Bench
from resnet.ui.course import needed
from resnet.ui.parts import backend, nets_table, plot, waiting

NETS = "res-56"
IMAGE = 3  # the test image that is looked at
BLOCKS = tuple(range(1, 28))  # of that net, which a host need not allow
HEIGHT = 240  # pixels
_STYLE = """<style>
.terms { display: grid; grid-template-columns: repeat(3, minmax(0, 1fr)); gap: 0.3rem 0.7rem; max-width: 34rem; }
.terms img { width: 100%; display: block; image-rendering: pixelated; }
.terms .state { grid-column: 1 / span 3; display: flex; gap: 0.6rem; align-items: end; font-weight: 600; }
.terms .state img { width: 2.5rem; }
.terms p { margin: 0; line-height: 1.4; font-size: 0.85rem; }
.terms .hidden { border: 1px dashed color-mix(in srgb, currentColor 40%, transparent); aspect-ratio: 2;
  display: grid; place-items: center; opacity: 0.6; }
</style>"""


def picture(seen: bool) -> Reveal | None:
    """What block adds what; before the guess only of the untrained net."""
    text = _("Counted from the input. A block that changes the size shows what its shortcut hands on for x.")
    block = int(st.select_slider(_("Block"), BLOCKS, 14, key="lesson-block", bind="query-params", help=text))
    with waiting.answers():
        bench = needed.bench(NETS)
        before, after = measured(bench)
    shown = {_("before training"): before} | ({_("after training"): after} if seen else {})
    st.html(_STYLE + _terms(bench, block, list(shown.items()), hidden=not seen))
    own = looks(bench)[0]
    lines = [(Look(_("before training"), GREY, "dot", "circle-open"), before.ratio)]
    lines += [(Look(_("after training"), own.colour, own.dash, own.symbol), after.ratio)] * seen
    plot.plot(ratios_figure(lines, len(BLOCKS), block, HEIGHT), "lesson-ratios", HEIGHT)
    name = block_label(block_names(bench.nets[0])[block - 1])
    told = _(
        "{net}, {block}, test image {image}; ‖·‖ is the length, the root of the sum of squares. The curve is the mean "
        "over {count} test images.",
        net=NETS,
        block=name,
        image=IMAGE,
        count=tasks.IMAGES,
    )
    st.caption(told)
    return residual.reveal(after.ratio, before.ratio) if seen else None


def measured(bench: Bench) -> tuple[Branches, Branches]:
    """Of the bench's first net, with the weights of step 0 and with those of its run. Raises like `waiting.gather`."""
    runs = needed.runs(bench)
    if not nets_table.engine_note():
        waiting.end_page()
    net = bench.nets[0]
    asked: list[Future[Branches]] = [
        backend.ask_trained(tasks.branches, net, bench.recipe, run, IMAGE) for run in (None, runs[net])
    ]
    before, after = waiting.gather(asked)
    return before, after


def _terms(bench: Bench, block: int, shown: Sequence[tuple[str, Branches]], hidden: bool) -> str:
    """HTML: a row for each state of the net, with the three terms as pictures and their lengths."""
    image = data_uri(image_colours(backend.dataset(bench.recipe).test.images[IMAGE]))
    picture = f'<p class="state"><img src="{image}" alt="">{escape(_("The image that goes in"))}</p>'
    rows = "".join(_row(name, found, block) for name, found in shown)
    if hidden:
        rows += _state(_("after training")) + '<p class="hidden">?</p>' * 3
    return f'<div class="terms">{picture}{rows}</div>'


def _row(name: str, found: Branches, block: int) -> str:
    lengths = zip(("‖x‖", "‖F(x)‖", "‖x + F(x)‖"), found.norms[block - 1], strict=True)
    cells = [
        f'<div><img src="{data_uri(colours)}" alt="{label}"><p>{label} = {number(float(length))}</p></div>'
        for colours, (label, length) in zip(terms_colours(found.pictures[block - 1]), lengths, strict=True)
    ]
    return _state(name) + "".join(cells)


def _state(name: str) -> str:
    return f'<p class="state">{escape(name[:1].upper() + name[1:])}</p>'


def check_most(entered: str) -> Verdict:
    """Against the trained net's ratios."""
    return residual.most(entered, _ratios(NETS))


def check_shallower(entered: str) -> Verdict:
    """Against the trained ratios of a net with a third of the blocks."""
    return residual.shallower(entered, _ratios("res-20"), _ratios(NETS))


def _ratios(net: str) -> np.ndarray:
    return measured(needed.bench(net))[1].ratio
