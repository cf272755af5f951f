"""The host's page: for who has the token alone; limits and classes are changed there."""

from collections.abc import Callable, Iterator

import pytest
from streamlit.testing.v1 import AppTest

from resnet.runs.engine import Engine
from resnet.runs.store import classes
from resnet.specs import NetSpec, Recipe, changing
from resnet.ui.app import hosting

Visit = Callable[..., AppTest]


@pytest.fixture(autouse=True)
def limits_as_before() -> Iterator[None]:
    yield
    changing.reset()


def text_of(app: AppTest) -> str:
    assert not app.exception
    return " ".join(
        str(part.value) for part in [*app.main.markdown, *app.main.caption, *app.main.info, *app.main.warning]
    )


def test_without_the_token_nothing_is_shown(visit: Visit) -> None:
    app = visit("host")
    assert "for the host" in text_of(app)
    assert not app.main.metric
    assert not app.main.subheader


def test_a_wrong_token_is_refused_and_leaves_the_address(visit: Visit) -> None:
    app = visit("host", token="x" * 20)
    assert "not the one" in text_of(app)
    assert not app.main.metric
    assert hosting.WORD not in app.query_params


@pytest.fixture
def host(visit: Visit, waiting_engine: Engine) -> AppTest:
    waiting_engine.store.claim("a" * 16, NetSpec.parse("res-8"), Recipe(), "cpu", "engine")
    classes.open_class(waiting_engine.store, "9b", "ann")
    return visit("host", token=hosting.token())


def test_the_host_sees_the_queue_and_the_token_leaves_the_address(host: AppTest) -> None:
    assert not host.exception
    assert hosting.WORD not in host.query_params
    assert {metric.label: metric.value for metric in host.main.metric}["Runs that wait"] == "1"
    assert list(host.main.dataframe[0].value["Net"]) == ["res-8"]


def test_a_limit_that_the_host_lowers_holds_at_once(host: AppTest) -> None:
    host.number_input(key="limit-max_depth").set_value(20)
    next(button for button in host.main.button if button.label == "Change the limits").click()
    host.run()
    assert not host.exception
    assert changing.current("max_depth") == 20
    assert changing.current("max_steps") == 10_000


def test_a_class_that_is_cleared_is_gone(host: AppTest, waiting_engine: Engine) -> None:
    assert [one.word for one in classes.listed(waiting_engine.store)] == ["9b"]
    host.button(key="clear-9b").click().run()
    assert not host.exception
    assert classes.listed(waiting_engine.store) == []
