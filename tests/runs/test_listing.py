"""The list of runs: whose it is, what a line says, and what deleting does."""

from pathlib import Path

import numpy as np
import pytest

from resnet.runs.store import Store, listing
from resnet.runs.store.listing import NoSuchRun
from resnet.specs import NetSpec, Recipe
from tests.runs.recorded import recorded


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "runs.sqlite")


def ids(lines: list[listing.Listed]) -> set[str]:
    return {line.run.id for line in lines}


def test_a_line_says_what_the_curves_of_the_run_say(store: Store) -> None:
    run = recorded(store, loss=0.5)
    line = listing.listed(store)[0]
    result = store.curves(run).result(line.run.recipe)
    assert line.loss == pytest.approx(result.last)
    assert line.error == pytest.approx(1 - result.test) == 0.25
    layers = 3 * (12 + 8)  # bytes of both probes at three steps
    assert line.size == 2 * len(store.state(run) or b"") + layers + 30 * 50


def test_losses_that_are_not_finite_count_neither_here_nor_on_the_train_page(store: Store) -> None:
    run = recorded(store, status="diverged")
    with store._database.writing() as connection:
        connection.execute("UPDATE steps SET loss = 9e999 WHERE step = 30")
        connection.execute("UPDATE steps SET loss = NULL WHERE step = 29")
    assert listing.listed(store)[0].loss == pytest.approx(store.curves(run).result(Recipe(steps=30)).last)


def test_a_visitor_sees_own_runs_those_on_the_bench_and_kept_ones_a_host_all(store: Store) -> None:
    mine, others, kept, bench = (recorded(store, f"res-{depth}") for depth in (8, 14, 20, 26))
    listing.ask(store, [mine], "me")
    listing.ask(store, [others], "somebody")
    listing.keep(store, [kept], True)
    assert ids(listing.listed(store, "me", [bench])) == {mine, kept, bench}
    assert ids(listing.listed(store, "me")) == {mine, kept}
    assert ids(listing.listed(store)) == {mine, others, kept, bench}


def test_a_deleted_run_is_gone_for_everybody_until_it_is_brought_back(store: Store) -> None:
    run = recorded(store)
    curves = store.curves(run)
    deleted = listing.delete(store, [run])
    assert deleted.count == 1
    assert not listing.listed(store)
    assert not store.runs([run])
    assert not store.versions([run])
    assert not store.recent(9)
    listing.undo(store, deleted)
    assert ids(listing.listed(store)) == {run}
    np.testing.assert_array_equal(store.curves(run).loss, curves.loss)
    assert store.state(run)


def test_a_deleted_run_may_be_trained_anew_and_is_then_not_brought_back(store: Store) -> None:
    run = recorded(store)
    deleted = listing.delete(store, [run])
    assert store.claim(run, NetSpec.parse("res-8"), Recipe(steps=30), "cpu", "other")
    listing.undo(store, deleted)
    assert listing.purge(store, deleted.at + 2 * listing.UNDO) == 0
    assert store.runs([run])[run].status == "queued"


def test_a_run_that_starts_again_keeps_its_name_its_mark_and_those_who_asked_for_it(store: Store) -> None:
    run = recorded(store, status="stopped")
    listing.ask(store, [run], "me")
    listing.rename(store, run, "mine")
    listing.keep(store, [run], True)
    assert store.claim(run, NetSpec.parse("res-8"), Recipe(steps=30), "cpu", "other")
    (line,) = listing.listed(store, "me")
    assert (line.run.status, line.label, line.kept) == ("queued", "mine", True)
    assert len(store.curves(run).step) == 0


def test_undoing_a_deletion_does_not_undo_a_later_one(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    run = recorded(store)
    first = listing.delete(store, [run])
    listing.undo(store, first)
    monkeypatch.setattr(listing.time, "time", lambda: first.at + 1)
    listing.delete(store, [run])
    listing.undo(store, first)
    assert not listing.listed(store)


def test_deleted_runs_are_removed_for_good_after_a_while(store: Store) -> None:
    runs = [recorded(store, f"res-{depth}") for depth in (8, 14)]
    deleted = listing.delete(store, runs[:1])
    assert listing.purge(store, deleted.at + listing.UNDO - 1) == 0
    assert listing.purge(store, deleted.at + listing.UNDO + 1) == 1
    listing.undo(store, deleted)
    assert ids(listing.listed(store)) == set(runs[1:])
    assert store.state(runs[0]) is None


def test_a_visitor_deletes_own_runs_only_and_for_others_they_stay(store: Store) -> None:
    mine, shared, foreign = (recorded(store, f"res-{depth}") for depth in (8, 14, 20))
    listing.ask(store, [mine, shared], "me")
    listing.ask(store, [shared, foreign], "somebody")
    deleted = listing.delete(store, [mine, shared, foreign], "me")
    assert (deleted.hidden, deleted.left) == ((mine,), (shared,))
    assert not listing.listed(store, "me")
    assert ids(listing.listed(store, "somebody")) == {shared, foreign}
    listing.undo(store, deleted)
    assert ids(listing.listed(store, "me")) == {mine, shared}


def test_a_run_at_work_is_not_deleted(store: Store) -> None:
    run = recorded(store, status="running")
    assert listing.delete(store, [run]).count == 0
    assert ids(listing.listed(store)) == {run}


def test_the_version_changes_with_what_the_list_shows_and_not_with_steps(store: Store) -> None:
    run = recorded(store, status="running")
    seen = [listing.version(store)]
    store.record("test", [{"run": run, "kind": "steps", "steps": [_step(31)]}])
    assert listing.version(store) == seen[0]
    store.finish("test", run, "done")
    seen.append(listing.version(store))
    listing.rename(store, run, "mine")
    seen.append(listing.version(store))
    listing.keep(store, [run], True)
    seen.append(listing.version(store))
    listing.delete(store, [run])
    seen.append(listing.version(store))
    assert len(set(seen)) == len(seen)


def _step(number: int) -> dict[str, object]:
    return {"step": number, "loss": 1.0, "accuracy": 0, "lr": 0, "seconds": 9, "evaluation": None, "profiles": {}}


def test_runs_are_found_by_id_beginning_and_name(store: Store) -> None:
    one, other = recorded(store), recorded(store, seed=1)
    listing.rename(store, one, "the good one")
    for word in (one, one[:6], "the good one"):
        assert [line.run.id for line in listing.find(store, [word])] == [one]
    assert [line.run.id for line in listing.find(store, [other, one, other])] == [other, one]
    with pytest.raises(NoSuchRun, match="“res-8” stands for 2 runs; name one by its id"):
        listing.find(store, ["res-8"])
    with pytest.raises(NoSuchRun, match="no run “nothing”"):
        listing.find(store, ["nothing"])


@pytest.mark.parametrize(("label", "said"), [("x" * 41, "at most 40 characters; got 41"), ("a\x00b", "printable")])
def test_a_name_that_cannot_be_used_is_refused(label: str, said: str, store: Store) -> None:
    run = recorded(store)
    with pytest.raises(NoSuchRun, match=said):
        listing.rename(store, run, label)
    assert listing.listed(store)[0].name == "res-8"


def test_a_damaged_row_is_left_out_of_the_list(store: Store) -> None:
    run, other = recorded(store), recorded(store, seed=1)
    with store._database.writing() as connection:
        connection.execute("UPDATE runs SET net = '{' WHERE id = ?", [run])
    assert ids(listing.listed(store)) == {other}
