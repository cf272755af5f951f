"""The questions that trained nets raise next, and the page that answers each; from what the runs on screen came to."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from resnet.findings.candidates import Candidate, groups
from resnet.findings.comparison import Claim, of_one
from resnet.findings.text import listed
from resnet.i18n import _

MOST = 2  # of several, those that come first


@dataclass(frozen=True)
class Question:
    """A sentence, and the name of the page that answers it."""

    page: str
    text: str


def questions(trials: Sequence[Sequence[Candidate]]) -> list[Question]:
    """The most pressing first, each on another page; `trials` are the same nets by seed, the most complete one counts.

    None while nothing has ended that is long enough to be judged.
    """
    nets = max(trials, key=lambda trial: len(_judged(trial)))
    found = [question for rule in _RULES if (question := rule(nets))]
    if not found and all(net.state == "open" and net.result is None for net in nets):
        text = _("Nothing is trained yet: does the gradient reach the first layer before the first step?")
        return [Question("gradients", text)]
    pages = [question.page for question in found]
    return [question for at, question in enumerate(found) if question.page not in pages[:at]][:MOST]


def _judged(nets: Sequence[Candidate]) -> list[Candidate]:
    return [net for net in nets if net.failed or net.learned]


def _diverged(nets: Sequence[Candidate]) -> Question | None:
    names = [net.name for net in nets if net.state == "diverged"]
    text = _("Why did {nets} diverge? Follow the gradient from step to step.", nets=listed(names))
    return Question("gradients", text) if names else None


def _failed(nets: Sequence[Candidate]) -> Question | None:
    names = [net.name for net in nets if net.failed and net.state != "diverged"]
    text = _("Why was nothing learned by {nets}? See how far the gradient gets.", nets=listed(names))
    return Question("gradients", text) if names else None


def _worse(nets: Sequence[Candidate]) -> Question | None:
    """A plain net that ends above its residual twin, or any that ends above another for one thing but depth."""
    for claim in _claims(nets):
        if claim.verdict == "ordered" and claim.aspect != "depth":
            best, worst = claim.learned[0].name, claim.learned[-1].name
            text = _("Why does {worst} end above {best}? Compare their gradients.", worst=worst, best=best)
            return Question("gradients", text)
    return None


def _depth(nets: Sequence[Candidate]) -> Question | None:
    """Depth made a difference, or none so far."""
    verdicts = {claim.verdict for claim in _claims(nets) if claim.aspect == "depth"}
    if verdicts & {"some fail", "ordered", "unsure"}:
        return Question("sweep", _("At which depth does it turn? Try the depths between and beyond."))
    if "level" in verdicts:
        return Question("sweep", _("How much deeper can a net be? Try more depths."))
    return None


def _learned(nets: Sequence[Candidate]) -> Question | None:
    residual = [net.name for net in nets if net.learned and net.fields.get("block") == "residual"]
    if residual:
        return Question("lesions", _("What does {net} lose without one of its blocks?", net=residual[-1]))
    plain = [net.name for net in nets if net.learned]
    return Question("mistakes", _("Which images does {net} get wrong?", net=plain[-1])) if plain else None


def _claims(nets: Sequence[Candidate]) -> Iterator[Claim]:
    """What each aspect did to the nets that can be judged by now."""
    for aspect, places in groups(nets):
        own = _judged([nets[place] for place in places])
        if len(own) > 1:
            yield of_one(aspect, own)


_RULES: tuple[Callable[[Sequence[Candidate]], Question | None], ...] = (_diverged, _failed, _worse, _depth, _learned)
