"""What the pages' process keeps has a bound in bytes, whatever one value weighs."""

from collections import OrderedDict
from concurrent.futures import Future
from dataclasses import dataclass

import numpy as np
import pytest

from resnet.ui.parts import backend
from resnet.ui.parts.kept import Kept, size


@dataclass
class Two:
    first: np.ndarray
    second: dict[str, np.ndarray]


def test_the_last_used_values_are_kept_up_to_so_many_bytes() -> None:
    kept: Kept[np.ndarray] = Kept(3_500)
    made: list[str] = []

    def get(key: str, count: int = 1_000) -> None:
        kept.get(key, lambda: (made.append(key), np.zeros(count, "u1"))[1])  # type: ignore[func-returns-value]

    for key in "abcadab":
        get(key)
    assert made == ["a", "b", "c", "d", "b"]  # d sent away b, which was used longest ago, and then b sent away c
    assert 3_000 < kept.bytes <= 3_500
    held = kept.bytes
    get("large", 5_000)
    get("b")
    assert (kept.bytes, made[-1]) == (held, "large")  # what is too large sends nothing away


def test_a_value_weighs_what_its_arrays_weigh() -> None:
    eight = np.zeros(1_000)
    for value in (eight, [eight], Two(np.zeros(0), {"x": eight}), {"x": (eight,)}, eight.tobytes()):
        assert 8_000 <= size(value) < 8_700


def test_old_answers_are_forgotten_by_their_bytes_but_never_the_newest_nor_what_is_computed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    answers = OrderedDict((name, Future()) for name in ("old", "pending", "middle", "new"))
    for name in ("old", "middle", "new"):
        answers[name].set_result({"maps": np.zeros(1_000, "u1")})
    monkeypatch.setattr(backend, "_answers", answers)
    monkeypatch.setattr(backend, "MOST_BYTES", 2_800)
    backend._bound()
    assert list(answers) == ["pending", "middle", "new"]
    monkeypatch.setattr(backend, "MOST_BYTES", 10)
    backend._bound()
    assert list(answers) == ["pending", "new"]
