"""Lesson 5: in which nets the output of a stage is a sum, and so is the gradient."""

from collections.abc import Mapping

from resnet.analyses.results import Equations
from resnet.findings.equations import EXACT
from resnet.findings.text import number, paragraph
from resnet.i18n import _
from resnet.lessons.records import Reveal, Verdict

Found = Mapping[str, Equations]  # by precision: "float32" and "float64"
HOLDING = {
    frozenset({"original"}): "original",
    frozenset({"preact"}): "preact",
    frozenset({"original", "preact"}): "both",
}


def holds(found: Found) -> bool:
    """Whether both equations hold to rounding."""
    return worst(found["float32"]) < EXACT


def worst(found: Equations) -> float:
    """The larger of both relative errors."""
    return max(found.forward, found.backward)


def reveal(nets: Mapping[str, tuple[str, Found]]) -> Reveal:
    """Of both residual nets, by the option that names them, name and errors; the plain net has no sum to check."""
    exact = frozenset(option for option, (_name, found) in nets.items() if holds(found))
    text = paragraph(*(_told(name, found) for name, found in nets.values()))
    return Reveal(HOLDING.get(exact, ""), text)


def _told(name: str, found: Found) -> str:
    single, double = found["float32"], found["float64"]
    if holds(found):
        return _(
            "{net}: relative errors of at most {single} in float32 and {double} in float64, which is rounding.",
            net=name,
            single=number(worst(single)),
            double=number(worst(double)),
        )
    return _(
        "{net}: relative errors of {forward} forward and {backward} backward, and in float64 of {double} at worst: "
        "this is no rounding.",
        net=name,
        forward=number(single.forward),
        backward=number(single.backward),
        double=number(worst(double)),
    )


def hold(name: str, found: Found | None) -> Verdict:
    """Whether they hold for the visitor's net; None for one that has no sum, or no block behind a change of size."""
    if found is None:
        text = _("{net} has no sum to check: it needs shortcuts, and more than one block in its last stage.", net=name)
        return Verdict(False, text)
    single = found["float32"]
    places = {"net": name, "forward": number(single.forward), "backward": number(single.backward)}
    return Verdict(holds(found), _("{net}: relative errors of {forward} forward and {backward} backward.", **places))


def orders(entered: str, nets: Mapping[str, Found]) -> Verdict:
    """For which of several nets, by the option that names them, both equations hold."""
    chosen = nets[entered]["float32"]
    places = {"forward": number(chosen.forward), "backward": number(chosen.backward)}
    text = _("Its relative errors are {forward} forward and {backward} backward.", **places)
    return Verdict(holds(nets[entered]), text)
