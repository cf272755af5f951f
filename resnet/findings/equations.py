"""Whether the equations of 2016 hold in a stage, and what they say about the gradient. Markdown."""

from collections.abc import Sequence

from resnet.findings.text import paragraph
from resnet.i18n import _

EXACT = 1e-5  # a relative error below this is rounding in float32


def holds_sentence(forward: float, backward: float) -> str:
    """Whether both equations hold, by their relative errors in float32."""
    if max(forward, backward) < EXACT:
        return _("Both equations hold to rounding.")
    return _("The equations do not hold exactly here.")


def parts_sentence(block: str, share: float, cosine: float) -> str:
    """How much of the gradient at that block came unchanged, and how the branches' part stands to it.

    `share` is the direct term's part of the whole gradient's length, `cosine` that of the branches' part to the direct
    term.
    """
    return _(
        "At {block} the direct term is {share:.0f} % as long as the whole gradient; the branches' part stands at "
        "cosine {cosine:.2f} to it.",
        block=block,
        share=100 * share,
        cosine=cosine,
    )


def reasons_sentence(reasons: Sequence[str]) -> str:
    """Why the equations are not exact in a net; empty without a reason."""
    return _("**Why not exact:** {reasons}", reasons=paragraph(*reasons)) if reasons else ""


def exact_sentence(forward: float, backward: float) -> str:
    """Why they hold, for a net without an obstacle; empty where rounding alone does not explain the errors."""
    if max(forward, backward) >= EXACT:
        return ""
    return _("**Why exact:** within the stage every shortcut is the identity, and nothing follows the addition.")
