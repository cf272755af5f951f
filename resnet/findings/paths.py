"""Through paths of which length the gradient comes. Markdown."""

from resnet.findings.text import plain
from resnet.i18n import _


def path_sentence(name: str, low: int, high: int, blocks: int) -> str:
    """Where the middle 90 % of the gradient comes from, against the mean path of all 2^`blocks`."""
    return _(
        "**{net}**: 90 % of the gradient come through paths of {low} to {high} blocks; the mean path has {mean:.1f} of "
        "{count}.",
        net=plain(name),
        low=low,
        high=high,
        mean=blocks / 2,
        count=blocks,
    )
