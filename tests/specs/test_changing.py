"""Limits that a host changes while the app runs."""

from collections.abc import Iterator

import pytest

from resnet.specs import NetSpec, Recipe, SpecError, changing
from resnet.specs.limits import LIMITS, SettingError

NET, RECIPE = NetSpec.parse("res-56"), Recipe()


@pytest.fixture(autouse=True)
def as_at_the_start() -> Iterator[None]:
    yield
    changing.reset()


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("max_depth", 20, "at most depth 20 .* got 56"),
        ("max_width", 4, "at most width 4 .* got 8"),
        ("max_steps", 100, "at most 100 steps .* got 400"),
        ("max_batch", 16, "at most 16 .* got 32"),
    ],
)
def test_what_is_above_the_limit_is_not_trained_and_stays_a_sound_spec(name: str, value: int, said: str) -> None:
    changing.require_trainable(NET, RECIPE)
    changing.change(name, value)
    with pytest.raises(SpecError, match=said):
        changing.require_trainable(NET, RECIPE)
    assert NetSpec.parse("res-56") == NET  # a link of before is still read
    changing.reset()
    changing.require_trainable(NET, RECIPE)


def test_a_limit_on_load_holds_at_once_for_all_who_read_it() -> None:
    changing.change("max_queue", 3.0)
    assert repr(LIMITS.max_queue) == "3"
    changing.reset()
    assert LIMITS.max_queue == 80


@pytest.mark.parametrize("name", changing.CHANGEABLE)
def test_what_no_host_may_choose_is_refused_and_changes_nothing(name: str) -> None:
    before = changing.current(name)
    with pytest.raises(SettingError, match=name):
        changing.change(name, changing.allowed(name)[1] + 1)
    assert changing.current(name) == before


def test_more_than_specs_allow_is_never_trained() -> None:
    with pytest.raises(SettingError, match="max_depth must be 8 to 1,202"):
        changing.change("max_depth", 1204)
