"""Sentences that follow from the numbers; no sentence here is true only for the expected outcome."""

import math
from dataclasses import dataclass

import numpy as np

from resnet.i18n import _

LAST = 20  # the end of a run is judged by the mean of so many steps
NEAR_CHANCE = 0.05  # a loss less than 5 % below ln(classes) has learned nothing to speak of
# Nats: runs that end closer to each other than this are called level; plain-20 ended at 0.76–0.91 in five seeds.
LEVEL = 0.15
STEADY, STRONG = 3.0, 100.0  # factors over a whole net: below the first "level", above the second "explodes"


@dataclass(frozen=True)
class Ending:
    """How a run ended: mean loss of its last steps, its lowest smoothed loss and where that was."""

    first: float
    last: float
    best: float
    best_step: int
    steps: int


def ending(step: np.ndarray, loss: np.ndarray) -> Ending | None:
    """None for a run without a finite loss."""
    finite = np.isfinite(loss)
    step, loss = step[finite], loss[finite]
    if not len(loss):
        return None
    window = min(LAST, len(loss))
    means = np.convolve(loss, np.ones(window) / window, "valid")
    best = int(means.argmin())
    return Ending(float(loss[0]), float(means[-1]), float(means[best]), int(step[best + window - 1]), int(step[-1]))


def loss_floor(classes: int) -> float:
    """The lowest cross-entropy, in nats, of a net that applies softmax itself: the loss applies it a second time.

    With probability 1 for the right class the loss is -ln(e / (e + classes - 1)): 1.46 for 10 classes, 4.31 for 200.
    """
    return math.log(1 + (classes - 1) / math.e)


def run_sentence(
    step: np.ndarray, loss: np.ndarray, test_accuracy: float | None, classes: int, softmax: bool = False
) -> str:
    """What a run has done so far, e.g. "at chance: loss 2.30 after 400 steps, ln 10 = 2.30; test accuracy 11 %".

    `softmax` says that the net applies softmax itself, so that its loss has a floor.
    """
    end = ending(step, loss)
    if end is None:
        return _("no finite loss was measured")
    chance = math.log(classes)
    if at_chance(end.last, classes):
        text = _(
            "at chance: loss {last:.2f} after {steps} steps, ln {classes} = {chance:.2f}",
            last=end.last,
            steps=end.steps,
            classes=classes,
            chance=chance,
        )
    elif end.last > chance:
        text = _(
            "worse than chance: loss {last:.2f} after {steps} steps, ln {classes} = {chance:.2f}",
            last=end.last,
            steps=end.steps,
            classes=classes,
            chance=chance,
        )
    else:
        text = _(
            "learns: loss {first:.2f} to {last:.2f}, lowest {best:.2f} at step {best_step}",
            first=end.first,
            last=end.last,
            best=end.best,
            best_step=end.best_step,
        )
    if softmax:
        text += _("; softmax inside the net keeps the loss above {floor:.2f}", floor=loss_floor(classes))
    if test_accuracy is not None and math.isfinite(test_accuracy):
        text += _("; test accuracy {accuracy:.0f} %", accuracy=100 * test_accuracy)
    return text


def at_chance(loss: float, classes: int) -> bool:
    """Whether a loss is within 5 % of ln(classes)."""
    return abs(loss / math.log(classes) - 1) < NEAR_CHANCE


def depth_sentence(shallow: str, deep: str, shallow_loss: float, deep_loss: float, classes: int) -> str:
    """What depth did to the training loss, for two nets that differ in depth alone."""
    gap = deep_loss - shallow_loss
    names = {"deep": deep, "shallow": shallow, "gap": abs(gap)}
    if at_chance(shallow_loss, classes) and at_chance(deep_loss, classes):
        return _("Neither learns: {shallow} and {deep} both end at chance.", **names)
    if gap > LEVEL:
        return _("Deeper is worse: {deep} ends {gap:.2f} nats above {shallow}.", **names)
    if gap < -LEVEL:
        return _("Deeper is better: {deep} ends {gap:.2f} nats below {shallow}.", **names)
    return _("Depth does no harm: {deep} ends level with {shallow} ({gap:.2f} nats apart).", **names)


def profile_sentence(values: np.ndarray, names: tuple[str, ...], backward: bool = True, part: str = "layer") -> str:
    """Direction and size of a per-layer profile, read as the signal runs: a gradient from the output to the input.

    `values` (L,) in layer order; ``backward=False`` for an activation, which runs from the input to the output; `part`
    is what one value belongs to: "layer" or "block".
    """
    end = _("input") if backward else _("output")
    part, parts = {"layer": (_("layer"), _("layers")), "block": (_("block"), _("blocks"))}[part]
    values, names = (values[::-1], names[::-1]) if backward else (values, names)
    for odd, text in (
        (~np.isfinite(values), _("not finite in {count} of {all} {parts}, from {layer} on towards the {end}")),
        (values == 0, _("exactly 0 in {count} of {all} {parts}, from {layer} on towards the {end}")),
    ):
        if odd.any():
            layer = names[int(np.flatnonzero(odd)[0])]
            return text.format(count=int(odd.sum()), all=len(values), parts=parts, layer=layer, end=end)
    factor = float(values[-1]) / float(values[0])
    size = max(factor, 1 / factor)
    places = {"end": end, "part": part, "factor": number(size), "each": size ** (1 / max(1, len(values) - 1))}
    return _direction(factor, size, places) + _(", from {first} to {last}", first=names[0], last=names[-1])


def _direction(factor: float, size: float, places: dict[str, object]) -> str:
    """Which way and how far a profile of positive finite values goes."""
    if size <= STEADY:
        return _("stays level: first and last {part} differ by a factor of {factor}", **places)
    if factor > STRONG:
        return _("explodes towards the {end}: ×{factor} in all, ×{each:.2f} per {part}", **places)
    if factor > 1:
        return _("grows towards the {end}: ×{factor} in all, ×{each:.2f} per {part}", **places)
    if size > STRONG:
        return _("vanishes towards the {end}: ÷{factor} in all, ÷{each:.2f} per {part}", **places)
    return _("shrinks towards the {end}: ÷{factor} in all, ÷{each:.2f} per {part}", **places)


def kind(values: np.ndarray) -> str:
    """What becomes of a gradient on its way to the input: "vanish", "explode" or "healthy"; `values` in layer order.

    By the same limit as the sentences: a factor of more than 100 over the whole net. A gradient that is not finite
    has exploded, one that is exactly 0 at the input has vanished.
    """
    if not np.isfinite(values).all():
        return "explode"
    if values[0] == 0:
        return "vanish"
    factor = float(values[0]) / float(values[-1]) if values[-1] else math.inf
    return "explode" if factor > STRONG else "vanish" if factor < 1 / STRONG else "healthy"


MOSTLY = 0.9  # of the channels behind a dead activation: rounding lets single ones flicker
DEAD = 1e-3  # a signal whose spread falls below this share of its start tells images apart no more


def cause(spread: np.ndarray, dead: np.ndarray, gradient: np.ndarray, loss: float, classes: int, step: int = 0) -> str:
    """What the numbers of one step say about why; empty when they say nothing.

    An untrained net is at chance anyway: that is said from step LAST on.

    `spread` (L,) standard deviations of the block outputs, `dead` (A,) shares of dead channels behind the activations,
    `gradient` (L,) norms by block output, all in layer order.
    """
    if not np.isfinite(spread).all():
        at = int(np.flatnonzero(~np.isfinite(spread))[0])
        return _("The forward signal overflows at block {block}.", block=at)
    if not math.isfinite(loss):
        return _("The loss itself overflows, though the blocks' outputs are finite.")
    if not np.isfinite(gradient).all():
        return _("The forward signal and the loss are finite: the gradient overflows on its way back.")
    silent = [at for at in range(len(dead)) if dead[at] == 1 and dead[at:].mean() > MOSTLY]
    if silent:
        return _(
            "The forward signal is dead: from activation {number} of {all} on, channels are the same for all images.",
            number=silent[0] + 1,
            all=len(dead),
        )
    faint = spread < DEAD * spread[0]
    if faint.any():
        at = int(np.flatnonzero(faint)[0])
        return _(
            "The forward signal dies: its spread is {spread} at block {block} and was {first} behind the stem.",
            spread=number_small(float(spread[at])),
            first=number_small(float(spread[0])),
            block=at,
        )
    if step >= LAST and abs(loss / math.log(classes) - 1) < NEAR_CHANCE / 10:
        return _("The loss is still at chance, ln {classes}.", classes=classes)
    return ""


def number_small(value: float) -> str:
    """Two significant digits of a value that may be far below 1."""
    if value == 0 or value >= 1e-3:
        return f"{value:.2g}"
    power = math.floor(math.log10(value))
    return f"{value / 10**power:.1f}·10{_raised(power)}"


def number(value: float) -> str:
    """Two significant digits; from 10,000 on as a power of ten that people can read."""
    if value < 10_000:
        rounded = float(f"{value:.2g}")
        return f"{rounded:,.0f}" if rounded >= 10 else f"{rounded:g}"
    power = int(math.log10(value))
    return f"{value / 10**power:.1f}·10{_raised(power)}"


def _raised(power: int) -> str:
    return str(power).translate(str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"))
