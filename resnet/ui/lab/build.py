"""The tables and sentences of the Build page."""

import io
from collections.abc import Sequence
from csv import writer as csv_writer
from functools import lru_cache
from html import escape
from typing import Any

from resnet import catalog
from resnet.charts.look import Look
from resnet.i18n import _
from resnet.nets.layers import Layer, layer_table
from resnet.specs import NetSpec, Recipe
from resnet.specs.bench import Bench, Entry
from resnet.specs.options import NET_OPTIONS
from resnet.training import estimates
from resnet.ui.parts.swatch import sample

Counted = tuple[int, int, int]  # channels, classes and side of the images that are counted

_STYLE = """<style>
.counts { border-collapse: collapse; font-size: 0.92rem; }
.counts th, .counts td { border: 0; padding: 0.2rem 1.6rem 0.2rem 0; text-align: right; white-space: nowrap; }
.counts th { font-weight: 400; opacity: 0.75; }
.counts th:first-child, .counts td:first-child { text-align: left; font-weight: 600; }
.counts i { display: inline-block; width: 1.75rem; height: 3px; vertical-align: middle; margin-right: 0.5rem; }
</style>"""


def counted(recipe: Recipe, imagenet: bool) -> Counted:
    """For which images the page counts: the data set's, or ImageNet's."""
    data = catalog.DATASETS[recipe.data]
    channels, size, _width = data.shape
    return (3, 1_000, 224) if imagenet else (channels, len(data.classes), size)


def describe(net: NetSpec) -> str:
    """The net's choices in words, e.g. "Residual · Basic · A: zero padding · Original · Batch norm · ReLU · He"."""
    idle = {"family"} | ({"shortcut"} if net.block == "plain" else set())
    idle |= {"stride_at"} if net.branch == "basic" else set()
    chosen = [records[getattr(net, field)] for field, records in NET_OPTIONS.items() if field not in idle]
    chosen += [
        record for name, record in catalog.SWITCHES.items() if name in net.changed() and name != "stem_activation"
    ]
    words = [_(record.label) for record in chosen]
    words += [_("λ {shortcut}, μ {branch}", shortcut=net.shortcut_scale, branch=net.branch_scale)] * (
        net.shortcut == "scale"
    )
    words += [_("gate bias {bias:g}", bias=net.gate_bias)] * (net.shortcut in ("gate", "exclusive"))
    words += [_("survival {share:g}", share=net.survival)] * (net.survival < 1)
    words += [_("no activation after the stem")] * (not net.stem_activation)
    return " · ".join(words)


def counts(shown: Sequence[tuple[Look, Entry]], recipe: Recipe, counted: Counted) -> str:
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
    head = "".join(f"<th>{escape(title)}</th>" for title in titles)
    lines = "".join(f"<tr>{_count_line(look, entry.net, recipe, counted)}</tr>" for look, entry in shown)
    return f'{_STYLE}<div style="overflow-x:auto"><table class="counts"><tr>{head}</tr>{lines}</table></div>'


def twin_sentences(table: Bench) -> list[str]:
    """For each pair of twins on the bench, whether they have equally many parameters, and what the others are."""
    pairs = [(net, net.twin()) for net in table.nets if net.block == "residual" and net.twin() in table.nets]
    return [_twin_sentence(residual, plain, table.recipe.data) for residual, plain in pairs]


def _twin_sentence(residual: NetSpec, plain: NetSpec, data: str) -> str:
    count, plain_count = (estimates.cost(net, data).parameters for net in (residual, plain))
    places = {"residual": residual.title, "plain": plain.title, "count": count, "more": count - plain_count}
    if count == plain_count:
        return _("{residual} and {plain} have the same {count:,} parameters: the shortcut adds none.", **places)
    return _("{residual} has {more:,} parameters more than {plain}: those of its shortcuts.", **places)


def columns(rows: Sequence[Layer], batch: int) -> dict[str, list[Any]]:
    """The layer table by column."""
    convs = [row if row.operation in ("conv", "pool") else None for row in rows]
    return {
        _("stage"): [row.stage for row in rows],
        _("block"): [str(row.block or "") for row in rows],
        _("layer"): [_rest(row) for row in rows],
        _("operation"): [row.label for row in rows],
        _("output, C × H × W"): [_shape(row) for row in rows],
        _("kernel"): [f"{row.kernel}×{row.kernel}" if row else "" for row in convs],
        _("stride"): [str(row.stride) if row else "" for row in convs],
        _("parameters"): [row.parameters for row in rows],
        _("multiply-adds"): [row.multiply_adds for row in rows],
        _("sees, pixels"): [row.receptive_field for row in rows],
        _("output, MB at batch {batch}", batch=batch): [round(_megabytes(row, batch), 3) for row in rows],
    }


def side_by_side(rows: Sequence[Layer], others: Sequence[Layer], names: tuple[str, str]) -> dict[str, list[Any]]:
    """Two layer tables aligned by the layers' names; ≠ marks the rows that differ."""
    pairs = aligned(rows, others)
    either = [one or other for one, other in pairs]
    told: dict[str, list[Any]] = {
        _("differs"): ["" if one and other and _facts(one) == _facts(other) else "≠" for one, other in pairs],
        _("layer"): [row.name for row in either if row],
    }
    for place, name in enumerate(names):
        side = [pair[place] for pair in pairs]
        name = name if names[0] != names[1] else f"{name} ({place + 1})"
        told[_("{net}: operation", net=name)] = [row.label if row else "" for row in side]
        told[_("{net}: output", net=name)] = [_shape(row) if row else "" for row in side]
        told[_("{net}: parameters", net=name)] = [f"{row.parameters:,}" if row else "" for row in side]
        told[_("{net}: multiply-adds", net=name)] = [f"{row.multiply_adds:,}" if row else "" for row in side]
    return told


def aligned(rows: Sequence[Layer], others: Sequence[Layer]) -> list[tuple[Layer | None, Layer | None]]:
    """Rows of the same name beside each other, in the order of stages and blocks."""
    one, other = ({row.name: row for row in table} for table in (rows, others))
    place = {row.name: at for table in (others, rows) for at, row in enumerate(table)}
    order = sorted(
        [*rows, *(row for row in others if row.name not in one)],
        key=lambda row: (_STEM_AND_HEAD.get(row.stage) or int(row.stage[5:]), row.block, _part(row), place[row.name]),
    )
    return [(one.get(row.name), other.get(row.name)) for row in order]


_STEM_AND_HEAD = {"stem": -1, "head": 99}  # before and behind the numbered stages
_PARTS = (".branch.", ".gate", ".shortcut", ".add", ".after.")


def _part(row: Layer) -> int:
    """Branch, shortcut, addition, what follows it."""
    return next((at for at, part in enumerate(_PARTS) if part in row.name), 0)


def csv(columns: dict[str, list[Any]]) -> str:
    """The columns as comma-separated values with a line of titles."""
    text = io.StringIO()
    writer = csv_writer(text)
    writer.writerow(columns)
    writer.writerows(zip(*columns.values(), strict=True))
    return text.getvalue()


def sums(rows: Sequence[Layer], batch: int) -> str:
    """What the layers of one net add up to."""
    return _(
        "Sum: {parameters:,} parameters, {cost:,.1f} M multiply-adds an image, {memory:,.1f} MB of outputs at batch "
        "{batch} in float32.",
        parameters=sum(row.parameters for row in rows),
        cost=sum(row.multiply_adds for row in rows) / 1e6,
        memory=sum(_megabytes(row, batch) for row in rows),
        batch=batch,
    )


def _rest(row: Layer) -> str:
    """The name without what the columns stage and block say."""
    return row.name.split(".", 2)[2] if row.block else row.name.split(".", 1)[1]


def _shape(row: Layer) -> str:
    return " × ".join(map(str, row.shape))


def _megabytes(row: Layer, batch: int) -> float:
    return row.size * batch * 4 / 1e6


def _facts(row: Layer) -> tuple[object, ...]:
    return row.operation, row.shape, row.kernel, row.stride, row.parameters


def _count_line(look: Look, net: NetSpec, recipe: Recipe, counted: Counted) -> str:
    total = _totals(net, counted)
    memory = estimates.memory(net, recipe)
    cells = (
        str(net.depth),
        " + ".join(str(count) for count in net.blocks),
        f"{total[0]:,}",
        f"{total[1] / 1e6:,.1f} M",
        _("{side} px", side=f"{total[2]:,}"),
        f"{memory / 1e6:,.0f} MB" if memory < 1e9 else f"{memory / 1e9:,.1f} GB",
    )
    name = f'<td style="color:{escape(look.colour)}">{sample(look.colour, look.dash)}{escape(look.label)}</td>'
    return name + "".join(f"<td>{cell}</td>" for cell in cells)


@lru_cache(maxsize=256)
def _totals(net: NetSpec, counted: Counted) -> tuple[int, int, int]:
    """Parameters, multiply-adds for one image, and the receptive field of the last convolution."""
    channels, classes, size = counted
    rows = layer_table(net, channels, classes, size)
    field = max(row.receptive_field for row in rows if row.operation == "conv")
    return sum(row.parameters for row in rows), sum(row.multiply_adds for row in rows), field
