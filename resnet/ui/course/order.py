"""Lesson 10: five orders drawn; their curves at two depths beside the published errors."""

import numpy as np

from resnet.charts.curves import View
from resnet.charts.drawing import blocks_figure
from resnet.charts.look import Look, doubles, look, ranks
from resnet.i18n import _
from resnet.lessons import Reveal, Verdict, order
from resnet.specs import NetSpec
from resnet.specs.bench import Bench, Entry
from resnet.specs.limits import LIMITS
from resnet.ui.bench import session
from resnet.ui.course import experiment
from resnet.ui.lab import train
from resnet.ui.lab.gradients import profiles
from resnet.ui.parts import backend, panels, plot, widgets

NAME = "orders"
DEPTHS = (56, 20)
DEPTH = DEPTHS[0]  # of which the question asks
PROBE = "activation_std"


def picture(seen: bool) -> Reveal | None:
    """Before the guess a block of each order; then their curves, or their ends beside the published ones."""
    if not seen:
        _blocks()
        return None
    views = {"curves": _("Curves"), "ends": _("Ends and paper"), "blocks": _("Blocks")}
    view = widgets.choice("order-view", _("Chart"), views, _("Losses through training, where they end, or the blocks."))
    if view == "blocks":
        _blocks()
    else:
        depths = {str(depth): _("{depth} layers", depth=depth) for depth in DEPTHS}
        depth = int(widgets.choice("order-depth", _("Depth"), depths, _("Of the five nets that are compared.")))
        _curves(depth) if view == "curves" else _ends(depth)
    return order.reveal(experiment.outcomes(NAME), DEPTH)


def _blocks() -> None:
    nets = [row.spec for row in order.rows(DEPTH).values()]
    plot.plot(blocks_figure(list(zip(_looks(nets), nets, strict=True)), block="stage1.block2"), "lesson-blocks")


def _looks(nets: list[NetSpec]) -> list[Look]:
    named = zip(nets, ranks(nets), doubles(nets), strict=True)
    return [look(net, _(order.ORDERS[net.order]), rank=rank, double=double) for net, rank, double in named]


def _ends(depth: int) -> None:
    rows = tuple((row.key, _(order.ORDERS[name])) for name, row in order.rows(depth).items())
    experiment.show(NAME, rows, "lesson-orders")


def bench(depth: int) -> Bench:
    """The five orders at one depth, with all seeds of the experiment."""
    rows = list(order.rows(depth).values())
    entries = tuple(Entry(net=row.spec, label=_(order.ORDERS[row.spec.order])) for row in rows)
    return Bench(entries=entries[: LIMITS.max_nets], recipe=order.EXPERIMENT.recipe(rows[0]))


def _curves(depth: int) -> None:
    asked = bench(depth)
    shown = panels.show(panels.panel(_drawn, asked, runs=backend.ids(asked)))
    text = shown.content["curves"]
    plot.show(text, "lesson-curves", plot.height_of(text), shown.part("curves"), shown.at)


def _drawn(asked: Bench) -> dict[str, str]:
    return {"curves": train.drawn(asked, View())["curves"]}


def check_clean(entered: str) -> Verdict:
    """In how many orders the path is clean."""
    return order.count_clean(entered)


def check_positive(entered: str) -> Verdict:
    """Which order's branch only adds."""
    return order.adds_only(entered)


def check_follows(_entered: str) -> Verdict:
    """How its signal grows, measured on the visitor's bench at step 0."""
    own = session.current()
    wanted = {entry.net: name for name, entry in zip(own.names, own.entries, strict=True) if _asked(entry.net)}
    original = next((entry.net for entry in own.entries if entry.net == NetSpec(depth=DEPTH)), None)
    if not wanted or original is None:
        return order.follows({}, None)
    both = Bench(entries=(*(Entry(net=net) for net in list(wanted)[:1]), Entry(net=original)), recipe=own.recipe)
    measured: list[np.ndarray] = [one[PROBE] for one in profiles.start(both, PROBE).measured]
    return order.follows({wanted[both.nets[0]]: measured[0]}, measured[1])


def _asked(net: NetSpec) -> bool:
    return net.block == "residual" and net.depth == DEPTH and net.order in order.positive()


CHECKS = {"clean": check_clean, "positive": check_positive, "follows": check_follows}
