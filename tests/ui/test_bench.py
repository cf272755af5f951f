"""The bench in the session, the address and the side bar, page by page."""

from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from resnet.specs.bench import Bench
from resnet.ui.app import server
from tests.ui.dragging import sliders

Visit = Callable[..., AppTest]
DEMO = "plain-20,plain-56,res-20,res-56"
PAGES = sorted(server.url_paths())


def address(app: AppTest) -> dict[str, str]:
    return {word: text[-1] if isinstance(text, list) else text for word, text in app.query_params.items()}


def nets(app: AppTest) -> str:
    """What is on the bench, which the address must say too."""
    assert not app.exception
    bench: Bench = app.session_state["bench"].bench
    assert bench.to_query().items() <= address(app).items()
    return bench.to_query()["nets"]


def warnings(app: AppTest) -> list[str]:
    return [warning.value.replace("\\", "") for warning in app.warning]


def open_tune(app: AppTest, place: int) -> tuple[AppTest, int]:
    """Open the widgets of one net; returns its number, which ends their keys."""
    uid: int = app.session_state["bench"].uids[place]
    app.session_state[f"tune-{uid}"] = True
    return app.run(), uid


@pytest.mark.parametrize("page", PAGES)
def test_every_page_opens_from_a_link_with_its_bench(visit: Visit, page: str) -> None:
    app = visit(page, nets="res-8-w4,plain-8-w4", steps="5", label1="mine")
    assert nets(app) == "res-8-w4,plain-8-w4"
    assert [slider.value for slider in sliders(app)] == [8, 8]
    assert not warnings(app)
    assert len(app.title) == 1


@pytest.mark.parametrize("page", PAGES)
def test_every_page_opens_with_the_demo_when_the_link_is_wrong(visit: Visit, page: str) -> None:
    app = visit(page, nets="res-8", setps="30")
    assert nets(app) == DEMO
    sentence = "This link cannot be used: a link has no word “setps”; try steps. Here is the demo instead."
    assert warnings(app)[:1] == [sentence]
    assert "setps" not in app.query_params
    assert not [text for text in warnings(app.run()) if "link" in text]


@pytest.mark.parametrize(
    "foreign", [{"fbclid": "IwAR0"}, {"utm_source": "mail", "utm_medium": "x"}, {"gclid": "1", "ref": "class"}]
)
def test_words_that_other_sites_hang_on_a_link_change_nothing_and_are_not_handed_on(
    visit: Visit, foreign: dict[str, str]
) -> None:
    app = visit("train", nets="res-8", steps="30", smoothing="5", **foreign)
    assert nets(app) == "res-8"
    assert app.session_state["bench"].bench.recipe.steps == 30
    assert not warnings(app)
    app.session_state["link"] = True
    shared = next(block.value for block in app.run().sidebar.code)
    assert "nets=res-8" in shared
    assert "smoothing=5" in shared
    assert not [word for word in foreign if word in shared]


def test_a_link_from_a_mail_with_escaped_ampersands_is_read_and_the_address_mended(visit: Visit) -> None:
    app = visit("train", **{"nets": "res-8", "amp;steps": "30"})
    assert nets(app) == "res-8"
    assert address(app)["steps"] == "30"
    assert not [word for word in app.query_params if word.startswith("amp;")]
    assert not warnings(app)


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ({"nets": "res-21"}, "depth must be an even number, 8–1202; got 21; try 20 or 22"),
        ({"nets": "renset"}, "a net's name starts with plain or res; got “renset”; try resnet-56"),
        ({"nets": ",".join(["res-20"] * 7)}, "the bench has room for 6 nets; got 7; remove a net first"),
        ({"nets": "res-20", "steps": "10001"}, "steps must be 1–10000; got 10001; try 10000"),
        ({"nets": "res-20", "label1": "x" * 5000}, "a link has at most 4000 characters; got 5020"),
    ],
)
def test_a_wrong_link_is_named_and_never_half_applied(visit: Visit, words: dict[str, str], sentence: str) -> None:
    app = visit(**words)
    assert nets(app) == DEMO
    assert f"This link cannot be used: {sentence}. Here is the demo instead." in warnings(app)


def test_text_from_a_link_is_shown_as_it_is_and_not_as_markdown(visit: Visit) -> None:
    app = visit(nets="[a](http://b)")
    assert r"\[a\]\(http\:\/\/b\)" in app.warning[0].value


def test_the_words_of_the_page_and_the_language_stay_in_the_address(visit: Visit) -> None:
    app = visit("train", nets="res-8", lang="en", smoothing="5")
    assert nets(app) == "res-8"
    assert address(app)["lang"] == "en"
    assert not warnings(app)


def test_the_slider_changes_the_net_and_the_address(visit: Visit) -> None:
    app = visit()
    sliders(app)[1].rest(44)
    assert nets(app) == "plain-20,plain-44,res-20,res-56"


def test_a_slider_may_pass_over_a_net_that_is_on_the_bench(visit: Visit) -> None:
    app = visit()
    sliders(app)[0].rest(56)
    assert nets(app) == "plain-56,plain-56,res-20,res-56"
    sliders(app)[0].rest(58)
    assert nets(app) == "plain-58,plain-56,res-20,res-56"


def test_the_bench_is_the_same_on_the_next_page(visit: Visit) -> None:
    app = visit("build")
    sliders(app)[3].rest(110)
    app.query_params.clear()
    app.switch_page("../../../pages/lab/train.py").run()
    assert nets(app) == "plain-20,plain-56,res-20,res-110"
    assert sliders(app)[3].value == 110


def test_a_link_that_is_followed_later_replaces_the_bench(visit: Visit) -> None:
    app = visit(nets="res-8")
    app.query_params["nets"] = "plain-8,plain-10"
    app.query_params["seed"] = "3"
    assert nets(app.run()) == "plain-8,plain-10"
    assert app.session_state["bench"].bench.recipe.seed == 3


def test_a_link_to_another_page_may_bring_back_what_was_just_changed(visit: Visit) -> None:
    app = visit("build")
    sliders(app)[0].rest(22)
    app.query_params["nets"] = DEMO
    app.switch_page("../../../pages/lab/train.py").run()
    assert nets(app) == DEMO


def test_words_that_the_browser_sends_late_are_not_taken_for_a_link(visit: Visit) -> None:
    app = visit()
    for depth, late in ((22, 20), (24, 20), (26, 22)):  # the browser is up to two runs behind
        app.query_params["nets"] = f"plain-{late},plain-56,res-20,res-56"
        sliders(app)[0].rest(depth)
        assert nets(app) == f"plain-{depth},plain-56,res-20,res-56"


def test_add_puts_a_net_on_the_bench_until_it_is_full(visit: Visit) -> None:
    app = visit()
    for _ in range(2):
        app.button(key="add").click().run()
    assert nets(app) == f"{DEMO},res-32,res-44"
    assert app.button(key="add").disabled


def test_removing_a_net_leaves_the_widgets_of_the_others_alone(visit: Visit) -> None:
    app = visit()
    keys = [slider.key for slider in sliders(app)]
    app, uid = open_tune(app, 1)
    app.button(key=f"remove-{uid}").click().run()
    assert nets(app) == "plain-20,res-20,res-56"
    assert [slider.key for slider in sliders(app)] == [keys[0], keys[2], keys[3]]
    assert [slider.value for slider in sliders(app)] == [20, 20, 56]


def test_a_twin_stands_behind_its_net(visit: Visit) -> None:
    app, uid = open_tune(visit(nets="res-14,res-8"), 0)
    app.button(key=f"twin-{uid}").click().run()
    assert nets(app) == "res-14,plain-14,res-8"
    assert app.button(key=f"twin-{uid}").disabled


def test_the_last_net_stays(visit: Visit) -> None:
    app, uid = open_tune(visit(nets="res-14"), 0)
    assert app.button(key=f"remove-{uid}").disabled


def test_a_net_gets_a_name_a_colour_and_a_line_of_its_own_and_loses_them_again(visit: Visit) -> None:
    app, uid = open_tune(visit(), 0)
    app.segmented_control(key=f"pane-{uid}").set_value("look").run()
    app.text_input(key=f"label-{uid}").set_value(" <b>deep</b> ").run()
    app.color_picker(key=f"colour-{uid}").pick("#12ab34").run()
    app.selectbox(key=f"line-{uid}").select("dot").run()
    nets(app)
    own = {"label1": "<b>deep</b>", "colour1": "12ab34", "line1": "dot"}
    assert own.items() <= address(app).items()
    assert any("&lt;b&gt;deep" in element.value for element in app.sidebar.get("html") if hasattr(element, "value"))
    app.button(key=f"reset-{uid}").click().run()
    assert "label1" not in app.query_params
    assert app.session_state["bench"].bench == Bench()


def test_every_option_of_a_net_reaches_its_name(visit: Visit) -> None:
    app, uid = open_tune(visit(nets="plain-20"), 0)
    app.segmented_control(key=f"block-{uid}").set_value("residual").run()
    app.segmented_control(key=f"stem_stride-{uid}").set_value(1).run()
    app.number_input(key=f"exact-depth-{uid}").set_value(1202).run()
    app.number_input(key=f"exact-width-{uid}").set_value(16).run()
    app.segmented_control(key=f"pane-{uid}").set_value("block").run()
    for name, value in {"shortcut": "B", "order": "preact", "norm": "none", "activation": "tanh"}.items():
        app.selectbox(key=f"{name}-{uid}").set_value(value).run()
    app.segmented_control(key=f"pane-{uid}").set_value("start").run()
    app.selectbox(key=f"init-{uid}").set_value("xavier").run()
    app.toggle(key=f"fixup-{uid}").set_value(True).run()
    app.number_input(key=f"exact-survival-{uid}").set_value(0.5).run()
    assert nets(app) == "res-1202-w16-s1-optb-p0.5-preact-nobn-tanh-xavier-fixup"
    assert app.toggle(key=f"zero_gamma-{uid}").disabled
    app.segmented_control(key=f"block-{uid}").set_value("plain").run()
    assert nets(app) == "plain-1202-w16-s1-preact-nobn-tanh-xavier"
    app.segmented_control(key=f"pane-{uid}").set_value("block").run()
    assert app.selectbox(key=f"shortcut-{uid}").disabled
    assert len(app.selectbox(key=f"order-{uid}").options) == 3  # the other orders differ by the addition


def test_the_factors_of_scaling_and_the_bias_of_gates_appear_with_them(visit: Visit) -> None:
    app, uid = open_tune(visit(nets="res-20"), 0)
    app.segmented_control(key=f"pane-{uid}").set_value("block").run()
    app.selectbox(key=f"shortcut-{uid}").set_value("scale").run()
    app.number_input(key=f"exact-shortcut_scale-{uid}").set_value(0.9).run()
    assert nets(app) == "res-20-scale-x0.9"
    app.selectbox(key=f"shortcut-{uid}").set_value("gate").run()
    app.number_input(key=f"exact-gate_bias-{uid}").set_value(-1.0).run()
    assert nets(app) == "res-20-gate-g1"
    app.selectbox(key=f"shortcut-{uid}").set_value("A").run()
    assert nets(app) == "res-20"


def test_a_bottleneck_moves_the_depth_to_one_that_it_can_have(visit: Visit) -> None:
    assert any("got 21; try 20 or 23" in text for text in warnings(visit(nets="res-21-bottleneck")))
    app, uid = open_tune(visit(nets="res-22,res-20"), 0)
    app.selectbox(key=f"branch-{uid}").set_value("bottleneck").run()
    assert nets(app) == "res-23-bottleneck,res-20"
    app.selectbox(key=f"family-{uid}").set_value("imagenet").run()
    assert nets(app) == "res-23-imagenet-bottleneck,res-20"


def test_blocks_per_stage_set_the_depth_and_a_wrong_text_is_one_sentence(visit: Visit) -> None:
    app, uid = open_tune(visit(nets="res-34-imagenet"), 0)
    assert app.text_input(key=f"stages-{uid}").value == "3.4.6.3"
    app.text_input(key=f"stages-{uid}").set_value("1.2.2.3").run()
    assert nets(app) == "res-18-imagenet-b1.2.2.3"
    for wrong, sentence in {
        "1.2": "4 numbers of blocks",
        "many": "numbers with points",
        "9.9.9.9999": "depth must",
    }.items():
        app.text_input(key=f"stages-{uid}").set_value(wrong).run()
        assert any(sentence in text for text in warnings(app))
        assert nets(app) == "res-18-imagenet-b1.2.2.3"


def test_a_value_that_the_spec_refuses_is_named_once_and_changes_nothing(visit: Visit) -> None:
    app, uid = open_tune(visit(), 0)
    app.number_input(key=f"exact-depth-{uid}").set_value(21).run()
    assert "depth must be an even number, 8–1202; got 21; try 20 or 22" in warnings(app)
    assert nets(app) == DEMO
    assert app.number_input(key=f"exact-depth-{uid}").value == 20
    assert not [text for text in warnings(app.run()) if "depth" in text]
