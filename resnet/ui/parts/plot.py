"""The one chart component: it redraws in place, so zoom and hidden curves outlive every update.

`st.plotly_chart` builds the chart anew at each change of its data (streamlit#8782).
"""

import html
import json
import re
from collections.abc import Callable
from typing import TYPE_CHECKING

import streamlit as st

from resnet.i18n import _
from resnet.ui.app import server
from resnet.ui.parts.component import component

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

    from resnet.charts.chart import Chart

HEIGHT = 420  # pixels, for a figure that names no height

# The buttons stand above the plot on the left: on the right they would cover the names of the curves.
_STYLE = """
.resnet-plot { width: 100%; overflow: auto hidden; position: relative; }
.resnet-plot .resnet-waits { position: absolute; inset: 0; display: grid; place-items: center; pointer-events: none; }
.resnet-plot .modebar { left: 64px; right: auto !important; top: 0 !important; }
.resnet-plot .modebar:focus-within { opacity: 1 !important; }
.resnet-plot .resnet-curves { position: absolute; top: 0; right: 0; display: flex; flex-wrap: wrap; gap: 0.25rem;
  padding: 0.25rem; background: var(--st-background-color); }
.resnet-plot .resnet-curves:not(:focus-within) { clip-path: inset(50%); height: 1px; width: 1px; overflow: hidden; }
.resnet-plot .resnet-curves button { border: 1px solid var(--st-border-color); border-radius: var(--st-button-radius);
  background: none; color: var(--st-text-color); padding: 0.1rem 0.5rem; font-size: 0.875rem; }
.resnet-plot .resnet-curves button[aria-pressed="false"] { text-decoration: line-through; }
"""

_mount = component("plot", '<div class="resnet-plot"></div>', _STYLE, before="reach")


def plot(figure: "Figure | Chart", key: str, height: int | None = None, said: str = "") -> None:
    """Show a Plotly figure as wide as its place; the same `key` is the same chart in every run.

    Text, axes and background take the colours of the page's theme unless the figure sets them. A zoom or a hidden
    curve is kept until ``layout.uirevision`` (of an axis: ``xaxis.uirevision``) changes. Float32 arrays travel as such.
    """
    text = described(figure)
    show(text, key, height or height_of(text), said=said)


def height_of(text: str) -> int:
    """The height in pixels that a described figure names."""
    return int(json.loads(text)["layout"].get("height") or HEIGHT)


def described(figure: "Figure | Chart") -> str:
    """The figure as a text. Streamlit sees whether a text has changed, and else leaves the chart alone."""
    from plotly.io.json import to_json_plotly

    spec = figure.to_dict()
    spec["layout"].pop("template", None)  # of graph_objects: 7 kB of defaults that the component replaces
    return str(to_json_plotly(spec))


def show(
    text: str,
    key: str,
    height: int,
    part: str = "",
    at: float = 0.0,
    on_pick: Callable[[], None] | None = None,
    said: str = "",
) -> None:
    """Show what `described` gave; `part` is the panel's part that it was, made `at`, for the browser to follow.

    A click on a point with `customdata` calls `on_pick`, when it is given, and leaves that in ``picked`` of the key.
    Who cannot see the chart hears `said`, the sentence that stands by it (Markdown).
    """
    file = "resnet-lab-" + re.sub(r"[^A-Za-z0-9]+", "-", key).strip("-")
    data = {"key": key, "figure": text, "height": height, "file": file, "library": server.PLOTLY}
    data["svg"] = _("Download plot as an SVG")
    data |= {"said": heard(said), "words": _words()}
    picks = {"on_picked_change": on_pick} if on_pick else {}
    _mount(key=key, data={**data, "live": part, "at": at, **({"picks": True} if on_pick else {})}, **picks)


def heard(text: str) -> str:
    """Markdown or HTML as it is read aloud."""
    return html.unescape(re.sub(r"<[^>]*>|\*\*|(?<!\\)[*`$]", "", text)).replace("\\", "").strip()


def _words() -> dict[str, str]:
    """What else is read aloud of a chart."""
    return {
        "chart": _("Chart"),
        "tools": _("Tools of the chart"),
        "curves": _("Curves to hide or show"),
        "x": _("Sideways: {x}."),
        "y": _("Upwards: {y}."),
        "names": _("Names: {names}."),
    }


def picked(key: str) -> str:
    """What the point stands for that was clicked in that chart; for `on_pick`."""
    told = st.session_state[key].picked
    return told if isinstance(told, str) else ""
