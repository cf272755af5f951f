"""The Train page: the question that its conclusion raises, and the words of its controls in old and new links."""

from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from resnet.ui.parts import nets_table
from tests.ui.trainer import SHORT, Trainer

ENGINE = Trainer
NETS = {"nets": "plain-8,res-8", "steps": str(SHORT.steps)}
Visit = Callable[..., AppTest]


@pytest.fixture(autouse=True)
def engine_is_ready(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(nets_table, "engine_note", lambda: True)


def asked(app: AppTest) -> dict[str, str]:
    """The questions below the conclusion, by the page that they lead to."""
    links = [link.proto for link in app.main.get("page_link") if link.proto.label.endswith((".", "?"))]
    return {link.page: link.label for link in links}


def test_before_training_the_question_is_of_the_first_step(visit: Visit, waiting_engine: Trainer) -> None:
    assert list(asked(visit("train", **NETS))) == ["gradients"]


def test_a_plain_net_that_failed_leads_to_its_gradients(visit: Visit, waiting_engine: Trainer) -> None:
    waiting_engine.end("plain-8", 2.3, right=0.1)
    waiting_engine.end("res-8", 0.4)
    app = visit("train", **NETS)
    assert not app.exception
    told = asked(app)
    assert list(told) == ["gradients", "lesions"]
    assert told["gradients"].replace("\\", "").startswith("Why was nothing learned by plain-8?")


@pytest.mark.parametrize(("text", "chosen"), [("Test", "test"), ("test", "test"), ("Both", "both"), ("Train", "train")])
def test_links_of_before_still_choose_their_images(
    visit: Visit, waiting_engine: Trainer, text: str, chosen: str
) -> None:
    split = visit("train", **NETS, split=text).segmented_control(key="split")
    assert split.value == chosen
    assert split.options == ["Training images", "Test images", "Both"]


def test_what_is_rarely_chosen_is_behind_view_and_still_in_the_link(visit: Visit, waiting_engine: Trainer) -> None:
    app = visit("train", **NETS, x="seconds", log="true", smoothing="7")
    (view,) = [popover for popover in app.main.get("popover") if popover.proto.popover.label == "View"]
    widgets = [widget for kind in ("toggle", "slider", "segmented_control") for widget in view.get(kind)]
    inside = {widget.key: widget.value for widget in widgets}
    assert inside == {"x": "seconds", "log": True, "smoothing": 7}
