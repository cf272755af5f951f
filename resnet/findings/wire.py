"""What is left of signal and gradient when every shortcut is multiplied by λ."""

import math

from resnet.findings.text import number
from resnet.i18n import _, plural

SMALLEST = -300.0  # as a power of ten: what is smaller is not written out


def passed_sentence(percent: int, blocks: int, power: float, gradient: float, signal: float) -> str:
    """What the shortcuts pass, λⁿ, and what was measured, at λ = `percent` / 100.

    `power` is log₁₀ λⁿ; `gradient` the norm in front of the first of the `blocks` over that behind the last one,
    `signal` the standard deviation behind the last over that in front of the first.
    """
    if not (math.isfinite(gradient) and math.isfinite(signal)):
        return _("{direct} Gradient or signal have no finite size here.", direct=_direct(percent, blocks, power))
    return _(
        "{direct} Measured, the gradient in front of the first block is {gradient} times that behind the last one, and "
        "the signal behind the last block {signal} times that in front of the first.",
        direct=_direct(percent, blocks, power),
        gradient=number(gradient),
        signal=number(signal),
    )


def _direct(percent: int, blocks: int, power: float) -> str:
    factor = f"{percent / 100:g}"
    if percent == 100:
        return plural(
            "λ = 1: the shortcut of {count} block passes all, λⁿ = 1.",
            "λ = 1: the shortcuts of {count} blocks pass all, λⁿ = 1.",
            blocks,
        )
    if percent == 0:
        return _("λ = 0: no shortcut is left, and all that arrives has come through the branches.")
    passed = number(10**power) if power > SMALLEST else _("less than 10⁻³⁰⁰")
    return plural(
        "λ = {factor}: the shortcut of {count} block passes λⁿ = {passed}; the branches do the rest.",
        "λ = {factor}: the shortcuts of {count} blocks together pass λⁿ = {passed}; the branches do the rest.",
        blocks,
        factor=factor,
        passed=passed,
    )
