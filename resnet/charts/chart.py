"""A figure as plain values: what a page draws again and again, without Plotly's check of every part.

Four curves with their labels take 1 ms to describe, 10 ms as `graph_objects`. `figure` makes the checked figure of it,
for a notebook and for the tests.
"""

from base64 import b64encode
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

_TYPES = {"f": "f4", "i": "i4", "u": "i4"}  # how arrays travel; a letter is numpy's kind


class Chart:
    """Traces and layout in Plotly's own words; methods are called like those of `plotly.graph_objects.Figure`."""

    def __init__(self, layout: Mapping[str, Any]) -> None:
        self._traces: list[dict[str, Any]] = []
        self._layout = dict(layout)

    def add_scatter(self, **trace: Any) -> None:
        self._traces.append({"type": "scatter", **trace})

    def add_bar(self, **trace: Any) -> None:
        self._traces.append({"type": "bar", **trace})

    def add_heatmap(self, **trace: Any) -> None:
        self._traces.append({"type": "heatmap", **trace})

    def add_annotation(self, **words: Any) -> None:
        self._layout.setdefault("annotations", []).append(words)

    def add_hline(self, y: float, line: Mapping[str, Any]) -> None:
        """A line across the plot at the value `y`."""
        self._add_line({"x0": 0, "x1": 1, "xref": "x domain", "y0": y, "y1": y, "yref": "y"}, line)

    def add_vline(self, x: float, line: Mapping[str, Any]) -> None:
        """A line from bottom to top at the value `x`."""
        self._add_line({"y0": 0, "y1": 1, "yref": "y domain", "x0": x, "x1": x, "xref": "x"}, line)

    def add_cursor(self, x: float, line: Mapping[str, Any]) -> None:
        """A line that the browser moves to the step that is looked at (assets/ui/plot.js)."""
        self.add_vline(x, line)
        self._layout["meta"] = {**self._layout.get("meta", {}), "cursor": [len(self._layout["shapes"]) - 1]}

    def update_xaxes(self, **words: Any) -> None:
        self._layout["xaxis"] = {**self._layout.get("xaxis", {}), **words}

    def update_yaxes(self, **words: Any) -> None:
        self._layout["yaxis"] = {**self._layout.get("yaxis", {}), **words}

    def update_layout(self, **words: Any) -> None:
        self._layout.update(words)

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON: arrays of numbers as Plotly's base64, which keeps NaN."""
        plain: dict[str, Any] = _plain({"data": self._traces, "layout": self._layout})
        return plain

    def figure(self) -> "Figure":
        """The same as Plotly's own figure. Raises ValueError for what Plotly does not know."""
        from plotly.graph_objects import Figure

        return Figure({"data": self._traces, "layout": self._layout})

    @property
    def data(self) -> Any:
        """The traces as Plotly's objects."""
        return self.figure().data

    @property
    def layout(self) -> Any:
        """The layout as Plotly's object."""
        return self.figure().layout

    def show(self) -> None:
        """For a notebook."""
        self.figure().show()

    def _repr_mimebundle_(self, *_include: Any, **_exclude: Any) -> Any:
        return self.figure()._repr_mimebundle_()

    def _add_line(self, place: Mapping[str, Any], line: Mapping[str, Any]) -> None:
        self._layout.setdefault("shapes", []).append({"type": "line", **place, "line": dict(line)})


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {name: _plain(part) for name, part in value.items() if part is not None}
    if isinstance(value, np.ndarray):
        return _packed(value)
    if isinstance(value, list | tuple):
        return [_plain(part) for part in value]
    return value.item() if isinstance(value, np.generic) else value


def _packed(values: np.ndarray) -> Any:
    """Numbers in Plotly's base64 form; texts as a list."""
    if values.dtype.kind not in _TYPES:
        return values.tolist()
    kind = "f8" if values.dtype == np.float64 else _TYPES[values.dtype.kind]
    packed: dict[str, Any] = {"dtype": kind, "bdata": b64encode(values.astype(f"<{kind}").tobytes()).decode()}
    return packed if values.ndim == 1 else {**packed, "shape": ", ".join(map(str, values.shape))}
