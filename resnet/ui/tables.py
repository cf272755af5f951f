"""The tables and sentences of the Build page."""

from collections.abc import Sequence
from html import escape
from typing import Any

from resnet import catalog, estimates
from resnet.bench import Entry
from resnet.charts.look import Look
from resnet.layers import Layer
from resnet.specs import NetSpec, Recipe
from resnet.ui.line import sample
from resnet.words import _

_STYLE = """<style>
.counts { border-collapse: collapse; font-size: 0.92rem; }
.counts th, .counts td { border: 0; padding: 0.2rem 1.6rem 0.2rem 0; text-align: right; white-space: nowrap; }
.counts th { font-weight: 400; opacity: 0.75; }
.counts th:first-child, .counts td:first-child { text-align: left; font-weight: 600; }
.counts i { display: inline-block; width: 1.75rem; height: 3px; vertical-align: middle; margin-right: 0.5rem; }
</style>"""


def describe(net: NetSpec) -> str:
    """The net's choices in words, e.g. "Residual · option A · batch norm · ReLU · He"."""
    chosen = [catalog.BLOCKS[net.block]]
    chosen += [catalog.SHORTCUTS[net.shortcut]] if net.block == "residual" else []
    chosen += [catalog.NORMS[net.norm], catalog.ACTIVATIONS[net.activation], catalog.INITS[net.init]]
    return " · ".join(_(record.label) for record in chosen)


def counts(shown: Sequence[tuple[Look, Entry]], recipe: Recipe) -> str:
    """HTML: a line per net with depth, blocks, parameters, multiply-adds and the memory that training needs."""
    titles = (
        _("net"),
        _("depth"),
        _("blocks"),
        _("parameters"),
        _("multiply-adds an image"),
        _("memory to train, batch {batch}", batch=recipe.batch),
    )
    head = "".join(f"<th>{escape(title)}</th>" for title in titles)
    lines = "".join(f"<tr>{_count_line(look, entry.net, recipe)}</tr>" for look, entry in shown)
    return f'{_STYLE}<div style="overflow-x:auto"><table class="counts"><tr>{head}</tr>{lines}</table></div>'


def twin_sentence(residual: NetSpec, plain: NetSpec, parameters: int, plain_parameters: int) -> str:
    """Whether twins have equally many parameters, and where the difference comes from."""
    if parameters == plain_parameters:
        return _(
            "{residual} and {plain} have the same {count:,} parameters: the shortcut adds none.",
            residual=residual,
            plain=plain,
            count=parameters,
        )
    return _(
        "{residual} has {more:,} parameters more than {plain}: its projections.",
        residual=residual,
        plain=plain,
        more=parameters - plain_parameters,
    )


def columns(rows: Sequence[Layer]) -> dict[str, list[Any]]:
    """The layer table by column."""
    return {
        _("layer"): [row.name for row in rows],
        _("operation"): [row.operation for row in rows],
        _("output, C × H × W"): [" × ".join(map(str, row.shape)) for row in rows],
        _("kernel"): [row.kernel if row.operation == "conv" else None for row in rows],
        _("stride"): [row.stride if row.operation == "conv" else None for row in rows],
        _("parameters"): [row.parameters for row in rows],
        _("multiply-adds"): [row.multiply_adds for row in rows],
    }


def _count_line(look: Look, net: NetSpec, recipe: Recipe) -> str:
    cost = estimates.cost(net, recipe.data)
    memory = estimates.memory(net, recipe)
    cells = (
        str(net.depth),
        " + ".join(str(count) for count in net.blocks),
        f"{cost.parameters:,}",
        f"{cost.multiply_adds / 1e6:,.1f} M",
        f"{memory / 1e6:,.0f} MB" if memory < 1e9 else f"{memory / 1e9:,.1f} GB",
    )
    name = f'<td style="color:{escape(look.colour)}">{sample(look.colour, look.dash)}{escape(look.label)}</td>'
    return name + "".join(f"<td>{cell}</td>" for cell in cells)
