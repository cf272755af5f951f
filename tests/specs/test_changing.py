"""Limits that a host changes while the app runs."""

from collections.abc import Iterator

import pytest

from resnet.runs.engine import worker
from resnet.specs import NetSpec, SpecError, changing
from resnet.specs.limits import ALLOWED, LIMITS, SettingError


@pytest.fixture(autouse=True)
def as_at_the_start() -> Iterator[None]:
    yield
    changing.take({})


def test_a_lower_depth_holds_for_every_new_net_and_is_told_to_workers() -> None:
    assert changing.changes() == {}
    changing.change("max_depth", 20)
    assert changing.changes() == {"max_depth": 20}
    with pytest.raises(SpecError, match="20"):
        NetSpec.parse("res-56")


def test_a_worker_goes_by_the_limits_of_the_app_and_forgets_them_with_the_next_question() -> None:
    assert worker.limited({"max_depth": 20}, lambda: LIMITS.max_depth) == 20
    assert worker.limited({}, lambda: LIMITS.max_depth) == 1202


@pytest.mark.parametrize("name", changing.CHANGEABLE)
def test_what_no_host_may_choose_is_refused_and_changes_nothing(name: str) -> None:
    before = getattr(LIMITS, name)
    with pytest.raises(SettingError, match=name):
        changing.change(name, ALLOWED[name][1] + 1)
    assert getattr(LIMITS, name) == before


def test_the_smallest_depth_cannot_pass_the_greatest() -> None:
    changing.change("max_depth", 20)
    with pytest.raises(SettingError, match="min_depth must be 8 to 20"):
        changing.change("min_depth", 22)


def test_a_whole_number_stays_one() -> None:
    changing.change("max_nets", 3.0)
    assert repr(LIMITS.max_nets) == "3"
