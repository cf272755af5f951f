"""Cut the wire and the analyses at kept steps, with a real worker and two small nets that are trained."""

import json
from collections.abc import Callable

import numpy as np
import pytest
import torch
from streamlit.testing.v1 import AppTest

from resnet.analyses.paths import path_lengths
from resnet.analyses.series import PAIRS, PLACES
from resnet.analyses.wire import TRAINED, cut
from resnet.charts.frames import laid_over
from resnet.runs.engine import Engine
from resnet.runs.store import LAST
from resnet.runs.tasks import step0
from resnet.runs.tasks.loading import first_images, fresh
from resnet.specs import NetSpec
from resnet.ui.lab import shattered, wire
from resnet.ui.parts import backend, panels
from tests.ui.test_pages import NETS, RECIPE, button, drawn, trained, values_of, visit, words_of  # noqa: F401

Visit = Callable[..., AppTest]
NET = NetSpec.parse("res-8-w4")


@pytest.fixture(autouse=True)
def nothing_ahead(monkeypatch: pytest.MonkeyPatch) -> None:
    """The worker has other tests to answer."""
    monkeypatch.setattr(wire, "ask_ahead", lambda _asked, _percent: None)
    monkeypatch.setattr(shattered, "ask_ahead", lambda _asked: None)


def content(app: AppTest, kind: type) -> dict[str, str]:
    """What the page's panel about that kind of question shows."""
    found = [one for one in app.session_state["panels"] if isinstance(one.arguments[0], kind)]
    return dict(panels.drawn(found[-1]).content)


def test_each_frame_is_the_profile_of_the_net_cut_so_far(visit: Visit, drawn) -> None:  # noqa: F811
    app = visit("wire", **{"lambda": "70"})
    shown = content(app, wire.Asked)
    known = json.loads(shown["steps@"])
    assert {100, 70, 0} <= set(known)
    for percent in (100, 70, 0):
        figure = laid_over(json.loads(shown["profiles@"]), json.loads(shown[f"profiles@{percent}"]))
        lines = {trace["name"]: values_of(trace) for trace in figure["data"]}
        for name, net in ((wire.label(percent), cut(NET, percent)), ("res-8-w4", NET), ("plain-8-w4", NET.twin())):
            expected = step0.profiles(net, backend.first_batch(RECIPE))["output_gradient"]
            assert lines[name] == pytest.approx(expected, rel=1e-4)
    assert "λ = 0.7: the shortcuts of 3 blocks together pass λⁿ = 0.34" in words_of(app)
    assert drawn["wire-profiles"] == laid_over(json.loads(shown["profiles@"]), json.loads(shown["profiles@70"]))


def test_the_ends_have_their_curves_and_the_rest_can_be_trained(visit: Visit, monkeypatch, drawn) -> None:  # noqa: F811
    app = visit("wire")
    assert {trace["legendgroup"] for trace in drawn["wire-curves"]["data"]} == {"λ = 1", "λ = 0"}
    asked: list[NetSpec] = []
    monkeypatch.setattr(backend, "submit", lambda net, _recipe: asked.append(net))
    button(app, "wire-train").click().run()  # type: ignore[attr-defined]
    assert set(asked) == {cut(NET, percent) for percent in TRAINED[1:-1]}


def test_the_published_table_says_what_failed() -> None:
    html = wire.published_table()
    for row in ("original</td><td>6.61", "scaling 0.5 / 1</td><td>fail", "scaling 0.5 / 0.5</td><td>12.35"):
        assert row in html


def weights_of(engine: Engine, step: int) -> dict[str, torch.Tensor]:
    """What the run of the residual net has kept of that step."""
    from safetensors.torch import load

    run = backend.runs_of([NET], RECIPE)[NET]
    return load(engine.store.state(run.id, LAST if step == RECIPE.steps else step) or b"")


def test_path_lengths_are_those_of_the_weights_that_were_kept(visit: Visit, trained: Engine) -> None:  # noqa: F811
    app = visit("paths", **{"paths-step": "20"})
    (slider,) = [one for one in app.main.select_slider if one.key == "paths-step"]
    assert slider.value == 20
    middle = [int(step) for step in slider.options if 0 < int(step) < 20][-1]
    for step in (0, middle, 20):
        slider.set_value(step).run()
        net, dataset = fresh(NET, RECIPE)
        if step:
            net.load_state_dict(weights_of(trained, step))
        images, labels = first_images(dataset, RECIPE, 32)
        own = path_lengths(net.train(), images.contiguous(), labels)
        assert f"{100 * own.total.max():.0f} ± {100 * own.error[own.total.argmax()]:.0f} %" in words_of(app)


def test_a_net_without_that_step_says_so(visit: Visit) -> None:  # noqa: F811
    app = visit("equations", nets="res-8-w4,res-14-w4-preact", of="1", stage="1", **{"equations-step": "20"})
    assert "These have not kept step 20: res-14-w4-preact untrained." in words_of(app)


def test_a_plain_net_has_the_gains_of_that_step(visit: Visit, drawn) -> None:  # noqa: F811
    visit("equations", nets="plain-8-w4", **{"equations-step": "20"})
    later = values_of(drawn["product"]["data"][0])
    visit("equations", nets="plain-8-w4")
    first = values_of(drawn["product"]["data"][0])
    assert np.abs(np.log(later / first)).max() > 0.01


def test_the_pictures_between_two_images_and_what_twenty_pairs_say(visit: Visit) -> None:  # noqa: F811
    app = visit("shattered", between="3, 5")
    shown = content(app, shattered.Asked)
    assert json.loads(shown["steps@"]) == list(PLACES)
    assert all(shown[f"pictures@{place}"].count("<img") == 3 for place in PLACES)
    assert len({shown[f"pictures@{place}"] for place in PLACES}) == len(PLACES)
    assert sum(len(shown[f"pictures@{place}"]) for place in PLACES) < 3 * 100_000
    asked = next(
        one.arguments[0] for one in app.session_state["panels"] if isinstance(one.arguments[0], shattered.Asked)
    )
    assert asked.pieces[0] == (3, 5)
    assert sum(map(len, asked.pieces)) == 2 * PAIRS
    assert "measuring: 1 of 20 pairs" in words_of(app)
