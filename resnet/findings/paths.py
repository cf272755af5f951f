"""Through paths of which length the gradient comes. Markdown."""

from resnet.findings.text import number, plain
from resnet.i18n import _


def path_sentence(name: str, low: int, high: int, peak: int, share: float, error: float) -> str:
    """Which lengths have the middle 90 % of the summed norms, and the largest share, `share` ± `error`, at `peak`."""
    return _(
        "**{net}**: measured by the sum of the norms of all paths, 90 % of the gradient come through paths of {low} to "
        "{high} blocks; most through paths of {peak}, {share:.0f} ± {error:.0f} % (standard error of the sampled "
        "paths).",
        net=plain(name),
        low=low,
        high=high,
        peak=peak,
        share=100 * share,
        error=100 * error,
    )


def cancel_sentence(kept: float) -> str:
    """How much paths cancel: `kept` is the norm of their sum over the sum of their norms."""
    return _(
        "Paths cancel: their sum, the gradient itself, is {kept} % as long as their norms together.",
        kept=number(100 * kept),
    )
