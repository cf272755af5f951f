"""What figures with several panels become in a narrow place: fewer columns, each panel with its own height."""

from typing import Any

import plotly.graph_objects as go

BETWEEN = 0.05  # share of the width on each side of a gap between two columns


def stack(fig: go.Figure, count: int, columns: int, row: int, gap: int, right: int = 12) -> None:
    """Let a narrow page lay the `count` panels of `fig` in `columns`, each `row` pixels high.

    The `gap` between is for titles. Panels and their titles, the first annotations, are taken in their order; for
    ``layout.meta`` see `axes`.
    """
    layout = fig.to_dict()["layout"]
    rows = -(-count // columns)
    inside = rows * row + (rows - 1) * gap
    margin = layout["margin"]
    texts = [dict(text) for text in layout.get("annotations", [])]
    patch: dict[str, Any] = {"height": inside + margin["t"] + margin["b"], "margin": {"r": right}, "annotations": texts}
    for place in range(count):
        down, across = divmod(place, columns)
        left = across / columns + (BETWEEN if across else 0)
        end = (across + 1) / columns - (BETWEEN if across < columns - 1 else 0)
        top = 1 - down * (row + gap) / inside
        axis = str(place + 1) if place else ""
        patch[f"xaxis{axis}"] = {"domain": [left, end], **_x_title(layout, place + columns >= count)}
        patch[f"yaxis{axis}"] = {"domain": [max(0.0, top - row / inside), top]}
        if columns > 1:
            patch[f"yaxis{axis}"] |= _y_title(layout, across == 0)
        if place < len(texts):
            texts[place] |= {"x": (left + end) / 2, "y": top}
    fig.update_layout(meta={"compact": patch})


def _x_title(layout: dict[str, Any], lowest: bool) -> dict[str, Any]:
    """The title once, below the last panels."""
    last = max((name for name in layout if name.startswith("xaxis")), key=lambda name: int(name[5:] or 1))
    return {"title": {"text": layout[last]["title"]["text"] if lowest else ""}}


def _y_title(layout: dict[str, Any], leftmost: bool) -> dict[str, Any]:
    """Title and ticks once, left of the first panels."""
    return {"title": {"text": layout["yaxis"]["title"]["text"] if leftmost else ""}, "showticklabels": leftmost}
