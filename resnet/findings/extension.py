"""What becomes of the learning rate of a run that is given more steps."""

from resnet.findings.text import number
from resnet.i18n import _

ALMOST_ZERO = 1e-2  # of the highest rate


def constant_sentence(steps: int) -> str:
    """Of a schedule that does not look at the number of steps."""
    return _("The learning rate stays: it becomes the run that had {steps} steps from the start.", steps=steps)


def planned_sentence(before: float, after: float, highest: float, step: int, steps: int) -> str:
    """Of one that does: the rate of the last update `before` the end at `step`, of the next one `after` it, and the
    recipe's; `steps` in all then.
    """
    places = {"before": number(before), "after": number(after), "step": step, "steps": steps}
    if before < ALMOST_ZERO * highest:
        return _(
            "The learning rate had fallen almost to zero at step {step}; it goes on at {after}, as in the schedule of "
            "{steps} steps.",
            **places,
        )
    return _(
        "The learning rate had come to {before} at step {step}; it goes on at {after}, as in the schedule of {steps} "
        "steps.",
        **places,
    )


def anew_sentence(extended: int) -> str:
    """Of one that was extended before: it cannot have a third plan."""
    return _(
        "The schedule was changed once, at step {extended}: with another length the runs start from step 0.",
        extended=extended,
    )
