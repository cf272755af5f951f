"""What is kept of a class: one guess a visitor, the runs of the room, names only of those who typed one."""

import time
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest

from resnet.runs.store import Store, class_work, classes
from resnet.runs.store.classes import DAY, ClassError
from resnet.specs import NetSpec, Recipe
from resnet.specs.limits import Limits

NET, RECIPE = NetSpec.parse("res-8-w4"), Recipe(steps=40)
LESSON = "vanishing"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = Store(tmp_path / "runs.sqlite")
    yield store
    store.close()


def claim(store: Store, *runs: str) -> None:
    for run in runs:
        assert store.claim(run, NET, RECIPE, "cpu", "me")


@pytest.mark.parametrize(
    ("text", "word"), [(" 9B ", "9b"), ("physics-2", "physics-2"), ("三年级", "三年级"), ("x" * 40, "x" * 40)]
)
def test_a_class_is_a_word_of_letters_digits_and_dashes_in_any_script(text: str, word: str) -> None:
    assert classes.checked_word(text) == word


@pytest.mark.parametrize("text", ["", " ", "9 b", "a/b", "<b>", "x" * 41, "a\u200bb", "9b?"])
def test_any_other_word_is_refused_in_one_sentence(text: str) -> None:
    with pytest.raises(ClassError, match="one word of letters, digits and dashes, at most 40"):
        classes.checked_word(text)


def test_guesses_are_counted_once_a_visitor_and_the_last_one_counts(store: Store) -> None:
    for visitor, option in (("ann", "up"), ("bob", "down"), ("ann", "down"), ("cem", "up")):
        class_work.guess(store, "9b", LESSON, visitor, option)
    assert class_work.guesses(store, "9b", LESSON) == {"down": 2, "up": 1}
    assert class_work.own_guess(store, "9b", LESSON, "ann") == "down"
    class_work.guess(store, "9b", LESSON, "ann", "")
    assert class_work.guesses(store, "9b", LESSON) == {"down": 1, "up": 1}
    assert class_work.guesses(store, "9a", LESSON) == class_work.guesses(store, "9b", "other") == {}


def test_every_guess_and_the_reveal_are_news(store: Store) -> None:
    seen = [class_work.guesses_version(store, "9b", LESSON)]
    classes.open_class(store, "9b", "teacher")
    seen.append(class_work.guesses_version(store, "9b", LESSON))
    for option in ("up", "down", ""):
        class_work.guess(store, "9b", LESSON, "ann", option)
        seen.append(class_work.guesses_version(store, "9b", LESSON))
    class_work.reveal(store, "9b", LESSON, "teacher")
    seen.append(class_work.guesses_version(store, "9b", LESSON))
    assert all(one != other for one, other in pairwise(seen))
    assert seen[-1] == class_work.guesses_version(store, "9b", LESSON)


def test_the_answer_is_held_until_the_teacher_reveals_it_and_guesses_close_then(store: Store) -> None:
    class_work.guess(store, "9b", LESSON, "ann", "up")
    assert not class_work.held(store, "9b", LESSON)  # nobody holds it
    classes.open_class(store, "9b", "teacher")
    assert class_work.held(store, "9b", LESSON)
    with pytest.raises(ClassError, match="only the teacher"):
        class_work.reveal(store, "9b", LESSON, "ann")
    class_work.reveal(store, "9b", LESSON, "teacher")
    assert not class_work.held(store, "9b", LESSON)
    assert class_work.held(store, "9b", "another lesson")
    class_work.guess(store, "9b", LESSON, "ann", "down")
    assert class_work.guesses(store, "9b", LESSON) == {"up": 1}


def test_a_class_has_one_teacher_and_a_key_brings_one_more_browser_once(store: Store) -> None:
    classes.open_class(store, "9b", "teacher")
    classes.open_class(store, "9b", "teacher")
    with pytest.raises(ClassError, match="has a teacher already"):
        classes.open_class(store, "9b", "ann")
    with pytest.raises(ClassError, match="only the teacher"):
        classes.teacher_key(store, "9b", "ann")
    void, key = classes.teacher_key(store, "9b", "teacher"), classes.teacher_key(store, "9b", "teacher")
    for wrong in (void, "", "x"):
        with pytest.raises(ClassError, match="used already"):
            classes.use_key(store, "9b", wrong, "ann")
    classes.use_key(store, "9b", key, "tablet")
    assert [classes.teaches(store, "9b", who) for who in ("teacher", "tablet", "ann")] == [True, True, False]
    with pytest.raises(ClassError, match="used already"):
        classes.use_key(store, "9b", key, "ann")


def test_no_visitor_can_be_told_from_what_is_kept_and_none_is_the_same_in_two_classes(
    store: Store, tmp_path: Path
) -> None:
    visitor = "0123456789abcdef0123456789abcdef"
    for word in ("9a", "9b"):
        class_work.guess(store, word, LESSON, visitor, "up")
        class_work.add_runs(store, word, ["run"], visitor)
    assert classes.member(store, "9a", visitor) != classes.member(store, "9b", visitor)
    kept = b"".join(path.read_bytes() for path in tmp_path.glob("runs.sqlite*"))
    assert b"0123456789abcdef0123456789abcdef" not in kept
    assert classes.member(store, "9c", visitor) == ""


def test_runs_of_the_class_are_known_with_all_who_asked_for_them(store: Store) -> None:
    claim(store, "one", "two")
    class_work.add_runs(store, "9b", ["one", "two"], "ann")
    class_work.add_runs(store, "9b", ["one", "gone"], "bob")
    class_work.add_runs(store, "9a", ["two"], "cem")
    classes.set_name(store, "9b", "bob", " Bob  B ")
    one, two = class_work.runs(store, "9b")
    ann, bob = (classes.member(store, "9b", who) for who in ("ann", "bob"))
    assert (one.run, one.visitors, one.names) == ("one", {ann, bob}, ("Bob B",))
    assert (two.run, two.visitors, two.names) == ("two", {ann}, ())


def test_a_run_that_is_trained_anew_stays_on_the_board(store: Store) -> None:
    claim(store, "one")
    class_work.add_runs(store, "9b", ["one"], "ann")
    store.finish("me", "one", "stopped")
    claim(store, "one")
    assert [own.run for own in class_work.runs(store, "9b")] == ["one"]


def test_what_happens_to_the_runs_of_a_class_is_news(store: Store) -> None:
    versions = [class_work.runs_version(store, "9b")]
    for change in (
        lambda: class_work.add_runs(store, "9b", ["one"], "ann"),
        lambda: claim(store, "one"),
        lambda: store.record("me", [{"run": "one", "kind": "started"}]),
        lambda: store.finish("me", "one", "done"),
        lambda: classes.set_name(store, "9b", "ann", "Ann"),
    ):
        change()
        versions.append(class_work.runs_version(store, "9b"))
    assert versions[0] == versions[1]  # a run that does not exist is not on the board
    assert len(set(versions[1:])) == 5


@pytest.mark.parametrize("name", ["x" * 25, "a\x00b"])
def test_a_name_that_cannot_be_used_is_refused(name: str, store: Store) -> None:
    with pytest.raises(ClassError, match="at most 24 printable characters"):
        classes.set_name(store, "9b", "ann", name)
    assert classes.name_of(store, "9b", "ann") == ""


def test_a_class_has_room_for_so_much_and_a_host_for_so_many(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (classes, class_work):
        monkeypatch.setattr(module, "LIMITS", Limits(max_classes=1, max_class_runs=2))
    monkeypatch.setattr(class_work, "MOST_GUESSES", 1)
    monkeypatch.setattr(classes, "MOST_MEMBERS", 1)
    claim(store, "one", "two", "three")
    with pytest.raises(ClassError, match="9b is full"):
        class_work.add_runs(store, "9b", ["one", "two", "three"], "ann")
    class_work.add_runs(store, "9b", ["one", "two"], "ann")
    class_work.add_runs(store, "9b", ["two"], "ann")  # known already
    class_work.guess(store, "9b", LESSON, "ann", "up")
    class_work.guess(store, "9b", LESSON, "ann", "down")
    classes.set_name(store, "9b", "ann", "Ann")
    for refused in (
        lambda: class_work.guess(store, "9b", LESSON, "bob", "up"),
        lambda: classes.set_name(store, "9b", "bob", "Bob"),
    ):
        with pytest.raises(ClassError, match="9b is full"):
            refused()
    with pytest.raises(ClassError, match="no room for another class"):
        class_work.guess(store, "9a", LESSON, "ann", "up")
    assert class_work.guesses(store, "9b", LESSON) == {"down": 1}


def test_the_host_sees_how_much_is_kept_of_each_class_and_may_clear_it(store: Store) -> None:
    claim(store, "one")
    for visitor in ("ann", "bob"):
        class_work.guess(store, "9b", LESSON, visitor, "up")
        class_work.add_runs(store, "9b", ["one"], visitor)
    classes.open_class(store, "9a", "teacher")
    first, second = classes.listed(store)
    assert (first.word, first.guesses, first.runs, first.taught) == ("9a", 0, 0, True)
    assert (second.word, second.guesses, second.runs, second.taught) == ("9b", 2, 1, False)
    classes.clear(store, "9b")
    assert [one.word for one in classes.listed(store)] == ["9a"]
    assert class_work.guesses(store, "9b", LESSON) == {}
    assert class_work.runs(store, "9b") == []
    assert list(store.runs(["one"])) == ["one"]


def test_a_class_that_nobody_uses_is_forgotten_after_as_long_as_the_host_allows(store: Store) -> None:
    claim(store, "one")
    class_work.add_runs(store, "9b", ["one", "gone"], "ann")
    now = time.time()
    assert classes.forget(store, now + 89 * DAY) == 0
    assert [one.runs for one in classes.listed(store)] == [1]  # what does not exist has gone
    assert classes.forget(store, now + 91 * DAY) == 1
    assert classes.listed(store) == []


def test_a_slide_is_shown_by_the_teacher_alone(store: Store) -> None:
    assert classes.slide(store, "9b") == ""
    classes.open_class(store, "9b", "teacher")
    classes.show_slide(store, "9b", "6.2", "teacher")
    with pytest.raises(ClassError, match="only the teacher"):
        classes.show_slide(store, "9b", "6.3", "ann")
    assert classes.slide(store, "9b") == "6.2"
