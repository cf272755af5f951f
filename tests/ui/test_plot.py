"""What `plot` hands to the browser."""

import base64
import json
from typing import Any

import numpy as np
import plotly.graph_objects as go
import pytest

from resnet.ui.app import server
from resnet.ui.parts import plot as module
from resnet.ui.parts.plot import HEIGHT, heard, plot


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    calls: list[dict[str, Any]] = []
    monkeypatch.setattr(module, "_mount", lambda key, data: calls.append(data))
    return calls


def test_float32_values_travel_as_four_bytes_each_and_nan_survives(sent: list[dict[str, Any]]) -> None:
    values = np.array([1.5, np.nan, -2.0], dtype=np.float32)
    plot(go.Figure(go.Scatter(y=values)), "losses")
    (trace,) = json.loads(sent[0]["figure"])["data"]
    assert trace["y"]["dtype"] == "f4"
    np.testing.assert_array_equal(np.frombuffer(base64.b64decode(trace["y"]["bdata"]), dtype=np.float32), values)


def test_the_template_of_plotly_is_not_sent(sent: list[dict[str, Any]]) -> None:
    figure = go.Figure(go.Scatter(y=[1, 2]), layout={"title": "kept"})
    plot(figure, "losses")
    layout = json.loads(sent[0]["figure"])["layout"]
    assert "template" not in layout
    assert layout["title"]["text"] == "kept"
    assert figure.layout.template.layout.colorway  # the caller's figure is as it was


def test_the_height_is_asked_for_or_the_figure_s_or_the_usual_one(sent: list[dict[str, Any]]) -> None:
    plot(go.Figure(layout={"height": 300}), "a", height=200)
    plot(go.Figure(layout={"height": 300}), "a")
    plot(go.Figure(), "a")
    assert [call["height"] for call in sent] == [200, 300, HEIGHT]


def test_a_picture_is_named_after_its_chart(sent: list[dict[str, Any]]) -> None:
    plot(go.Figure(), "Loss / curves: 1")
    assert sent[0]["file"] == "resnet-lab-Loss-curves-1"
    assert sent[0]["library"] == server.PLOTLY


def test_the_same_figure_is_the_same_text(sent: list[dict[str, Any]]) -> None:
    for _ in range(2):
        plot(go.Figure(go.Scatter(y=np.arange(3, dtype=np.float32), name="res-20")), "a")
    assert sent[0] == sent[1]


def test_who_cannot_see_a_chart_hears_the_sentence_without_its_signs(sent: list[dict[str, Any]]) -> None:
    plot(go.Figure(), "a", said="**Depth**: plain\\-56 ends above `plain-20` by 1.5 \\* 10")
    assert sent[0]["said"] == "Depth: plain-56 ends above plain-20 by 1.5 * 10"
    assert heard("<p>less &lt; more</p>") == "less < more"
