"""Each outcome of a bench leads to the question that it raises."""

import pytest

from resnet.findings.candidates import Candidate
from resnet.findings.next_question import MOST, questions
from resnet.ui.app import pages
from tests.findings.test_comparison import net

LOST, FOUND, EARLY = 2.30, 0.40, {"steps": 10}


def led(*nets: Candidate) -> list[str]:
    return [question.page for question in questions([nets])]


def said(*nets: Candidate) -> str:
    return questions([nets])[0].text


OUTCOMES = {
    "nothing trained": ([net("plain-20", state="open"), net("res-20", state="open")], ["gradients"]),
    "under way": ([net("plain-20", 1.0, "open"), net("res-20", 1.0, "stopped")], []),
    "too early": ([net("plain-20", 1.0, **EARLY), net("res-20", 1.0, **EARLY)], []),
    "deeper fails": ([net("plain-20", 0.7), net("plain-56", LOST)], ["gradients", "sweep"]),
    "the demo": (
        [net("plain-20", 0.7), net("plain-56", LOST), net("res-20", 0.3), net("res-56", 0.3)],
        ["gradients", "sweep"],
    ),
    "all fail": ([net("plain-56", LOST), net("plain-110", LOST)], ["gradients"]),
    "one diverged": ([net("plain-20", 0.7), net("plain-56", state="diverged")], ["gradients", "sweep"]),
    "all diverged": ([net("res-20", state="diverged"), net("res-56", state="diverged")], ["gradients"]),
    "plain is worse": ([net("plain-20", 0.9), net("res-20", 0.3)], ["gradients", "lesions"]),
    "depths are level": ([net("res-20", 0.3), net("res-56", 0.3)], ["sweep", "lesions"]),
    "deeper is worse": ([net("plain-8", 0.3), net("plain-32", 1.6)], ["sweep", "mistakes"]),
    "one net learns": ([net("res-20", 0.3)], ["lesions"]),
    "one plain net learns": ([net("plain-20", 0.3)], ["mistakes"]),
    "one net fails": ([net("plain-56", LOST)], ["gradients"]),
    "another norm is worse": ([net("res-20", 0.3), net("res-20-nobn", 1.5)], ["gradients", "lesions"]),
    "one has ended": ([net("plain-20", 0.7), net("plain-56", 2.3, "open")], ["mistakes"]),
}


@pytest.mark.parametrize("outcome", OUTCOMES)
def test_an_outcome_leads_to_the_page_that_goes_on_from_it(outcome: str) -> None:
    nets, expected = OUTCOMES[outcome]
    assert led(*nets) == expected
    assert len(expected) <= MOST
    assert {*expected} <= {page.name for page in pages.PAGES}


def test_a_question_names_the_nets_that_raise_it() -> None:
    assert said(net("plain-20", 0.7), net("plain-56", LOST)) == (
        "Why was nothing learned by plain-56? See how far the gradient gets."
    )
    assert said(net("plain-20", 0.9), net("res-20", 0.3)) == (
        "Why does plain-20 end above res-20? Compare their gradients."
    )
    assert said(net("plain-20", 0.7), net("res-20", state="diverged")).startswith("Why did res-20 diverge?")


def test_of_several_seeds_the_one_with_most_results_counts() -> None:
    nothing = [net("plain-20", state="open"), net("plain-56", state="open")]
    done = [net("plain-20", 0.7), net("plain-56", LOST)]
    assert [question.page for question in questions([nothing, done])] == ["gradients", "sweep"]
