"""The fair queue."""

from resnet.runs.engine.queue import FairQueue


def filled(*runs: str) -> FairQueue:
    """A queue of runs named visitor + number."""
    queue = FairQueue()
    for run in runs:
        queue.add(run, run[0])
    return queue


def taken(queue: FairQueue) -> list[str | None]:
    return [queue.take() for _ in range(len(queue))]


def test_visitors_take_turns() -> None:
    assert taken(filled("a1", "a2", "a3", "b1", "c1", "b2")) == ["a1", "b1", "c1", "a2", "b2", "a3"]


def test_a_newcomer_is_served_before_a_visitor_who_has_had_a_turn() -> None:
    queue = filled("a1", "a2", "a3")
    assert queue.take() == "a1"
    queue.add("b1", "b")
    assert taken(queue) == ["b1", "a2", "a3"]


def test_leaving_the_queue_and_coming_back_gives_no_second_turn() -> None:
    queue = filled("a1", "b1", "b2")
    assert queue.take() == "a1"
    queue.add("a2", "a")
    assert queue.take() == "b1"
    assert taken(queue) == ["a2", "b2"]


def test_positions_tell_the_order_in_which_runs_are_taken() -> None:
    queue = filled("a1", "a2", "a3", "b1", "b2", "c1")
    queue.take()
    positions = {run: queue.position(run) for run in ("a2", "a3", "b1", "b2", "c1")}
    assert sorted(positions, key=lambda run: positions[run] or 0) == taken(queue)
    assert queue.position("a1") is None


def test_a_removed_run_is_gone_and_the_others_move_up() -> None:
    queue = filled("a1", "b1", "a2")
    assert queue.remove("b1")
    assert not queue.remove("b1")
    assert "b1" not in queue
    assert (queue.position("a2"), len(queue), queue.count("b")) == (2, 2, 0)


def test_what_two_visitors_wait_for_is_taken_once_at_the_first_turn_of_either() -> None:
    queue = filled("a1", "a2", "b1")
    queue.add("a2", "b")
    assert (len(queue), queue.count("a"), queue.count("b")) == (3, 2, 2)
    assert queue.order() == ["a1", "b1", "a2"]
    queue.remove("b1")
    assert taken(queue) == ["a1", "a2"]
    queue.add("c1", "a")
    queue.add("c1", "b")
    assert queue.remove("c1", "a")
    assert not queue.remove("c1", "a")
    assert "c1" in queue


def test_an_empty_queue_has_nothing_to_give() -> None:
    queue = FairQueue()
    assert queue.take() is None
    assert (len(queue), queue.count("a"), queue.position("a1")) == (0, 0, None)


def test_forgotten_turns_put_nobody_behind() -> None:
    queue = filled("a1")
    queue.take()
    queue.add("a2", "a")
    queue.add("b1", "b")
    assert queue.order() == ["b1", "a2"]
    queue.forget_turns()
    assert queue.order() == ["a2", "b1"]
