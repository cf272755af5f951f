"""What is said of a data set: how its pixels are spread, and how much so few test pictures can show."""

from collections.abc import Sequence

from resnet.findings.learning import wilson
from resnet.findings.text import listed
from resnet.i18n import N_, _

FEW = 200  # test pictures; of more the interval of a share is narrower than 14 points
CHANNELS = {1: (N_("grey"),), 3: (N_("red"), N_("green"), N_("blue"))}


def counts_sentence(train: int, test: int, classes: int, least: int, most: int) -> str:
    """How many images there are of each kind; `least` and `most` training images of a class."""
    places = {"train": train, "test": test, "classes": classes}
    text = _("{train:,} images to learn from and {test:,} to test on, in {classes} classes", **places)
    if least == most:
        return text + _("; {count:,} of each to learn from.", count=most)
    return text + _("; {least:,} to {most:,} of each to learn from.", least=least, most=most)


def pixel_sentence(mean: Sequence[float], std: Sequence[float]) -> str:
    """Mean and standard deviation of the training pixels by channel, in 0..1."""
    names = [_(name) for name in CHANNELS.get(len(mean), ())] or [str(number) for number in range(len(mean))]
    means = listed([f"{name} {value:.3f}" for name, value in zip(names, mean, strict=True)])
    stds = listed([f"{name} {value:.3f}" for name, value in zip(names, std, strict=True)])
    return _("Training pixels, 0 to 1: mean {means}; standard deviation {stds}.", means=means, stds=stds)


def few_sentence(test: int) -> str:
    """What a share of right answers among so few test pictures can show; empty where they are enough."""
    if test >= FEW:
        return ""
    right = round(0.8 * test)
    low, high = wilson(right / test, test)
    places = {"right": right, "test": test, "low": 100 * low, "high": 100 * high}
    return _(
        "So few test pictures show little: {right} of {test} right is compatible with {low:.0f}–{high:.0f} % "
        "(95 % interval). Compare nets only by far larger differences, and over several seeds.",
        **places,
    )
