"""The Equations page opens with a net for which they hold, and keeps net and stage in the address."""

from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from resnet.specs import NetSpec
from resnet.specs.bench import Bench, Entry
from resnet.ui.lab import equations
from tests.ui.dragging import sliders

NETS = "plain-20,res-20,res-20-preact,res-32"


def chosen(app: AppTest) -> tuple[str, int]:
    """The names of the net and the stage that the page shows."""
    menu, stages = app.selectbox(key="place-of"), app.segmented_control(key="equations-stage")
    return menu.options[menu.index], stages.value


def word(app: AppTest, name: str) -> str | None:
    found = app.query_params.get(name)
    return found[0] if isinstance(found, list) else found


@pytest.mark.parametrize(
    ("nets", "place"), [(NETS, 2), ("plain-20,res-20,res-32", 1), ("plain-20,plain-32", 0), ("res-20-preact-optc", 0)]
)
def test_the_page_opens_with_a_net_for_which_the_equations_hold(nets: str, place: int) -> None:
    bench = Bench(entries=tuple(Entry(net=NetSpec.parse(name)) for name in nets.split(",")))
    assert equations.best(bench) == place


def test_net_and_stage_are_kept_in_the_address_by_place(visit: Callable[..., AppTest]) -> None:
    app = visit("equations", nets=NETS)
    assert chosen(app) == ("res-20-preact", 3)
    assert (word(app, "of"), word(app, "stage")) == (None, None)  # the defaults stand for themselves
    menu = app.selectbox(key="place-of")
    menu.set_value(menu.options[3] if isinstance(menu.value, str) else menu.value + 1).run()
    app.segmented_control(key="equations-stage").set_value(1).run()
    assert (word(app, "of"), word(app, "stage")) == ("4", "1")
    assert chosen(visit("equations", nets=NETS, of="4", stage="1")) == ("res-32", 1)


def test_another_page_and_back_keeps_net_and_stage(visit: Callable[..., AppTest]) -> None:
    app = visit("equations", nets=NETS, of="2", stage="2")
    app.switch_page("../../../pages/lab/paths.py").run()
    app.query_params.clear()
    app.switch_page("../../../pages/lab/equations.py").run()
    assert chosen(app) == ("res-20", 2)
    assert (word(app, "of"), word(app, "stage")) == ("2", "2")


def test_a_changed_net_keeps_its_place_and_has_its_new_name_in_the_menu(visit: Callable[..., AppTest]) -> None:
    app = visit("equations", nets="plain-20,res-20,res-32", of="2")
    sliders(app)[1].rest(22)  # plain-20 stands before it
    assert chosen(app)[0] == app.session_state["bench"].bench.names[1] == "res-22"


@pytest.mark.parametrize(("of", "stage"), [("9", "3"), ("res-20", "3"), ("3", "0"), ("3", "last")])
def test_a_wrong_place_or_stage_is_named_and_falls_back(visit: Callable[..., AppTest], of: str, stage: str) -> None:
    app = visit("equations", nets=NETS, of=of, stage=stage)
    assert chosen(app) == ("res-20-preact", 3)
    (warning,) = [element.value.replace("\\", "") for element in app.main.warning]
    assert "in the link must be a number from 1 to" in warning
    assert not app.run().main.warning
