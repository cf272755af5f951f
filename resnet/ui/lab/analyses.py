"""Parts of the pages on equations, shattered gradients and path lengths."""

from collections.abc import Sequence
from concurrent.futures import Future
from typing import Any

import streamlit as st

from resnet.analyses.results import Equations, PathLengths, Shattered
from resnet.analyses.stages import inner_blocks, obstacles
from resnet.charts.analyses import equations_figure
from resnet.charts.look import Look, looks
from resnet.i18n import _
from resnet.runs.tasks import step0
from resnet.specs import NetSpec, Recipe
from resnet.specs.bench import Bench
from resnet.ui.parts import backend, widgets
from resnet.ui.parts.backend import ask
from resnet.ui.parts.plot import plot

EXACT = 1e-5  # a relative error below this is rounding in float32
DEEPEST = 400  # blocks: sampling paths of deeper nets takes minutes


def show_equations(net: NetSpec, recipe: Recipe, stage: int, look: Look) -> None:
    """Errors in both precisions, the parts of the gradient, and why an equation does not hold."""
    if not inner_blocks(net, stage):
        st.info(_("This stage has no block behind its change of size: choose a deeper net or another stage."))
        return
    backend.require_room(net, recipe)
    found = ask(step0.equations, net, _first(recipe), stage).result(backend.PATIENCE)
    single, double = found["float32"], found["float64"]
    st.html(_error_table(single, double))
    plot(equations_figure(look, double), key="equations")
    st.markdown(_equation_sentence(single, double))
    reasons = obstacles(net)
    if reasons:
        st.markdown(_("**Why not exact:** {reasons}", reasons=" ".join(reasons)))


def _error_table(single: Equations, double: Equations) -> str:
    """HTML: the relative error of both equations in both precisions."""
    lines = [
        (_("forward: x_L against x_l + ΣF"), single.forward, double.forward),
        (_("backward: both parts against the whole gradient"), single.backward, double.backward),
    ]
    head = f"<tr><td>{_('relative error')}</td><td>float32</td><td>float64</td></tr>"
    cells = "".join(f"<tr><td>{text}</td><td>{one:.1e}</td><td>{two:.1e}</td></tr>" for text, one, two in lines)
    style = "<style>.errors td { padding: 0.1rem 1.4rem 0.1rem 0; border: 0; }</style>"
    return f'{style}<table class="errors">{head}{cells}</table>'


def _equation_sentence(single: Equations, double: Equations) -> str:
    """Whether both equations hold, and how much of the gradient at the first block came unchanged."""
    holds = max(single.forward, single.backward) < EXACT
    text = _("Both equations hold to rounding.") if holds else _("The equations do not hold exactly here.")
    places = {"share": 100 * double.direct / double.total[0], "cosine": double.cosine[0], "block": double.names[0]}
    return text + " " + _(
        "At {block} the direct term is {share:.0f} % as long as the whole gradient; the branches' part stands at "
        "cosine {cosine:.2f} to it.",
        **places,
    )  # fmt: skip


def shattered(table: Bench, images: tuple[int, int]) -> list[tuple[Look, Shattered]]:
    """Slope and autocorrelation for every net on the bench, all asked for at once."""
    asked = []
    for entry in table.entries:
        backend.require_room(entry.net, table.recipe.but(batch=32))
        asked.append(ask(step0.shattered, entry.net, _first(table.recipe), *images))
    return list(zip(looks(table), _answers(asked), strict=True))


def paths(table: Bench) -> list[tuple[Look, PathLengths]]:
    """The gradient by path length for the residual nets on the bench that are not too deep for it."""
    chosen = [
        (look, entry.net)
        for look, entry in zip(looks(table), table.entries, strict=True)
        if entry.net.block == "residual" and sum(entry.net.blocks) <= DEEPEST
    ]
    asked = [ask(step0.path_lengths, net, _first(table.recipe)) for _look, net in chosen]
    return list(zip([look for look, _net in chosen], _answers(asked), strict=True))


def path_sentence(look: Look, found: PathLengths) -> str:
    """Where the middle 90 % of the gradient comes from, against the mean path."""
    low, high = found.effective
    return _(
        "**{net}**: 90 % of the gradient come through paths of {low} to {high} blocks; the mean path has {mean:.1f} of "
        "{count}.",
        net=widgets.plain(look.label),
        low=low,
        high=high,
        mean=found.blocks / 2,
        count=found.blocks,
    )


def shattered_sentence(series: Sequence[tuple[Look, Shattered]]) -> str:
    """The autocorrelation at distance 1 of every net."""
    parts = [f"{widgets.plain(look.label)} **{found.correlation[1]:.2f}**" for look, found in series]
    return _(
        "Autocorrelation between neighbouring points (1: the same, 0: no relation): {nets}.", nets=", ".join(parts)
    )


def _answers(asked: Sequence["Future[Any]"]) -> list[Any]:
    return [answer.result(backend.PATIENCE) for answer in asked]


def _first(recipe: Recipe) -> Recipe:
    """Only what the net of step 0 and its first batch depend on."""
    return Recipe(data=recipe.data, level=recipe.level, batch=recipe.batch, augment=recipe.augment, seed=recipe.seed)
