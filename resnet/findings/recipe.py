"""What a recipe does that its numbers do not show at once, in words."""

from collections.abc import Sequence

from resnet import catalog
from resnet.findings.text import number
from resnet.i18n import _
from resnet.specs import Recipe


def notes(recipe: Recipe) -> list[str]:
    """What is allowed and hardly meant, or easily overlooked; one sentence each."""
    found = [_warm_up(recipe), _extended(recipe), _mirrors(recipe)]
    return [sentence for sentence in found if sentence]


def _warm_up(recipe: Recipe) -> str:
    if recipe.warmup <= recipe.steps:
        return ""
    return _("The warm-up is longer than the run: the learning rate never reaches {lr}.", lr=number(recipe.lr))


def _extended(recipe: Recipe) -> str:
    if not recipe.extended or recipe.schedule == "constant":
        return ""
    return _(
        "The run was extended: its first {extended} steps follow the schedule of {extended}, the rest that of {steps}.",
        extended=recipe.extended,
        steps=recipe.steps,
    )


def _mirrors(recipe: Recipe) -> str:
    data = catalog.data_choice(recipe.data)
    if not recipe.augment or not recipe.flip or data.flip:
        return ""
    return _("No image of {data} is mirrored: it could get another label.", data=_(data.label))


def schedule_sentence(rates: Sequence[float]) -> str:
    """The learning rate from the first update to the last, and where it is highest."""
    highest = max(range(len(rates)), key=rates.__getitem__)
    places = {"first": number(rates[0]), "last": number(rates[-1]), "top": number(rates[highest]), "step": highest}
    if rates[0] == rates[-1] == rates[highest]:
        return _("{first} in every step.", **places)
    if rates[highest] in (rates[0], rates[-1]):
        return _("From {first} in the first step to {last} in the last.", **places)
    return _("From {first} in the first step to {top} at step {step} and {last} in the last.", **places)
