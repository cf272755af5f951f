"""What is said of nets that differ in one thing: nothing that the numbers do not bear out."""

import math
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from resnet.findings.candidates import ASPECTS, Candidate, State, groups, verdict
from resnet.findings.comparison import (
    Claim,
    claims,
    conclusion,
    sentence,
)
from resnet.findings.learning import Result
from resnet.findings.text import plain
from resnet.specs import NetSpec, SpecError


def result(loss: float, right: float = math.nan, shown: int = 640, steps: int = 400) -> Result:
    """A run whose right answers fit its loss unless they are given."""
    share = right if math.isfinite(right) else (0.1 if not loss < 2.18 else 0.5)
    return Result(steps, steps, 10, 2.4, loss, 0.01, loss, steps, share, shown, share, 1_000)


def net(name: str, loss: float = math.nan, state: State = "ended", **more: Any) -> Candidate:
    """A candidate with the fields of the net of that name."""
    found = result(loss, **more) if state != "open" else None
    return Candidate(name, NetSpec.parse(name).model_dump(), state, found)


def said(*nets: Candidate) -> str:
    return conclusion([nets]).replace("\\", "").replace("*", "").replace("  \n", " ")


IN_ONE = "In this run (one seed): "


def test_a_deeper_net_that_learns_nothing_fails_where_the_shallower_one_learns() -> None:
    assert said(net("plain-20", 0.61), net("plain-56", 2.30)) == (
        IN_ONE + "Depth: deeper fails; nothing was learned by plain-56, while plain-20 (0.61) did learn."
    )


def test_a_gap_that_seeds_alone_make_is_not_said_to_hold() -> None:
    # plain-20 itself ended at 0.61 and at 1.14 in two seeds
    text = said(net("plain-20", 1.14), net("plain-14", 0.61))
    assert text.endswith(
        "deeper is worse, plain-20 ends 0.53 nats above plain-14 (0.61), which another seed may reverse."
    )
    three = [[net("plain-20", 1.14), net("plain-14", 0.61)]] * 3
    assert "another seed" in conclusion(three[:2])
    assert "another seed" not in conclusion(three)


def test_nets_that_end_close_to_each_other_are_level() -> None:
    assert said(net("res-20", 0.30), net("res-56", 0.26)) == (
        IN_ONE + "Depth: res-56 and res-20 end level, at 0.26 to 0.30 nats."
    )


def test_every_depth_counts() -> None:
    text = said(net("plain-8", 0.90), net("plain-14", 0.35), net("plain-32", 0.95))
    assert text == IN_ONE + "Depth: plain-14 ends lowest (0.35), plain-32 0.60 nats above it."


def test_nets_of_one_depth_are_not_compared_by_depth() -> None:
    text = said(net("res-14", 0.30), net("res-14-b1.2.3", 0.95))
    assert text == IN_ONE + "Blocks per stage: res-14 ends lowest (0.30), res-14-b1.2.3 0.65 nats above it."


def test_a_diverged_net_is_named_first_and_counts_as_failed() -> None:
    text = said(net("plain-56", math.nan, "diverged"), net("plain-20", 0.61), net("plain-8", 0.70))
    assert text.startswith("Diverged: plain-56. In this run")
    assert "deeper fails; nothing was learned by plain-56, while plain-20 (0.61) and plain-8 (0.70) did learn" in text


def test_one_that_learns_a_little_and_one_at_chance_are_not_called_level() -> None:
    assert "nothing was learned by plain-56, while plain-20 (2.17) did learn" in said(
        net("plain-20", 2.17), net("plain-56", 2.30)
    )


def test_two_that_are_worse_than_guessing_do_not_do_well() -> None:
    assert said(net("res-20", 3.1), net("res-56", 3.2)) == IN_ONE + "Depth: nothing was learned by res-20 and res-56."


def test_too_few_steps_or_images_are_said_to_be_too_few() -> None:
    few = {"shown": 20, "steps": 10}
    text = said(net("res-20", 2.0, **few), net("res-56", 2.51, **few))
    assert text == IN_ONE + "Depth: too few steps or images to tell res-20 and res-56 apart."


def test_twins_and_faults_get_a_conclusion_too() -> None:
    text = said(net("plain-14", 0.9), net("res-14", 0.3), net("res-14-softmax", 1.66))
    assert "Shortcut: res-14 ends lowest (0.30), plain-14 0.60 nats above it." in text
    assert "Softmax inside the net: res-14 ends lowest (0.30), res-14-softmax 1.36 nats above it." in text


def test_nets_that_differ_in_two_things_are_not_compared() -> None:
    assert said(net("plain-20", 0.9), net("res-56-nobn", 0.3)).startswith("Put a net on the bench that differs")


def test_a_seed_counts_only_where_all_the_same_nets_have_ended() -> None:
    names, losses = ("plain-8", "plain-14", "plain-32"), (0.90, 0.35, 1.95)
    whole = [net(name, loss) for name, loss in zip(names, losses, strict=True)]
    part = [*whole[:2], net("plain-32", state="open")]
    assert "In one seed so far" in conclusion([whole, part])
    assert "plain-32 ends above plain-14 in 2 of 2 seeds" in conclusion([part, whole, whole]).replace("\\", "")


def test_a_comparison_of_one_seed_says_so_beside_one_of_several() -> None:
    first = [net("plain-20", 0.6), net("plain-56", 2.3), net("res-20", 0.3)]
    other = [*first[:2], net("res-20", state="open")]
    depth, shortcut = conclusion([first, other]).replace("\\", "").split("  \n")
    assert "in 2 of 2 seeds" in depth
    assert shortcut.endswith("(one seed).")


def test_seeds_that_are_not_done_are_not_counted() -> None:
    waiting = [net("plain-20", 0.6), net("plain-56", state="open")]
    done = [net("plain-20", 0.6), net("plain-56", 2.3)]
    assert conclusion([done, waiting]).startswith("**In one seed so far")
    assert conclusion([done, waiting], [7]).startswith("**In this run")


def test_seeds_that_were_found_beside_the_bench_s_are_counted_and_named() -> None:
    done = [net("plain-20", 0.6), net("plain-56", 2.3)]
    text = conclusion([done, done, [done[0], net("plain-56", state="open")], done], [4, 5, 9]).replace("\\", "")
    assert "in 3 of 3 seeds" in text
    assert text.endswith("Seeds 4 and 9, trained before, are counted too.")


def test_what_ended_badly_in_any_seed_of_the_bench_comes_first_with_its_count() -> None:
    good = [net("plain-20", 0.6), net("plain-8", 0.4)]
    bad = [net("plain-20", math.nan, "diverged"), net("plain-8", 0.4, "stopped")]
    text = conclusion([good, bad, good]).replace("\\", "")
    assert text.startswith("**Diverged: plain-20 in 1 of 3 seeds. Stopped before the end: plain-8 in 1 of 3 seeds.**")
    assert "in 2 of 2 seeds" in text


@pytest.mark.parametrize(
    ("nets", "start"),
    [
        ((net("plain-20", state="open"), net("plain-56", state="open")), "Press **Train**"),
        ((net("plain-20", 0.5), net("plain-56", state="open")), "The conclusion appears here when"),
        ((net("res-20", 0.5),), "Put a net on the bench that differs"),
        ((net("res-20", 0.5), net("res-20", 0.5)), "Put a net on the bench that differs"),
        ((net("res-20", 0.5), net("res-56", 0.5, "stopped")), "**Stopped before the end\\: res\\-56\\.** The concl"),
    ],
)
def test_without_a_comparison_it_says_what_to_do_next(nets: tuple[Candidate, ...], start: str) -> None:
    assert conclusion([nets]).startswith(start)


def test_every_field_of_a_net_that_can_differ_alone_is_an_aspect() -> None:
    known = {field for _label, fields in ASPECTS.values() for field in fields}
    assert known == set(NetSpec.model_fields) - {"family", "branch"}  # these change depth or width with them


CHANGES = (
    {},
    {"shortcut": "B"},
    {"order": "preact"},
    {"norm": "none"},
    {"softmax": True},
    {"init": "delta"},
    {"width": 16},
)
LOSSES = st.one_of(
    st.floats(0.01, 5.0), st.sampled_from([math.nan, math.inf, 2.30, 2.302, 2.19, 0.3, 1e9]), st.floats(2.1, 2.5)
)


@st.composite
def candidates(draw: st.DrawFn) -> Candidate:
    spec = NetSpec(block=draw(st.sampled_from(["plain", "residual"])), depth=draw(st.sampled_from([8, 14, 20, 56])))
    with suppress(SpecError):  # a plain net has no shortcut to choose
        spec = spec.but(**draw(st.sampled_from(CHANGES)))
    state: State = draw(st.sampled_from(["ended"] * 6 + ["diverged", "failed", "stopped", "open"]))
    steps, right = draw(st.sampled_from([400, 400, 400, 10])), draw(st.sampled_from([0.1, 0.13, 0.3, 0.9, math.nan]))
    found = Result(
        steps, 400, 10, 2.4, draw(LOSSES), draw(st.floats(0.001, 0.3)), 2.0, steps,
        right, 20 * draw(st.sampled_from([2, 32])), draw(st.sampled_from([right, math.nan])), 1_000,
    )  # fmt: skip
    return Candidate(str(spec), spec.model_dump(), state, None if state == "open" else found)


@settings(max_examples=1_000, deadline=None)
@given(st.lists(candidates(), min_size=1, max_size=6))
def test_no_sentence_claims_what_the_numbers_do_not_bear_out(nets: list[Candidate]) -> None:
    text = conclusion([nets])
    assert "nan" not in text
    assert "inf" not in text.replace("information", "")
    for one in nets:
        if one.state in ("diverged", "failed", "stopped"):
            assert plain(one.name) in text
    found = [claim for claim in claims([nets]) if isinstance(claim, Claim)]
    assert bool(found) == ("In this run" in text)
    for claim in found:
        check(claim, nets)


def check(claim: Claim, nets: list[Candidate]) -> None:
    """One claim against the numbers, by another way than it was made."""
    told = sentence(claim, several=False)
    named = [*claim.learned, *claim.failed]
    assert len(named) >= 2
    fields = ASPECTS[claim.aspect][1]
    for one in named:
        assert one in nets
        assert one.state in ("ended", "diverged")
        assert {k: v for k, v in one.fields.items() if k not in fields} == {
            k: v for k, v in named[0].fields.items() if k not in fields
        }
    losses = [one.loss for one in claim.learned]
    if claim.verdict == "early":
        assert any(one.result and (one.result.steps < 20 or one.result.shown < 200) for one in named)
        return
    for one in claim.learned:
        assert one.result is not None
        assert math.isfinite(one.loss)
        assert one.loss < 2.3026 or max(one.result.right, one.result.test) > 0.1
    for one in claim.failed:
        assert one.state == "diverged" or one.result is not None
        assert one.state == "diverged" or not one.loss < 0.95 * math.log(10) - 3 * one.result.error  # type: ignore[union-attr]
    assert ("level" in told) == (claim.verdict == "level")
    if claim.verdict == "level":
        assert max(losses) - min(losses) <= 0.15
    assert ("may reverse" in told) == (claim.verdict == "unsure")
    if claim.verdict in ("unsure", "ordered"):
        gap = max(losses) - min(losses)
        assert gap > 0.15
        assert claim.verdict == verdict(min(losses), max(losses))
        assert (gap > max(losses) / 2) == (claim.verdict == "ordered")
        depths = [one.fields["depth"] for one in claim.learned]
        best, worst = depths[losses.index(min(losses))], depths[losses.index(max(losses))]
        assert ("deeper is worse" in told) == (claim.aspect == "depth" and best == min(depths) and worst == max(depths))
        assert ("deeper is better" in told) == (
            claim.aspect == "depth" and best == max(depths) and worst == min(depths)
        )
    if "deeper fails" in told:
        shallow = max(one.fields["depth"] for one in claim.learned)
        assert all(one.fields["depth"] > shallow for one in claim.failed)


def test_groups_are_of_nets_that_differ_in_that_aspect_alone() -> None:
    nets = [net(name, 1.0) for name in ("plain-20", "plain-56", "res-20", "res-56", "res-20-preact")]
    assert list(groups(nets)) == [
        ("depth", [0, 1]),
        ("depth", [2, 3]),
        ("shortcut", [0, 2]),
        ("shortcut", [1, 3]),
        ("order", [2, 4]),
    ]
