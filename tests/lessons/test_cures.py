"""Lesson 7: which cure alone rescues is read from the runs, and tries are counted fairly."""

import pytest

from resnet.findings.learning import Result
from resnet.findings.outcomes import Outcome
from resnet.lessons import cures
from resnet.lessons.cures import Trial
from resnet.specs import NetSpec, Recipe

LABELS = {name: name for name in cures.NAMES}


def outcomes(learning: dict[int, set[str]]) -> dict[str, list[Outcome]]:
    found = {}
    for depth in (20, 56):
        for name, row in cures.rows(depth).items():
            learns = name in learning[depth]
            found[row.key] = [Outcome("ended", 1.17 if learns else 2.3, 1.0, failed=not learns)] * 3
    return found


def test_rows_are_the_same_changes_at_both_depths() -> None:
    for depth in (20, 56):
        rows = cures.rows(depth)
        assert str(rows["none"].spec) == f"plain-{depth}-nobn-sigmoid-torchinit"
        assert rows["all"].spec == rows["four"].spec.twin() == NetSpec(depth=depth)
        assert rows["shortcut"].spec == rows["none"].spec.twin()
        assert rows["adam"].spec == rows["none"].spec
        changed = {name: set(row.spec.changed().items()) ^ set(rows["none"].spec.changed().items())
                   for name, row in rows.items() if name in ("relu", "norm", "init")}  # fmt: skip
        assert {name: {field for field, _value in one} for name, one in changed.items()} == {
            "relu": {"activation"}, "norm": {"norm"}, "init": {"init"}
        }  # fmt: skip


@pytest.mark.parametrize(
    ("shallow", "right"), [({"norm"}, "norm"), (set(), "none"), ({"norm", "adam"}, ""), ({"init"}, "init")]
)
def test_the_answer_is_the_only_cure_that_rescues_alone(shallow: set[str], right: str) -> None:
    assert cures.reveal(outcomes({20: {*shallow, "four", "all"}, 56: {"all"}}), LABELS, 10).right == right


def test_what_is_left_at_56_layers_is_told_as_it_is() -> None:
    told = cures.reveal(outcomes({20: {"norm", "four", "all"}, 56: {"all"}}), LABELS, 10).text
    assert "Alone, only norm (1.17) makes plain-20 learn; guessing gives 2.30." in told
    assert (
        "Plain-56 learns with none of them. Even with **all four** it ends at 2.30; with shortcuts too, at 1.17."
        in told
    )
    other = cures.reveal(outcomes({20: {"norm"}, 56: {"norm", "four", "all"}}), LABELS, 10).text
    assert "Of these, plain-56 learns with norm. With all four it ends at 1.17" in other


def test_runs_that_are_missing_answer_nothing() -> None:
    found = {key: [Outcome("open")] * 3 for key in outcomes({20: set(), 56: set()})}
    assert cures.reveal(found, LABELS, 10).right == ""


def test_changes_are_counted_in_net_and_recipe() -> None:
    assert cures.changes(NetSpec.parse("plain-56"), Recipe()) == 0
    assert cures.changes(NetSpec.parse("plain-56-nobn-tanh"), Recipe(lr=0.001, steps=200, seed=3)) == 3


def result(loss: float, right: float) -> Result:
    return Result(400, 400, 10, 2.3, loss, 0.01, loss, 400, right, 640)


def trial(changes: int = 1, depth: int = 56, steps: int = 400, found: Result | None = None, norm: bool = True) -> Trial:
    return Trial("net", depth, norm, changes, steps, found)


def test_a_fair_try_counts_though_it_rescues_nothing() -> None:
    assert not cures.rescue([]).done
    assert not cures.rescue([trial(0, found=result(2.3, 0.1))]).done
    assert not cures.rescue([trial(3, found=result(0.5, 0.8))]).done
    assert not cures.rescue([trial(steps=800, found=result(0.5, 0.8))]).done
    assert not cures.rescue([trial()]).done
    failed = cures.rescue([trial(found=result(2.3, 0.1)), trial(depth=20, found=result(0.5, 0.8))])
    assert failed.done
    assert failed.text.startswith("Tried, and not rescued: net at chance")
    assert cures.rescue([trial(found=result(2.3, 0.1)), trial(2, found=result(0.5, 0.8))]).text.startswith(
        "Rescued: net"
    )


def test_the_shallow_net_must_learn_without_norm() -> None:
    assert not cures.shallow([trial(depth=20, found=result(0.5, 0.8))]).done
    assert not cures.shallow([trial(depth=20, norm=False)]).done
    assert not cures.shallow([trial(depth=20, norm=False, found=result(2.3, 0.1))]).done
    both = [trial(depth=20, norm=False, found=result(2.3, 0.1)), trial(depth=20, norm=False, found=result(1.2, 0.6))]
    assert cures.shallow(both).done


@pytest.mark.parametrize(("factor", "right"), [(1e-6, "shrinks"), (3.0, "stays"), (1e4, "grows")])
def test_the_gradient_is_judged_by_what_was_recorded(factor: float, right: str) -> None:
    for word in ("shrinks", "stays", "grows"):
        assert cures.gradient(word, [factor] * 3).done == (word == right)
    assert not cures.gradient("grows", []).done
