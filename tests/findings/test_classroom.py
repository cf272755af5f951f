"""What is said of the runs of a class: only twins of one seed are compared, every pair is counted."""

from resnet.findings.candidates import Candidate
from resnet.findings.classroom import Ended, class_sentences, twins
from resnet.findings.learning import Result
from resnet.specs import NetSpec


def ended(name: str, loss: float, seed: int = 0, state: str = "ended", error: float = 50.0) -> Ended:
    result = Result(400, 400, 10, 2.3, loss, 0.01, loss, 400, right=0.9 if loss < 2 else 0.1, shown=640)
    return Ended(NetSpec.parse(name), seed, Candidate(name, {}, state, result), error)  # type: ignore[arg-type]


def test_runs_by_this_recipe_at_work_and_by_others_are_counted() -> None:
    told = class_sentences([ended("res-8", 0.5)], working=2, others=1, quantity="loss")
    assert told == [
        "1 run has ended by this recipe. 2 runs are waiting or training. 1 run is by another recipe: choose it above."
    ]


def test_twins_are_compared_only_where_depth_options_and_seed_are_the_same() -> None:
    runs = [ended("plain-56", 2.3), ended("res-20", 0.3), ended("res-56", 0.2, seed=1), ended("res-56-w16", 0.2)]
    assert twins(runs) == ""
    assert twins([*runs, ended("res-56", 0.2)]) == (
        "Training loss of twins with the same seed: plain above residual in 1 of 1 pairs."
    )


def test_every_pair_counts_once_by_how_it_ends() -> None:
    pairs = [("plain-56", 2.3, "res-56", 0.2), ("plain-8", 0.4, "res-8", 0.5), ("plain-14", 0.3, "res-14", 0.9)]
    runs = [ended(name, loss) for one in pairs for name, loss in (one[:2], one[2:])]
    runs += [ended("plain-56", 2.3, seed=1), ended("res-56", 9.0, seed=1, state="diverged")]
    assert twins(runs) == (
        "Training loss of twins with the same seed: plain above residual in 1 of 4 pairs. "
        "Training loss of twins with the same seed: level in 1 of 4 pairs. "
        "Training loss of twins with the same seed: plain below residual in 1 of 4 pairs. "
        "Neither twin learned anything, or one diverged, in 1 of 4 pairs."
    )


def test_the_lowest_run_is_named_with_how_many_it_is_the_lowest_of() -> None:
    runs = [
        ended("res-20", 0.4, seed=3, error=30.0),
        ended("res-56", 0.25, seed=2, error=40.0),
        ended("plain-8", 9.0, state="diverged", error=float("nan")),
    ]
    loss, error = (class_sentences(runs, 0, 0, quantity)[-1] for quantity in ("loss", "error"))
    assert loss == "Lowest training loss of 2 runs: res-56, seed 2, 0.25 nats."
    assert error == "Lowest test error of 2 runs: res-20, seed 3, 30.0 %."
    assert len(class_sentences(runs[:1], 0, 0, "loss")) == 1  # of one run nothing is the lowest
