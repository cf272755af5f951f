"""Lesson 1: blocks that do nothing, added to trained nets."""

from collections.abc import Mapping, Sequence
from concurrent.futures import Future
from html import escape
from typing import Any

import streamlit as st

from resnet.analyses.additions import COUNTS, IMAGES, Copied, deeper
from resnet.charts.additions import additions_figure
from resnet.charts.curves import Series, View, curves_figure
from resnet.charts.ink import ink
from resnet.charts.look import Look, look, looks
from resnet.findings.text import nats, number
from resnet.i18n import N_, _, plural
from resnet.lessons import Reveal, Verdict, copying
from resnet.runs.tasks import copying as tasks
from resnet.specs import NetSpec
from resnet.specs.bench import Bench
from resnet.ui.course import needed
from resnet.ui.parts import backend, nets_table, plot, visitors, waiting
from resnet.ui.parts.swatch import swatch

NETS = "plain-20,res-20"
HEIGHT = 290  # pixels
WAYS = {"zero": N_("zeros"), "identity": N_("identity"), "matched": N_("identity, norms undone")}
Found = Mapping[str, Copied]
_BLOCKS = """<style>
.added-blocks { font-size: 0.85rem; line-height: 1.5; display: grid; column-gap: 0.75rem;
  grid-template-columns: auto 1fr; }
.added-blocks b { white-space: nowrap; }
.added-blocks span { display: flex; align-items: center; gap: 2px; }
.added-blocks i { flex: 0 1 10px; height: 15px; border: 1.5px solid; box-sizing: border-box; }
.added-blocks i.own { background: currentColor; }
.added-blocks i.added { border-style: dotted; }
.added-blocks s { flex: 0 1 10px; }
.copies { font-size: 0.85rem; border-collapse: collapse; }
.copies td { border: 0; padding: 0.1rem 0.8rem 0.1rem 0; }
.copies td.name { font-weight: 600; }
.copies td.name i { display: inline-block; width: 1.75rem; vertical-align: middle; margin-right: 0.4rem; }
</style>"""


def picture(seen: bool) -> Reveal | None:
    """Before the guess the nets and how the shallow ones have learned; then what added blocks do to them."""
    text = _("Of both nets, to each stage in turn. The whole nets are measured with so many blocks more.")
    count = int(st.select_slider(_("Added blocks"), COUNTS, COUNTS[-1], key="added", bind="query-params", help=text))
    with waiting.answers():
        bench = needed.bench(NETS)
        st.html(_BLOCKS + blocks(bench, count))
        needed.runs(bench)
        if not seen:
            _learned(bench)
            return None
        plain, residual = measured(bench)
    rows = _rows(bench, plain, residual)
    figure = additions_figure(rows, backend.class_count(bench.recipe), count, HEIGHT)
    plot.plot(figure, "lesson-additions", HEIGHT)
    st.html(_table(rows, count))
    st.caption(_told())
    return copying.reveal(plain, residual)


def blocks(bench: Bench, count: int) -> str:
    """HTML: each net as a row of its own blocks and the added ones."""
    lines = [_line(own, entry.net, count) for own, entry in zip(looks(bench), bench.entries, strict=True)]
    return f'<div class="added-blocks">{"".join(lines)}</div>'


def _line(own: Look, net: NetSpec, count: int) -> str:
    stages = len(net.blocks)
    parts = []
    for stage, blocks in enumerate(net.blocks):
        added = len(range(stage, count, stages))
        parts.append('<i class="own"></i>' * blocks + '<i class="added"></i>' * added)
    name = str(deeper(net, count)) if count % stages == 0 else plural(
        "{net} and {count} block", "{net} and {count} blocks", count, net=net.title
    )  # fmt: skip
    return (
        f'<b style="color:{ink(own.colour)}">{name}</b><span style="color:{own.colour}">{"<s></s>".join(parts)}</span>'
    )


def _learned(bench: Bench) -> None:
    """What the shallow nets have learned, from their runs."""
    found = backend.runs(bench)
    pairs = zip(looks(bench), bench.entries, strict=True)
    series = [Series(own, backend.curves(found[entry.net])) for own, entry in pairs]
    recipe = bench.recipe
    figure = curves_figure(series, View(), recipe.steps, backend.class_count(recipe), height=HEIGHT)
    plot.plot(figure, "lesson-learned", HEIGHT)
    if backend.engine().state == "ready":
        with visitors.ahead():
            _ask(bench)


def measured(bench: Bench) -> tuple[Found, Found]:
    """What added blocks do to the plain net and to the residual one. Raises like `waiting.gather`."""
    if not nets_table.engine_note():
        waiting.end_page()
    plain, residual = waiting.gather(_ask(bench))
    return plain, residual


def _ask(bench: Bench) -> "list[Future[Any]]":
    runs = backend.runs(bench)
    return [backend.ask_trained(tasks.copied, net, bench.recipe, runs.get(net)) for net in bench.nets]


def _rows(bench: Bench, plain: Found, residual: Found) -> list[tuple[Look, Copied]]:
    """The residual net first; each way has a symbol of its own."""
    rows = []
    for entry, found in zip(reversed(bench.entries), (residual, plain), strict=True):
        for rank, (way, one) in enumerate(found.items()):
            label = _("{net}: {way}", net=entry.net.title, way=_(WAYS[way]))
            rows.append((look(entry.net, label, rank=rank), one))
    return rows


def _table(rows: Sequence[tuple[Look, Copied]], count: int) -> str:
    """HTML: for each way the training loss with so many added blocks, and how far any output has moved."""
    place = COUNTS.index(count)
    head = (_("added"), _("loss"), _("an output moves by up to"))
    lines = ["".join(f"<td>{escape(text)}</td>" for text in head)]
    for own, found in rows:
        mark = swatch(own.colour, own.dash, own.symbol)
        cells = nats(float(found.loss[place])), number(float(found.difference[place]))
        name = f'<td class="name" style="color:{ink(own.colour)}">{mark}{own.html}</td>'
        lines.append(name + "".join(f"<td>{text}</td>" for text in cells))
    return f'<table class="copies">{"".join(f"<tr>{line}</tr>" for line in lines)}</table>'


def _told() -> str:
    return _(
        "Zeros: the last norm of an added branch multiplies by 0. Identity: its convolutions hand on what comes. Norms "
        "undone: each norm puts back the mean and spread that it takes away. Measured on {images} training images.",
        images=IMAGES,
    )


def check_differs(entered: str) -> Verdict:
    """Against the residual net's outputs."""
    return copying.differs(entered, measured(_trained())[1])


def check_trained(entered: str) -> Verdict:
    """Against the runs of plain-20 and plain-56."""
    bench = needed.bench("plain-20,plain-56")
    runs = needed.runs(bench)
    shallow, deep = (backend.result(runs[net]).last for net in bench.nets)
    copy = measured(_trained())[0]["matched"]
    return copying.trained(entered, float(copy.loss[-1]), shallow, deep)


def _trained() -> Bench:
    bench = needed.bench(NETS)
    needed.runs(bench)
    return bench
