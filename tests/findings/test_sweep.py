"""What a sweep over depths is said to show, against the numbers of its runs."""

import math
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from resnet.findings.candidates import Candidate, State
from resnet.findings.sweep import kind_sentence, seeds_ended, sweep_sentences, twins_sentence
from tests.findings.test_comparison import net

Runs = dict[int, list[Candidate]]


def runs(**losses: float | list[float]) -> Runs:
    """Runs by depth, as in ``d8=0.5``; a list has a loss for each seed; infinity stands for a run not ended."""
    found: Runs = {}
    for name, own in losses.items():
        seeds = own if isinstance(own, list) else [own]
        found[int(name[1:])] = [
            net("res-20", state="open") if loss == math.inf else net("res-20", loss) for loss in seeds
        ]
    return found


PLAIN = runs(d8=0.85, d14=0.38, d20=0.7, d32=1.8, d44=2.30, d56=2.30, d110=2.31)
RESIDUAL = runs(d8=0.60, d14=0.36, d20=0.3, d32=0.28, d44=0.27, d56=0.25, d110=0.26)


def test_the_demo_s_sweep_is_told_as_it_is() -> None:
    assert sweep_sentences(PLAIN, RESIDUAL) == [
        (
            "Plain nets",
            "nothing is learned from depth 44 on (3 of 3 runs); lowest at depth 14 (0.38 nats); "
            "depth 32 ends 1.42 nats above that",
        ),
        ("Residual nets", "lowest at depth 56 (0.25 nats), level with 14, 20, 32, 44 and 110"),
        (
            "Twins",
            "plain ends above residual at depth 8, 20, 32, 44, 56 and 110; they end level at depth 14",
        ),
    ]


def test_nets_that_all_end_level_are_level_and_nothing_else() -> None:
    assert kind_sentence(runs(d20=0.30, d56=0.26, d110=0.35)) == ("level at every depth that learns, 0.26 to 0.35 nats")


def test_seeds_are_counted() -> None:
    told = kind_sentence(runs(d14=[0.4, 0.4, 0.9], d20=[0.7, 0.8, 0.6], d56=[2.30, 2.30, 1.7], d110=[2.31, 2.30, 2.30]))
    assert told == (
        "nothing is learned at depth 56 in 2 of 3 seeds; nothing is learned at depth 110 in 3 of 3 seeds; "
        "lowest at depth 14 (0.57 nats) in 2 of 3 seeds"
    )
    assert kind_sentence(runs(d14=[0.4, 0.3], d20=[0.3, 0.4])) == "level at every depth that learns, 0.35 to 0.35 nats"
    assert kind_sentence(runs(d14=[0.4, 0.3], d20=[1.8, 0.3])).endswith(
        "depth 20 ends 0.70 nats above that in 1 of 2 seeds"
    )


def test_a_seed_that_has_not_ended_is_not_counted() -> None:
    # seed 0 ended at 14 alone, seed 1 at 20 alone: no seed has both
    told = kind_sentence(runs(d14=[0.4, math.inf], d20=[math.inf, 1.8]))
    assert told == "lowest at depth 14 (0.40 nats); depth 20 ends 1.40 nats above that"
    assert seeds_ended(runs(d14=[0.4, math.inf]), runs(d20=[math.inf, 1.8])) == 1


def test_one_depth_is_no_sweep_and_too_few_steps_are_too_few() -> None:
    assert kind_sentence(runs(d14=0.4, d20=math.inf)) == ""
    few = {20: [net("res-20", 2.0, shown=20, steps=10)], 56: [net("res-56", 2.5)]}
    assert kind_sentence(few) == "too few steps or images to tell"


def test_a_failure_in_the_middle_is_not_from_there_on() -> None:
    told = kind_sentence(runs(d8=0.5, d14=2.30, d20=0.6, d56=2.30))
    assert told.startswith("nothing is learned at depth 14; nothing is learned at depth 56; level")


def test_a_diverged_run_learned_nothing_and_has_no_place_in_an_order() -> None:
    wild = {20: [net("plain-20", math.nan, "diverged")], 8: [net("plain-8", 0.5)]}
    assert kind_sentence(wild) == "nothing is learned at depth 20; lowest at depth 8 (0.50 nats)"
    assert twins_sentence(wild, runs(d8=0.4, d20=0.4)) == (
        "they end level at depth 8; nothing is learned by either, or one diverged, at depth 20"
    )


@st.composite
def sweeps(draw: st.DrawFn, seeds: int) -> Runs:
    loss = st.one_of(st.floats(0.1, 2.6), st.sampled_from([2.30, 2.302, 0.3, 0.45, math.nan]))
    states: list[State] = ["ended"] * 6 + ["diverged", "open", "stopped"]
    depths = draw(st.lists(st.sampled_from([8, 14, 20, 56]), min_size=1, max_size=4, unique=True))
    return {
        depth: [net("plain-20", draw(loss), draw(st.sampled_from(states))) for _ in range(seeds)] for depth in depths
    }


@settings(max_examples=200, deadline=None)
@given(st.integers(1, 3).flatmap(lambda seeds: st.tuples(sweeps(seeds), sweeps(seeds))))
def test_no_sentence_about_a_sweep_says_what_its_runs_do_not(both: tuple[Runs, Runs]) -> None:
    plain, residual = both
    told = kind_sentence(plain)
    assert "nan" not in told
    ended = {d: [one for one in own if one.state in ("ended", "diverged")] for d, own in plain.items()}
    ended = {d: own for d, own in ended.items() if own}
    assert bool(told) == (len(ended) > 1)
    if not told:
        return
    failing = {d for d, own in ended.items() if any(one.failed for one in own)}
    if tail := re.search(r"from depth (\d+) on \((\d+)", told):
        deep = [own for d, own in ended.items() if d >= int(tail[1])]
        assert len(deep) > 1
        assert all(one.failed for own in deep for one in own)
        assert sum(map(len, deep)) == int(tail[2])
    for depth, count, seeds in re.findall(r"learned at depth (\d+)(?: in (\d) of (\d) seeds)?", told):
        assert sum(one.failed for one in ended[int(depth)]) == int(count or 1)
        assert len(ended[int(depth)]) == int(seeds or 1)
    named = {int(d) for d in re.findall(r"learned at depth (\d+)", told)}
    named |= {d for d in ended if tail and d >= int(tail[1])}
    assert named == failing
    means = {d: sum(one.loss for one in own) / len(own) for d, own in ended.items() if d not in failing}
    if lowest := re.search(r"lowest at depth (\d+) \(([\d.]+) nats\)(?:.*?level with ([\d, and]+))?", told):
        assert means[int(lowest[1])] == min(means.values()) == pytest.approx(float(lowest[2]), abs=0.006)
        level = {int(d) for d in re.findall(r"\d+", lowest[3] or "")}
        near = {d for d, mean in means.items() if mean - min(means.values()) <= 0.15} - {int(lowest[1])}
        assert level == near if len(plain[int(lowest[1])]) == 1 else level <= near
        for depth in level:
            assert level_in_every_seed([plain[depth], plain[int(lowest[1])]])
    if "level at every depth" in told:
        assert max(means.values()) - min(means.values()) <= 0.15
        assert level_in_every_seed([plain[depth] for depth in means])
    check_twins(plain, residual, twins_sentence(plain, residual))


def level_in_every_seed(own: list[list[Candidate]]) -> bool:
    rows = [[one.loss for one in row] for row in zip(*own, strict=True) if all(one.state == "ended" for one in row)]
    return all(max(row) - min(row) <= 0.15 for row in rows)


def check_twins(plain: Runs, residual: Runs, told: str) -> None:
    for depths, sign in ((re.search(r"plain ends above residual at depth ([^;]*)", told), 1),
                         (re.search(r"plain ends below residual at depth ([^;]*)", told), -1)):  # fmt: skip
        for depth, count, seeds in re.findall(r"(\d+)(?: \((\d) of (\d) seeds\))?", depths[1] if depths else ""):
            pairs = list(zip(plain[int(depth)], residual[int(depth)], strict=False))
            pairs = [(a, b) for a, b in pairs if {a.state, b.state} <= {"ended", "diverged"}]
            apart = [sign * (a.loss - b.loss) > 0.15 for a, b in pairs if not (a.failed and b.failed)]
            assert sum(apart) == int(count or 1)
            assert len(pairs) == int(seeds or 1)
