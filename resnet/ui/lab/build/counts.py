"""What the nets on the bench are, and what they count: depth, parameters, multiply-adds, memory."""

from collections.abc import Sequence
from functools import lru_cache
from html import escape

from resnet import catalog
from resnet.charts.drawing import nets_figure
from resnet.charts.ink import ink
from resnet.charts.look import Look, looks
from resnet.findings.layers import twins_sentence
from resnet.findings.options import about
from resnet.i18n import _
from resnet.nets.layers import layer_table
from resnet.specs import NetSpec, Recipe
from resnet.specs.bench import Bench, Entry
from resnet.specs.options import NET_OPTIONS
from resnet.training import estimates
from resnet.ui.bench.depth import moved
from resnet.ui.parts import view, widgets
from resnet.ui.parts.plot import described
from resnet.ui.parts.swatch import swatch

Counted = tuple[int, int, int]  # channels, classes and side of the images that are counted

STYLE = """<style>
.counts { border-collapse: collapse; font-size: 0.92rem; }
.counts th, .counts td { border: 0; padding: 0.2rem 1.6rem 0.2rem 0; text-align: right; white-space: nowrap; }
.counts th { font-weight: 400; opacity: 0.75; }
.counts th:first-child, .counts td:first-child { text-align: left; font-weight: 600; }
.counts i { display: inline-block; width: 1.75rem; vertical-align: middle; margin-right: 0.5rem; }
</style>"""


def counted(recipe: Recipe, imagenet: bool) -> Counted:
    """For which images the page counts: the data set's, or ImageNet's."""
    data = catalog.data_choice(recipe.data, recipe.pixels)
    channels, size, _width = data.shape
    return (3, 1_000, 224) if imagenet else (channels, len(data.classes), size)


def choose(recipe: Recipe) -> Counted:
    """Buttons: for which images is counted; the choice holds on all pages that count."""
    about = _(
        "For which images outputs and multiply-adds are counted: the data set's, on which the nets train, or "
        "ImageNet's of 224 pixels with 1,000 classes."
    )
    options = {"data": _("Data set"), "imagenet": _("ImageNet")}
    with view.popover():
        return counted(recipe, widgets.choice("image", _("Counted for"), options, about) == "imagenet")


def choices(net: NetSpec) -> list[catalog.Choice]:
    """The records of what the net is made of, without those that change nothing in it."""
    idle = {"family"} | ({"shortcut"} if net.block == "plain" else set())
    idle |= {"stride_at"} if net.branch == "basic" else set()
    chosen = [records[getattr(net, field)] for field, records in NET_OPTIONS.items() if field not in idle]
    switched = [name for name in catalog.SWITCHES if name in net.changed() and name != "stem_activation"]
    return [*chosen, *(catalog.SWITCHES[name] for name in switched)]


def sources(nets: Sequence[NetSpec]) -> str:
    """Formula and source of everything that these nets are made of, a line each; Markdown."""
    records = dict.fromkeys(record for net in nets for record in choices(net))
    return "\n\n".join(about(record) for record in records if record.formula or record.source)


def describe(net: NetSpec) -> str:
    """The net's choices in words, e.g. "Residual · Basic · A: zero padding · Original · Batch norm · ReLU · He"."""
    words = [_(record.label) for record in choices(net)]
    words += [_("λ {shortcut}, μ {branch}", shortcut=net.shortcut_scale, branch=net.branch_scale)] * (
        net.shortcut == "scale"
    )
    words += [_("gate bias {bias:g}", bias=net.gate_bias)] * (net.shortcut in ("gate", "exclusive"))
    words += [_("survival {share:g}", share=net.survival)] * (net.survival < 1)
    words += [_("no activation after the stem")] * (not net.stem_activation)
    return " · ".join(words)


def drawn(bench: Bench, counted: Counted) -> dict[str, str]:
    """The panel: the drawing and the numbers of the nets on the bench."""
    shown = list(zip(looks(bench), bench.entries, strict=True))
    nets = [(look, entry.net) for look, entry in shown]
    sentences = "".join(f"<p>{escape(sentence)}</p>" for sentence in twin_sentences(bench))
    table = count_table(shown, bench.recipe, counted) + sentences
    return {"nets": described(nets_figure(nets, *counted)), "counts": table}


def dragged(bench: Bench, counted: Counted, place: int, depth: int, _step: int) -> dict[str, str]:
    """The same while the depth of a net is dragged: counted, not measured, so there is nothing to wait for."""
    return drawn(moved(bench, place, depth), counted)


def count_table(shown: Sequence[tuple[Look, Entry]], recipe: Recipe, counted: Counted) -> str:
    """HTML: a line per net with depth, blocks, parameters, multiply-adds and the memory that training needs."""
    titles = (
        _("net"),
        _("depth"),
        _("blocks"),
        _("parameters"),
        _("multiply-adds an image"),
        _("one output sees"),
        _("memory to train, batch {batch}", batch=recipe.batch),
    )
    sight = _("The side of the square of pixels that one output of the last convolution can see.")
    hints = ["", "", "", "", "", sight, ""]
    heads = zip(titles, hints, strict=True)
    head = "".join(f'<th title="{escape(hint)}">{escape(title)}</th>' for title, hint in heads)
    lines = "".join(f"<tr>{_count_line(look, entry.net, recipe, counted)}</tr>" for look, entry in shown)
    return f'<div style="overflow-x:auto"><table class="counts"><tr>{head}</tr>{lines}</table></div>'


def twin_sentences(bench: Bench) -> list[str]:
    """For each pair of twins on the bench, whether they have equally many parameters, and what the others are."""
    pairs = [(net, net.twin()) for net in bench.nets if net.block == "residual" and net.twin() in bench.nets]
    return [_twins(residual, plain, bench.recipe.data) for residual, plain in pairs]


def _twins(residual: NetSpec, plain: NetSpec, data: str) -> str:
    counts = [estimates.cost(net, data).parameters for net in (residual, plain)]
    return twins_sentence(residual.title, plain.title, *counts)


def _count_line(look: Look, net: NetSpec, recipe: Recipe, counted: Counted) -> str:
    total = _totals(net, counted)
    memory = estimates.memory(net, recipe)
    cells = (
        str(net.depth),
        " + ".join(str(count) for count in net.blocks),
        f"{total[0]:,}",
        f"{total[1] / 1e6:,.1f} M",
        sees(total[2], counted[2]),
        f"{memory / 1e6:,.0f} MB" if memory < 1e9 else f"{memory / 1e9:,.1f} GB",
    )
    line = swatch(look.colour, look.dash, look.symbol)
    name = f'<td style="color:{escape(ink(look.colour))}">{line}{escape(look.label)}</td>'
    return name + "".join(f"<td>{cell}</td>" for cell in cells)


def sees(field: int, side: int) -> str:
    """A receptive field of that side in words: all of an image that it covers from every corner."""
    return _("whole image") if field >= 2 * side - 1 else _("{side} px", side=f"{field:,}")


@lru_cache(maxsize=256)
def _totals(net: NetSpec, counted: Counted) -> tuple[int, int, int]:
    """Parameters, multiply-adds for one image, and the receptive field of the last convolution."""
    channels, classes, size = counted
    rows = layer_table(net, channels, classes, size)
    field = max(row.receptive_field for row in rows if row.operation == "conv")
    return sum(row.parameters for row in rows), sum(row.multiply_adds for row in rows), field
