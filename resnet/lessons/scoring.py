"""How good the guesses were that a lesson asks for row by row, beside its one question."""

from collections.abc import Mapping

from resnet.i18n import _


def score_sentence(guesses: Mapping[str, str], truth: Mapping[str, str]) -> str:
    """How many rows were guessed right, of those that were guessed and measured; empty where there are none."""
    known = [guess == truth[row] for row, guess in guesses.items() if row in truth]
    if not known:
        return ""
    return _("Of your guesses for single rows {right} of {all} are right.", right=sum(known), all=len(known))
