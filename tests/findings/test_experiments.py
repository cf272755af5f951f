"""Orders of rows, seed by seed, beside the published ones; and the words for them."""

import math
from dataclasses import replace

import numpy as np
import pytest

from resnet.experiments import Claim, Experiment, Number, Row
from resnet.findings.experiments import lines, number_words, sentences, spread_words, summary, verdict_words
from resnet.findings.learning import Result
from resnet.findings.outcomes import Outcome, Outcomes, by_block, factor, order, outcomes, verdict
from resnet.specs import NetSpec, Recipe

ROWS = (
    Row("res-20", "first", (Number(6.6, "A", "paper"),)),
    Row("res-8", "second", (Number(9.0, "B", "paper"),)),
    Row("plain-8", "third"),
)
EXPERIMENT = Experiment("tiny", "2015", "Table", "?", ROWS, "why", margin=0.3)


def ended(value: float, failed: bool = False) -> Outcome:
    return Outcome("ended", value, failed=failed, seconds=2.0)


def found(**values: list[float]) -> Outcomes:
    """By label: the losses of the seeds; 2.3 is a loss at chance, NaN a run that diverged, 0 one that is missing."""
    by_label = {row.label: row.key for row in ROWS}

    def one(value: float) -> Outcome:
        if value == 0:
            return Outcome("open")
        return ended(value, failed=value == 2.3) if value == value else Outcome("diverged", failed=True)

    return {key: [one(value) for value in values.get(label, [0, 0, 0])] for label, key in by_label.items()}


@pytest.mark.parametrize(
    ("one", "other", "told"),
    [
        (ended(0.5), ended(0.3), "above"),
        (ended(0.3), ended(0.5), "below"),
        (ended(0.44), ended(0.3), "level"),
        (ended(2.3, True), ended(2.31, True), "neither"),
        (ended(2.3, True), ended(0.3), "above"),
        (Outcome("diverged", failed=True), ended(0.3), "above"),
        (ended(0.3), Outcome("diverged", failed=True), "below"),
    ],
)
def test_two_losses_are_ordered_beyond_what_seeds_move(one: Outcome, other: Outcome, told: str) -> None:
    assert order(one, other, "loss") == told


@pytest.mark.parametrize(
    ("one", "other", "told"), [(10, 4, "above"), (4, 10, "below"), (7, 4, "level"), (0, 4, "below")]
)
def test_ratios_are_ordered_by_a_factor(one: float, other: float, told: str) -> None:
    assert order(ended(one), ended(other), "gradient") == told


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ([0.6, 0.7, 0.8], "agrees"),
        ([0.6, 0.3, 0.8], "mixed"),
        ([0.3, 0.35, 0.2], "differs"),
        ([0.6, 0, 0], "agrees"),
        ([0, 0, 0], "open"),
    ],
)
def test_the_verdict_counts_seeds(values: list[float], told: str) -> None:
    own = found(first=[0.3, 0.3, 0.3], second=values)
    assert verdict(EXPERIMENT, ROWS[1], own) == told
    assert verdict(EXPERIMENT, ROWS[2], own) == "none"
    assert verdict(EXPERIMENT, ROWS[0], own) == "none"


def test_nothing_is_compared_where_nothing_learned() -> None:
    own = found(first=[2.3, 2.3, 2.3], second=[2.3, 2.3, math.nan])
    assert verdict(EXPERIMENT, ROWS[1], own) == "none"
    assert verdict_words(EXPERIMENT, ROWS[1], own) == (
        "not comparable: against first above in the paper, here neither learned in 3 of 3"
    )


def test_a_claim_counts_where_there_are_no_numbers() -> None:
    rows = ROWS[0], replace(ROWS[2], claim=Claim("below", "text"))
    experiment = replace(EXPERIMENT, rows=rows)
    assert verdict(experiment, rows[1], found(first=[0.9] * 3, third=[0.3] * 3)) == "agrees"


def test_words_name_the_paper_and_the_seeds() -> None:
    own = found(first=[0.3, 0.3, 0.3], second=[0.6, 0.3, 0.8], third=[2.3, math.nan, 0])
    assert verdict_words(EXPERIMENT, ROWS[1], own) == (
        "seeds disagree: against first above in the paper, here above in 2 of 3, level in 1 of 3"
    )
    assert verdict_words(EXPERIMENT, ROWS[2], own) == (
        "not comparable: against first here above in 2 of 2; the paper does not order them"
    )
    assert verdict_words(EXPERIMENT, ROWS[0], own) == "others are compared with it"
    assert verdict_words(EXPERIMENT, ROWS[1], found()) == "not trained yet; against first above in the paper"


def test_sentences_group_rows_with_the_same_counts_and_tell_what_is_missing() -> None:
    own = found(first=[0.3, 0.3, 0.3], second=[0.6, 0.7, 0.8], third=[0.9, 0.8, 0.7])
    assert sentences(EXPERIMENT, own) == ["second and third: above first in 3 of 3 seeds."]
    own = found(first=[0.3, 0.3, 0.3], second=[0.6, 0, 0.8])
    assert sentences(EXPERIMENT, own) == ["second: above first in 2 of 2 seeds.", "4 runs are missing."]
    assert sentences(EXPERIMENT, found(second=[0.6] * 3)) == ["6 runs are missing."]
    assert sentences(EXPERIMENT, found()) == []


def test_the_summary_counts_published_orders_only() -> None:
    own = found(first=[0.3] * 3, second=[0.6] * 3, third=[0.6] * 3)
    assert summary(EXPERIMENT, own) == "Found here in every seed: 1 of 1 published orders."
    assert summary(EXPERIMENT, found()) == ""
    own = found(first=[0.3] * 3, second=[0.6, 0.3, 0.3])
    assert summary(EXPERIMENT, own) == "Found here in every seed: 0 of 1 published orders; in some seeds: 1."
    own = found(first=[0.3] * 3, second=[0.3] * 3)
    assert summary(EXPERIMENT, own) == "Found here in every seed: 0 of 1 published orders; in none: 1."


def test_a_line_has_mean_range_seeds_and_seconds() -> None:
    own = found(first=[0.3, 0.4, 0.5], second=[0.6, math.nan, 0])
    first, second, third = lines(EXPERIMENT, own)
    assert (first.published, first.ours, first.seconds) == ("6.60 % (A)", "0.40 (0.30–0.50), n = 3", "2")
    assert second.ours == "0.60, 1 not finite, n = 2"
    assert (third.published, third.ours, third.seconds) == ("–", "–", "–")


def test_numbers_that_are_no_plain_numbers_say_so() -> None:
    assert number_words(Number(math.inf, "A", "")) == "fail (A)"
    assert number_words(Number(9.5, "A", "", read_off=True)) == "9.5 %, read off (A)"
    assert number_words(Number(60, "A", "", more=True)) == "above 60 % (A)"


def test_the_mean_of_ratios_is_geometric() -> None:
    assert spread_words([1, 100], "gradient") == "10 (1–100)"
    assert spread_words([1, 100], "error") == "50.5 (1.0–100.0)"


def test_a_profile_becomes_a_factor_of_its_first_step() -> None:
    values = np.array([[8, 4, 2], [1, 2, 6]], np.float32)
    assert factor(values, first=True) == 4
    assert factor(values, first=False) == pytest.approx(1 / 6)
    assert math.isnan(factor(np.empty((0, 0), np.float32), first=True))


@pytest.mark.parametrize(("name", "layers"), [("res-8", 2), ("res-11-bottleneck", 3), ("res-8-preact", 2)])
def test_of_each_block_counts_the_last_layer_and_what_it_is_added_to(name: str, layers: int) -> None:
    responses = np.zeros((2, 1 + 3 * layers), np.float32)
    responses[1, layers::layers] = 2, 3, 4  # behind the stem, at the end of each block, at the last step
    told = {"response_std": responses, "activation_std": np.array([[9, 9, 9, 9], [1, 2, 8, 9]], np.float32)}
    net = NetSpec.parse(name)
    assert by_block(net, told.__getitem__, "response").tolist() == [2, 3, 4]
    assert by_block(net, told.__getitem__, "change").tolist() == [2, 1.5, 0.5]
    told["activation_std"] = np.empty((0, 0), np.float32)
    assert by_block(net, told.__getitem__, "response").size == 3
    assert by_block(net, told.__getitem__, "change").size == 0


def test_outcomes_are_read_from_runs_and_profiles() -> None:
    known = Result(40, 40, 10, last=0.5, error=0.01, right=0.9, shown=640, test=0.75, tested=500)
    experiment = replace(EXPERIMENT, rows=ROWS[:1], measured="error", also="gradient")

    def find(net: NetSpec, recipe: Recipe) -> tuple[str, Result, float] | None:
        assert net == NetSpec.parse("res-20")
        return {0: ("ended", known, 3.0), 1: ("diverged", known, 1.0)}.get(recipe.seed)

    def profile(_net: NetSpec, _recipe: Recipe, probe: str) -> np.ndarray:
        assert probe == "output_gradient"
        return np.array([[6.0, 3.0]])

    (done, lost, missing) = outcomes(experiment, find, profile)["res-20"]  # type: ignore[arg-type]
    assert (done.value, done.also, done.failed, done.seconds) == (25.0, 2.0, False, 3.0)
    assert lost.failed
    assert math.isnan(lost.value)
    assert lost.also == 2.0
    assert missing.state == "open"
