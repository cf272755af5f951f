"""The depth slider of a net, which follows the finger: what shows the net on the page goes with it before release.

Streamlit's own slider reports on release only. This one tells the other parts of the page where it is while it moves
(assets/ui/depth.js), and Python where it comes to rest.
"""

from functools import lru_cache, partial
from typing import Any

import streamlit as st

from resnet.findings.text import duration
from resnet.i18n import _, language
from resnet.specs import NetSpec, depths
from resnet.specs.bench import Bench, Entry
from resnet.training import estimates
from resnet.ui.bench import actions, session
from resnet.ui.parts import durations, panels
from resnet.ui.parts.component import RANGE, component

FINE = 110  # up to this depth every one has its place; beyond, each place is a little farther from the last
GROWTH = 1.08
_HEARD = "depths heard"  # in the session: number of the last move of each slider

_HTML = """<div class="resnet-depth">
<input class="resnet-range" type="range" min="0" step="1"><output></output><small></small>
</div>"""
_STYLE = """
.resnet-depth { display: grid; grid-template-columns: 1fr 2.4rem; column-gap: 0.5rem; align-items: center;
  font-size: 0.875rem; }
.resnet-depth input { width: 100%; }
.resnet-depth output { text-align: right; color: var(--st-primary-color); font-variant-numeric: tabular-nums; }
.resnet-depth small { grid-column: 1 / -1; opacity: 0.8; line-height: 1.2; }
.resnet-depth small:empty { display: none; }
"""
_mount = component("depth", _HTML, RANGE + _STYLE)


def slider(uid: int, place: int, entry: Entry, bench: Bench) -> None:
    """The slider of the entry at that place of the bench; nothing where the host allows one depth only."""
    possible = positions(entry.net)
    if len(possible) < 2:
        return
    panel = panels.show(panels.panel(_nothing, bench, drag=dragged, moving=("train", "cost")))
    words = {
        "label": _("Depth of {name}"),
        "settings": _("Settings of {name}"),
        "help": _("Layers with weights."),
        "measuring": _("measuring …"),
    }
    data = {
        "place": place,
        "depth": entry.net.depth,
        "depths": possible,
        "names": names(entry, tuple(possible), language()),
        "heard": st.session_state.setdefault(_HEARD, {}).get(uid, 0),
        "words": words,
        "panel": panel.token,
    }
    _mount(key=f"depth-{uid}", data=data, on_moved_change=partial(_heard, uid))


def positions(net: NetSpec) -> list[int]:
    """The depths that the net's slider offers, its own among them: all small ones, of great ones ever fewer."""
    possible = depths(net.branch, net.family)
    places: list[int] = []
    for depth in possible:
        if depth <= FINE or depth >= GROWTH * places[-1] or depth == possible[-1]:
            places.append(depth)
    return sorted({*places, net.depth})


@lru_cache(maxsize=200)
def names(entry: Entry, possible: tuple[int, ...], language: str) -> list[str]:
    """What the net is called at each depth."""
    return [entry.change_net(depth=depth).name if not entry.label else entry.label for depth in possible]


def moved(bench: Bench, place: int, depth: int) -> Bench:
    """The bench as it is when the slider comes to rest there. Raises SpecError."""
    return bench.replace(place, bench.entries[place].change_net(depth=depth))


def dragged(bench: Bench, place: int, depth: int, _step: int) -> dict[str, str]:
    """What the side bar says while a slider is there: the main button, and what that depth costs."""
    there = moved(bench, place, depth)
    return {"train": actions.main_label(there), "cost": _cost(there, there.entries[place].net)}


def _cost(bench: Bench, net: NetSpec) -> str:
    """What a great depth costs; empty for a usual one."""
    if net.depth <= FINE:
        return ""
    size = estimates.memory(net, bench.recipe) / 2**30
    length = durations.seconds_alone(net, bench.recipe)
    return _("{length} of training, {size:.1f} GB of memory", length=duration(length), size=size)


def _nothing(_bench: Bench) -> dict[str, str]:
    return {}


def _heard(uid: int) -> None:
    """The slider has come to rest."""
    told: Any = st.session_state[f"depth-{uid}"].moved
    if isinstance(told, dict) and isinstance(told.get("depth"), int) and isinstance(told.get("number"), int):
        st.session_state.setdefault(_HEARD, {})[uid] = told["number"]
        session.change_entry(uid, lambda bench, at: moved(bench, at, told["depth"]))
