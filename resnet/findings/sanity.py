"""What the sanity check of Adebayo et al. says. Markdown."""

from collections.abc import Sequence

from resnet import catalog
from resnet.findings.text import paragraph, series
from resnet.i18n import _


def sanity_sentence(methods: Sequence[tuple[str, float]], part: str, cascading: bool) -> str:
    """How like the trained net's map each method's map still is when `part` is random.

    With `cascading` everything from the head to it is.
    """
    likeness = series(f"{_(catalog.METHODS[method].label)} **{value:.2f}**" for method, value in methods)
    places = {"part": part, "methods": likeness}
    text = (
        _("Rank correlation with the map before, with everything from the head to {part} random: {methods}.", **places)
        if cascading
        else _("Rank correlation with the map before, with {part} alone random: {methods}.", **places)
    )
    return paragraph(text, _("A map that explains what the net has learned must change when the net forgets it."))
