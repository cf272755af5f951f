"""A plain chart is the same figure as Plotly's own, without its price."""

import base64
import json

import numpy as np
import plotly.graph_objects as go
import pytest
from plotly.io.json import to_json_plotly

from resnet.charts.chart import Chart


def drawn() -> tuple[Chart, go.Figure]:
    """The same calls on both."""
    both = Chart({"height": 200}), go.Figure(layout={"height": 200})
    for fig in both:
        fig.add_scatter(x=np.arange(3, dtype="f4"), y=np.array([1.0, np.nan, np.inf], "f4"), name="a")
        fig.add_scatter(x=np.arange(3), y=[1, 2, 3], text=np.array(["p", "q", "r"]), name="b")
        fig.add_hline(y=2, line={"color": "#808890"})
        fig.add_vline(x=1, line={"width": 2})
        fig.add_annotation(text="here", x=1, y=2)
        fig.update_xaxes(range=[0, 2])
        fig.update_yaxes(type="log")
        fig.update_layout(meta={"least": 300})
    return both


def test_a_chart_travels_like_the_checked_figure() -> None:
    chart, figure = drawn()
    sent, expected = (json.loads(to_json_plotly(fig.to_dict())) for fig in (chart, figure))
    expected["layout"].pop("template")
    for trace in sent["data"] + expected["data"]:
        trace.pop("text", None)  # a list, or Plotly's own text array
        for axis in ("x", "y"):  # integers may travel in fewer bytes
            if isinstance(trace[axis], dict) and trace[axis]["dtype"].startswith("i"):
                trace[axis] = "integers"
    assert sent == expected


def test_the_checked_figure_of_a_chart_refuses_what_plotly_does_not_know() -> None:
    chart = Chart({})
    chart.add_scatter(x=[1], colour="red")
    with pytest.raises(ValueError, match="colour"):
        chart.figure()


def test_not_a_number_and_infinity_arrive_as_such() -> None:
    chart = Chart({})
    values = np.array([np.nan, np.inf, -np.inf, 0.0], "f4")
    chart.add_scatter(y=values)
    packed = chart.to_dict()["data"][0]["y"]
    back = np.frombuffer(base64.b64decode(packed["bdata"]), f"<{packed['dtype']}")
    np.testing.assert_array_equal(back, values)
