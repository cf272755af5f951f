"""A few letters stand for a long link."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from resnet.runs.store import Store, short_links
from resnet.specs.limits import LIMITS

TARGET = "gradients?nets=plain-20,plain-56,res-20,res-56&steps=400"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = Store(tmp_path / "runs.sqlite")
    yield store
    store.close()


def test_the_same_link_has_the_same_letters_for_everybody_and_after_a_restart(store: Store, tmp_path: Path) -> None:
    code = short_links.shorten(store, TARGET)
    assert (len(code), short_links.target(store, code)) == (short_links.SHORTEST, TARGET)
    again = Store(tmp_path / "runs.sqlite")
    assert (short_links.shorten(again, TARGET), short_links.target(again, code.upper())) == (code, TARGET)
    again.close()


def test_letters_that_are_taken_get_one_more(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    code = short_links.shorten(store, TARGET)
    monkeypatch.setattr(short_links, "_letters", lambda _text: f"{code}xyz")
    other = short_links.shorten(store, "train?nets=res-20")
    assert other == f"{code}x"
    assert short_links.target(store, code) == TARGET
    assert short_links.target(store, other) == "train?nets=res-20"


def test_only_so_many_are_kept_and_the_one_used_longest_ago_goes(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(short_links, "MOST", 2)
    clock = iter(range(100))
    monkeypatch.setattr(short_links.time, "time", lambda: next(clock))
    first, second = short_links.shorten(store, "train?a"), short_links.shorten(store, "train?b")
    assert short_links.target(store, first) == "train?a"  # used again, after the second
    short_links.shorten(store, "train?c")
    assert short_links.target(store, second) is None
    assert short_links.target(store, first) == "train?a"


@pytest.mark.parametrize("code", ["", "ab", "../../etc", "a" * 40, "l0O1", "%00", "k7m2;--"])
def test_what_is_no_code_leads_nowhere(store: Store, code: str) -> None:
    assert short_links.target(store, code) is None


def test_what_is_longer_than_any_link_is_refused(store: Store) -> None:
    with pytest.raises(ValueError, match="longer"):
        short_links.shorten(store, "train?" + "x" * 3 * LIMITS.max_link)
