"""What is said of several seeds: each is judged by itself, and counted."""

import math
import re
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from resnet.findings.candidates import Candidate
from resnet.findings.comparison import claims, conclusion
from resnet.findings.seeds import Counted, count_sentence, order, seeds_sentence
from tests.findings.test_comparison import candidates, net


def counted(aspect: str, **losses: list[float]) -> str:
    """The sentence of the nets with these losses by seed; underscores stand for hyphens."""
    rows = zip(*losses.values(), strict=True)
    names = [name.replace("_", "-") for name in losses]
    return count_sentence(
        Counted(aspect, tuple(tuple(net(*one) for one in zip(names, row, strict=True)) for row in rows))
    )


def test_an_order_is_counted_seed_by_seed() -> None:
    assert counted("depth", plain_14=[0.35, 0.40, 0.42], plain_20=[0.9, 0.75, 0.8]) == (
        "deeper is worse: plain-20 ends above plain-14 in 3 of 3 seeds (means 0.82 and 0.39 nats)"
    )
    assert counted("depth", plain_14=[0.35, 0.40, 1.42], plain_20=[1.9, 1.75, 0.8]) == (
        "plain-20 ends above plain-14 in 2 of 3 seeds (means 1.48 and 0.72 nats), below it in 1"
    )


def test_what_learned_nothing_comes_before_the_order() -> None:
    assert counted("depth", plain_20=[0.5, 0.9, 0.7], plain_56=[2.30, 2.29, 2.31]) == (
        "deeper fails: nothing was learned by plain-56 in 3 of 3 seeds; "
        "plain-56 ends above plain-20 in 3 of 3 seeds (means 2.30 and 0.70 nats)"
    )
    assert counted("shortcut", plain_20=[0.5, 2.31, 0.7], res_20=[0.3, 0.31, 0.32]) == (
        "nothing was learned by plain-20 in 1 of 3 seeds; "
        "plain-20 ends above res-20 in 3 of 3 seeds (means 1.17 and 0.31 nats)"
    )


def test_deeper_does_not_fail_where_it_fails_in_some_seeds_only() -> None:
    text = counted("depth", plain_20=[0.5, 0.9], plain_32=[2.30, 1.6])
    assert text.startswith("nothing was learned by plain-32 in 1 of 2 seeds; ")


def test_ties_are_ties() -> None:
    assert counted("depth", res_20=[0.30, 0.35, 0.26], res_56=[0.26, 0.24, 0.34]) == (
        "res-20 and res-56 end level in 3 of 3 seeds, at 0.24 to 0.35 nats"
    )
    assert counted("depth", res_20=[0.30, 0.95], res_56=[0.26, 0.24]) == (
        "res-20 ends above res-56 in 1 of 2 seeds (means 0.62 and 0.25 nats), level in 1"
    )
    assert counted("depth", plain_44=[2.30, 2.301], plain_56=[2.31, 2.30]) == (
        "nothing was learned by plain-44 and plain-56 in 2 of 2 seeds"
    )


def test_two_seeds_leave_a_small_gap_open_and_three_do_not() -> None:
    assert counted("width", res_20=[0.6, 0.6], res_20_w16=[0.4, 0.4]).endswith("which another seed may reverse")
    assert "may" not in counted("width", res_20=[0.6, 0.6, 0.6], res_20_w16=[0.4, 0.4, 0.4])
    assert "may" not in counted("width", res_20=[1.6, 1.6], res_20_w16=[0.4, 0.4])


def test_two_that_learned_nothing_are_not_told_apart_however_far_apart_they_are() -> None:
    assert order(net("plain-20", 2.30), net("plain-56", 3.1, right=0.1)) == "neither"
    assert order(net("plain-20", 2.30), net("plain-56", 0.5)) == "above"


def test_a_diverged_seed_has_no_place_in_an_order() -> None:
    wild = net("res-20", math.nan, "diverged")
    assert order(wild, net("res-56", 0.3)) == "neither"
    trials = ((wild, net("res-56", 0.3)), (net("res-20", 0.9), net("res-56", 0.3)))
    assert count_sentence(Counted("depth", trials)) == "nothing was learned by res-20 in 1 of 2 seeds"


@settings(max_examples=120, deadline=None)
@given(st.integers(2, 4).flatmap(lambda nets: st.lists(st.lists(candidates(), min_size=nets, max_size=nets),
                                                         min_size=2, max_size=5)))  # fmt: skip
def test_no_count_says_what_the_seeds_do_not(rows: list[list[Candidate]]) -> None:
    first = rows[0]
    trials = [
        [replace(own, name=one.name, fields=one.fields) for one, own in zip(first, row, strict=True)] for row in rows
    ]
    text = conclusion(trials).replace("\\", "")
    assert "nan" not in text
    assert "inf" not in text
    for claim in claims(trials):
        if isinstance(claim, Counted):
            check(claim, count_sentence(claim))


def check(claim: Counted, told: str) -> None:
    """Every count in a sentence against the numbers, by another way than it was made."""
    nets = {name: [trial[place] for trial in claim.trials] for place, name in enumerate(claim.names)}
    assert 1 < claim.seeds == len(claim.at)
    for names, count, seeds in re.findall(r"nothing was learned by (.+?) in (\d) of (\d) seeds", told):
        assert int(seeds) == claim.seeds
        for name in re.split(r", | and ", names):
            assert sum(one.failed for one in nets[name]) == int(count)
    for name, own in nets.items():
        assert not any(one.failed for one in own) or re.search(rf"learned by [^;]*{name}\b", told)
    for worst, best, above, seeds, high, low in re.findall(
        r"([\w-]+) ends above ([\w-]+) in (\d) of (\d) seeds \(means ([\d.]+) and ([\d.]+)", told
    ):
        pairs = list(zip(nets[worst], nets[best], strict=True))
        apart = [a.loss - b.loss for a, b in pairs if not (a.failed and b.failed)]
        assert sum(gap > 0.15 for gap in apart) == int(above) > 0
        assert int(seeds) == claim.seeds
        assert float(high) == pytest.approx(sum(one.loss for one in nets[worst]) / claim.seeds, abs=0.006)
        assert float(low) == pytest.approx(sum(one.loss for one in nets[best]) / claim.seeds, abs=0.006)
        if "deeper is" in told:
            assert int(above) == claim.seeds
            better = "deeper is better" in told
            assert (nets[worst][0].fields["depth"] < nets[best][0].fields["depth"]) == better
    if "end level" in told and "at " in told:
        assert all(max(one.loss for one in trial) - min(one.loss for one in trial) <= 0.15 for trial in claim.trials)
    if "deeper fails" in told:
        always = [own[0].fields["depth"] for own in nets.values() if all(one.failed for one in own)]
        never = [own[0].fields["depth"] for own in nets.values() if not any(one.failed for one in own)]
        assert len(always) + len(never) == len(nets)
        assert min(always) > max(never)


def test_one_net_is_told_by_its_range_and_mean() -> None:
    runs = [net("res-20", loss, right=right) for loss, right in ((0.52, 0.91), (0.90, 0.84), (0.62, 0.86))]
    assert seeds_sentence(runs) == ("loss 0.52–0.90, mean 0.68; test accuracy 84–91 %, mean 87 %")
    assert seeds_sentence([*runs[:1], net("res-20", state="open")]) == "loss 0.52; test accuracy 91 %"
    assert seeds_sentence([net("res-20", state="open")] * 2) == ""


def test_what_went_wrong_with_a_net_comes_before_its_range() -> None:
    runs = [
        net("plain-56", 2.30),
        net("plain-56", 0.9),
        net("plain-56", math.nan, "diverged"),
        net("plain-56", 2, "failed"),
    ]
    assert seeds_sentence(runs) == (
        "diverged in 1; failed before the end in 1; nothing learned in 1; loss 0.90–2.30, mean 1.60; "
        "test accuracy 10–50 %, mean 30 %"
    )
