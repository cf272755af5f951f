"""What one run has done: how its loss ended, and what that means."""

import math
from dataclasses import dataclass

import numpy as np

from resnet.i18n import _

LAST = 20  # the end of a run is judged by the mean of so many steps
NEAR_CHANCE = 0.05  # a loss less than 5 % below ln(classes) has learned nothing to speak of


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


def at_chance(loss: float, classes: int) -> bool:
    """Whether a loss is within 5 % of ln(classes)."""
    return abs(loss / math.log(classes) - 1) < NEAR_CHANCE


def loss_floor(classes: int) -> float:
    """The lowest cross-entropy, in nats, of a net that applies softmax itself: the loss applies it a second time.

    With probability 1 for the right class the loss is -ln(e / (e + classes - 1)): 1.46 for 10 classes, 4.31 for 200.
    """
    return math.log(1 + (classes - 1) / math.e)


def floor_sentence(classes: int, many: int) -> str:
    """The floor of the loss under softmax inside the net, for these classes and for `many`."""
    return _(
        "With {classes} classes the loss ends at {floor:.2f} nats at best, and at {many:.2f} with the notes' {count}.",
        classes=classes,
        floor=loss_floor(classes),
        many=loss_floor(many),
        count=many,
    )


def state_sentence(
    message: str, step: np.ndarray, loss: np.ndarray, test_accuracy: float | None, classes: int, softmax: bool
) -> str:
    """The message with which a run ended early, if it did, and what it has learned by now."""
    learned = run_sentence(step, loss, test_accuracy, classes, softmax) if len(step) > 1 else ""
    return " ".join(part for part in (message, learned) if part)


def run_sentence(
    step: np.ndarray, loss: np.ndarray, test_accuracy: float | None, classes: int, softmax: bool = False
) -> str:
    """What a run has done so far, e.g. "at chance: loss 2.30 after 400 steps, ln 10 = 2.30; test accuracy 11 %".

    `softmax` says that the net applies softmax itself, so that its loss has a floor.
    """
    end = ending(step, loss)
    if end is None:
        return _("no finite loss was measured")
    text = _loss(end, classes)
    if softmax:
        text += _("; softmax inside the net keeps the loss above {floor:.2f}", floor=loss_floor(classes))
    if test_accuracy is not None and math.isfinite(test_accuracy):
        text += _("; test accuracy {accuracy:.0f} %", accuracy=100 * test_accuracy)
    return text


def _loss(end: Ending, classes: int) -> str:
    chance = math.log(classes)
    places = {"last": end.last, "steps": end.steps, "classes": classes, "chance": chance}
    if at_chance(end.last, classes):
        return _("at chance: loss {last:.2f} after {steps} steps, ln {classes} = {chance:.2f}", **places)
    if end.last > chance:
        return _("worse than chance: loss {last:.2f} after {steps} steps, ln {classes} = {chance:.2f}", **places)
    return _(
        "learns: loss {first:.2f} to {last:.2f}, lowest {best:.2f} at step {best_step}",
        first=end.first,
        last=end.last,
        best=end.best,
        best_step=end.best_step,
    )


def trained_note(steps: int, failed: bool = False) -> str:
    """A few words beside a net's name: for how long its weights were trained, and whether it learned nothing."""
    text = _("after {steps} steps", steps=steps)
    return text + (_(", failed: at chance") if failed else "")


def untrained_note(at_work: bool = False) -> str:
    """The same for weights of step 0; `at_work` says that the net is in training or waits for it."""
    return _("untrained, still in training") if at_work else _("untrained")
