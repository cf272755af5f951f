"""The page of loss surfaces, with a real worker and two small nets that are trained."""

import time
from collections.abc import Callable, Iterator

import pytest
from streamlit.testing.v1 import AppTest

from resnet.runs.engine import Engine
from resnet.runs.engine import engine as engines
from resnet.runs.store import Store
from resnet.specs import NetSpec, Recipe
from resnet.ui.lab.surface import choosing, measured, picture
from tests.ui.conftest import MAIN
from tests.ui.test_pages import drawn, words_of  # noqa: F401

NETS = "plain-8-w4,res-8-w4"
RECIPE = Recipe(steps=8)
Visit = Callable[..., AppTest]


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory, data_home: object) -> Iterator[Engine]:
    """An engine that has trained both nets."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("RESNET_HOME", str(data_home))
        engine = Engine(Store(tmp_path_factory.mktemp("surface") / "runs.sqlite"), workers=1)
        engine.start()
        patch.setattr(engines, "_shared", engine)
        ids = [engine.submit(NetSpec.parse(name), RECIPE, "test") for name in NETS.split(",")]
        end = time.monotonic() + 180
        while {run.status for run in engine.store.runs(ids).values()} != {"done"}:
            assert time.monotonic() < end
            time.sleep(0.1)
        yield engine
        engine.close()


@pytest.fixture
def visit(trained: Engine, monkeypatch: pytest.MonkeyPatch) -> Visit:
    monkeypatch.setattr(engines, "_shared", trained)

    def open_page(nets: str = NETS, **words: str) -> AppTest:
        app = AppTest.from_file(str(MAIN), default_timeout=120)
        app.switch_page("../../../pages/lab/surface.py")
        for word, text in {"nets": nets, **RECIPE.to_query(), **words}.items():
            app.query_params[word] = text
        app.run()
        assert not app.exception
        return app

    return open_page


@pytest.fixture(autouse=True)
def only_the_first_level(monkeypatch: pytest.MonkeyPatch) -> None:
    """The worker has other tests to answer; few images."""
    monkeypatch.setattr(picture, "ask_ahead", lambda _asked: None)
    monkeypatch.setattr(measured, "IMAGES", (64, 32))


def test_the_page_shows_both_nets_with_their_loss_and_says_what_it_shows(visit: Visit, drawn) -> None:  # noqa: F811
    text = words_of(visit())
    assert "5 × 5 points; of 9 × 9: 50 of 162 measured." in text
    assert "Loss at the centre, which is the net itself: plain-8-w4 **" in text
    assert "two random directions out of" in text
    assert "on 64 training images" in text
    assert "The path of training is not drawn here" in text
    kinds = [trace["type"] for trace in drawn["surface-contours"]["data"]]
    assert kinds.count("contour") == 2
    titles = [note["text"] for note in drawn["surface-contours"]["layout"]["annotations"]]
    assert [title.split(" steps")[0] for title in titles] == [f"<b>{name}</b>, after 8" for name in NETS.split(",")]


def test_an_untrained_net_is_shown_too_and_says_so(visit: Visit, drawn) -> None:  # noqa: F811
    visit(nets="res-8-w4,plain-10-w4")
    titles = [note["text"] for note in drawn["surface-contours"]["layout"]["annotations"]]
    assert titles[0] == "<b>plain-10-w4</b>, untrained"
    assert titles[1].startswith("<b>res-8-w4</b>, after 8 steps")


def test_the_page_opens_with_nets_that_are_trained(visit: Visit) -> None:
    app = visit(nets="plain-10-w4,plain-8-w4,res-10-w4,res-8-w4")
    assert [str(spot.asked.net) for spot in shown(app)] == ["plain-8-w4", "res-8-w4"]


def test_the_path_of_training_is_drawn_on_the_plane_of_its_main_directions(visit: Visit, drawn) -> None:  # noqa: F811
    text = words_of(visit(directions="Training", relief="3D"))
    assert "Share of the variance of the kept weights along x and along y: plain-8-w4" in text
    traces = drawn["surface-relief"]["data"]
    assert [trace["type"] for trace in traces].count("surface") == 2
    steps = [trace["text"] for trace in traces if trace.get("mode") == "lines+markers"]
    assert [own[-1] for own in steps] == ["step 8", "step 8"]
    assert len(steps[0]) == len(set(steps[0])) > 3


def test_without_kept_steps_the_page_says_what_to_do(visit: Visit) -> None:
    app = visit(nets="res-10-w4", directions="Training")
    assert "not enough kept steps" in words_of(app)


def test_stop_holds_the_refinement_and_continue_takes_it_up_again(
    visit: Visit,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[object] = []
    monkeypatch.setattr(picture, "ask_ahead", asked.append)
    app = visit()
    assert len(asked) == 1
    app.button(key="surface-stop").click().run()
    assert len(asked) == 1
    assert not [button for button in app.button if button.key == "surface-stop"]
    app.button(key="surface-go").click().run()
    assert len(asked) == 2
    assert asked[0] == asked[1]


def test_nets_range_and_pair_stand_in_the_address(visit: Visit) -> None:
    app = visit(surface="2", second="0", reach="±2", pair="3")
    (spot,) = shown(app)
    assert spot.asked.net.block == "residual"
    assert (spot.asked.x, spot.asked.seed) == ((-2, 2), 2)


def shown(app: AppTest) -> tuple[choosing.Spot, ...]:
    """The nets that the page has shown last."""
    arguments = [argument for panel in app.session_state["panels"] for argument in panel.arguments]
    (view,) = [argument for argument in arguments if isinstance(argument, picture.View)]
    return view.spots


def test_a_wrong_place_in_the_address_is_named(visit: Visit) -> None:
    app = visit(surface="7")
    assert "“surface” in the link must be a number from 1 to 2; got 7" in words_of(app)
