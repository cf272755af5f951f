"""A menu of nets on the bench shows them as the side bar does."""

from collections.abc import Callable
from typing import Any

from streamlit.testing.v1 import AppTest

from tests.ui.dragging import sliders


def menu(app: AppTest) -> Any:
    return app.selectbox(key="sanity-of")


def change_depth(app: AppTest, name: str, depth: int) -> None:
    """As with the slider in the side bar."""
    held = app.session_state["bench"]
    uid = held.uids[list(held.bench.names).index(name)]
    sliders(app)[held.uids.index(uid)].rest(depth)
    assert not app.exception


def test_a_menu_of_nets_follows_a_net_whose_depth_changes(visit: Callable[..., AppTest]) -> None:
    app = visit("sanity", nets="plain-14,res-14,plain-20")
    menu(app).select("res-14").run()
    before = app.session_state["sanity-of"]
    change_depth(app, "res-14", 16)
    assert app.session_state["sanity-of"] == before
    assert "res-16" in menu(app).options
    assert "res-14" not in menu(app).options
    assert (menu(app).proto.raw_value, menu(app).proto.set_value) == ("res-16", True)  # the browser is told


def test_a_menu_of_nets_follows_its_net_to_another_place_and_falls_back_when_it_is_gone(
    visit: Callable[..., AppTest],
) -> None:
    app = visit("sanity", nets="plain-14,res-14,plain-20")
    menu(app).select("res-14").run()
    held = app.session_state["bench"]
    held.put(held.bench.remove(0))
    app.run()
    assert menu(app).proto.raw_value == "res-14"
    held.put(held.bench.remove(0))
    app.run()
    assert not app.exception
    assert menu(app).proto.raw_value == "plain-20"


def test_a_choice_in_a_menu_of_nets_survives_a_change_of_page(visit: Callable[..., AppTest]) -> None:
    app = visit("sanity", nets="plain-14,res-14,plain-20")
    menu(app).select("plain-14").run()
    app.switch_page("../../../pages/lab/train.py").run()
    app.switch_page("../../../pages/lab/sanity.py").run()
    assert not app.exception
    assert menu(app).proto.raw_value == "plain-14"
