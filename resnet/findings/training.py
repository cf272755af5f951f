"""What one run has done so far, in words."""

import math

from resnet.findings.learning import Result, loss_floor
from resnet.findings.text import nats, paragraph
from resnet.i18n import _


def floor_sentence(outputs: int, many: int) -> str:
    """The floor of the loss under softmax inside the net, for these outputs and for `many`."""
    return _(
        "With {classes} classes the loss ends at {floor:.2f} nats at best, and at {many:.2f} with the notes' {count}.",
        classes=outputs,
        floor=loss_floor(outputs),
        many=loss_floor(many),
        count=many,
    )


def state_sentence(message: str, found: Result, softmax: int = 0, clipped: float = math.nan) -> str:
    """The message with which a run ended early, if it did, and what it has learned by now."""
    learned = run_sentence(found, softmax, clipped) if found.steps else ""
    return paragraph(message, learned)


def run_sentence(found: Result, softmax: int = 0, clipped: float = math.nan) -> str:
    """What a run has done so far, e.g. "at chance: loss 2.30 after 400 steps, ln 10 = 2.30; test accuracy 11 %".

    `softmax` is the number of outputs of a net that applies softmax itself, so that its loss has a floor, else 0;
    `clipped` the share of updates whose gradients were clipped, NaN where none could be.
    """
    if found.standing == "nothing":
        return _("no finite loss was measured")
    text = _standing(found)
    if softmax:
        text += _("; softmax inside the net keeps the loss above {floor:.2f}", floor=loss_floor(softmax))
    if math.isfinite(found.test):
        text += _("; test accuracy {accuracy:.0f} %", accuracy=100 * found.test)
    return text + clipped_words(clipped)


def clipped_words(share: float) -> str:
    """The end of a sentence: in how many steps the gradients were clipped; empty where none could be."""
    if not math.isfinite(share):
        return ""
    return _("; gradients clipped in {share:.0f} % of the steps", share=100 * share)


def _standing(found: Result) -> str:
    places = {
        "first": nats(found.first),
        "last": nats(found.last),
        "best": nats(found.best),
        "best_step": found.best_step,
        "steps": found.steps,
        "planned": found.planned,
        "classes": found.classes,
        "guessing": nats(found.guessing),
        "chance": f"{100 / found.classes:.0f}",
        "right": f"{100 * _right(found):.0f}",
    }
    running = found.steps < found.planned
    match found.standing:
        case "learns":
            return _("learns: loss {first} to {last}, lowest {best} at step {best_step}", **places)
        case "early":
            return _("too few steps or images to tell: loss {first} to {last} in {steps} steps", **places)
        case "begun":
            return _(
                "has begun to learn: {right} % right, by guessing {chance} %; loss {last}, ln {classes} = {guessing}",
                **places,
            )
        case "unsure":
            return _(
                "learns, but is often sure of a wrong class: {right} % right, by guessing {chance} %; "
                "loss {last}, ln {classes} = {guessing}",
                **places,
            )
        case "worse" if running:
            return _("worse than guessing so far: loss {last}, ln {classes} = {guessing}", **places)
        case "worse":
            return _("worse than chance: loss {last} after {steps} steps, ln {classes} = {guessing}", **places)
        case _ if running:
            return _("no better than guessing so far: loss {last}, ln {classes} = {guessing}", **places)
        case _:
            return _("at chance: loss {last} after {steps} steps, ln {classes} = {guessing}", **places)


def _right(found: Result) -> float:
    """The share of right answers that a sentence names: of the test images where there are any."""
    return found.test if math.isfinite(found.test) else found.right


def trained_note(steps: int, failed: bool = False) -> str:
    """A few words beside a net's name: for how long its weights were trained, and whether it learned nothing."""
    text = _("after {steps} steps", steps=steps)
    return text + (_(", failed: at chance") if failed else "")


def untrained_note(at_work: bool = False) -> str:
    """The same for weights of step 0; `at_work` says that the net is in training or waits for it."""
    return _("untrained, still in training") if at_work else _("untrained")
