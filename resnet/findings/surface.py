"""What follows from the loss around nets, and what does not. Markdown."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from resnet.findings.text import clauses, listed, nats, number, percent, plain, series
from resnet.i18n import _, plural

NEAR = 0.05  # of ln(classes), within which a point lies on the plateau of guessing
MOSTLY = 0.5  # share of the points that makes a plateau worth a sentence
ALIKE = 2.0  # times one loss at the centre may be the other, for a comparison of where they double


@dataclass(frozen=True)
class Ground:
    """A net, by name, and the loss around it; `classes` among which it guesses.

    `losses` (rows, columns) in nats at the places `y` (rows,) and `x` (columns,), and at the `centre`, the net itself.
    """

    name: str
    classes: int
    x: np.ndarray
    y: np.ndarray
    losses: np.ndarray
    centre: float

    @property
    def chance(self) -> float:
        """The loss of guessing, nats."""
        return math.log(self.classes)

    @property
    def plateau(self) -> float:
        """The share of the points where the loss is that of guessing."""
        return float((np.abs(self.losses - self.chance) <= NEAR * self.chance).mean())

    @property
    def missing(self) -> int:
        """How many points have no finite loss."""
        return int((~np.isfinite(self.losses)).sum())


def doubling(ground: Ground) -> list[float]:
    """From the centre along x, against it, along y and against it: where the loss is twice that of the centre first.

    Between two points the logarithm of the loss is taken to be a line. ∞ where that is not within the picture, or
    beyond a point without a finite loss. For a grid that holds the centre.
    """
    row, column = _place(ground.y), _place(ground.x)
    along, across = ground.losses[row], ground.losses[:, column]
    ways = [
        (ground.x[column:], along[column:]),
        (ground.x[column::-1], along[column::-1]),
        (ground.y[row:], across[row:]),
        (ground.y[row::-1], across[row::-1]),
    ]
    return [_reaches(np.abs(places), losses, 2 * ground.centre) for places, losses in ways]


def _place(axis: np.ndarray) -> int:
    return int(np.abs(axis).argmin())


def _reaches(places: np.ndarray, losses: np.ndarray, wanted: float) -> float:
    for at in range(1, len(places)):
        if not np.isfinite(losses[at]):
            return math.inf
        if losses[at] >= wanted > 0:
            if losses[at - 1] <= 0:
                return float(places[at])
            share = math.log(wanted / losses[at - 1]) / math.log(losses[at] / losses[at - 1])
            return float(places[at - 1] + share * (places[at] - places[at - 1]))
    return math.inf


def surface_sentences(grounds: Sequence[Ground], random: bool) -> list[str]:
    """The loss at the centres, plateaus, points without a value; on `random` directions also where the loss doubles."""
    said = [centres_sentence(grounds)]
    for ground in grounds:
        said += [plateau_sentence(ground)] if ground.plateau >= MOSTLY else []
        said += [missing_sentence(ground)] if ground.missing else []
        sloped = random and ground.plateau < MOSTLY and math.isfinite(ground.centre)
        said += [doubling_sentence(ground)] if sloped else []
    if random and len(grounds) == 2:
        said.append(comparison_sentence(grounds[0], grounds[1]))
    return [sentence for sentence in said if sentence]


def centres_sentence(grounds: Sequence[Ground]) -> str:
    """The loss of the nets themselves."""
    losses = [f"{plain(ground.name)} **{_loss(ground.centre)}**" for ground in grounds]
    return _("Loss at the centre, which is the net itself: {nets}.", nets=series(losses))


def plateau_sentence(ground: Ground) -> str:
    """That most of the picture is the loss of guessing, and whether the net itself lies in it."""
    values = {"net": plain(ground.name), "share": percent(ground.plateau), "classes": ground.classes,
              "chance": nats(ground.chance)}  # fmt: skip
    if abs(ground.centre - ground.chance) <= NEAR * ground.chance:
        return _(
            "{net} lies on a plateau: at {share} of the points, and at its centre, the loss is within 5 % of "
            "ln {classes} = {chance}, which guessing gives.",
            **values,
        )
    return _(
        "{net} lies in a hollow of a plateau: at {share} of the points the loss is within 5 % of ln {classes} = "
        "{chance}, which guessing gives.",
        **values,
    )


def missing_sentence(ground: Ground) -> str:
    """How many points are marked."""
    return plural(
        "{net}: the loss of {count} point is not a finite number; it is marked ×.",
        "{net}: the losses of {count} points are not finite numbers; they are marked ×.",
        ground.missing,
        net=plain(ground.name),
    )


def doubling_sentence(ground: Ground) -> str:
    """How far from the centre the loss doubles, over the four ways along the axes."""
    found = doubling(ground)
    within = sorted(distance for distance in found if math.isfinite(distance))
    name, edge = plain(ground.name), f"{float(np.abs(ground.x).max()):g}"
    if not within:
        return _("{net}: along neither direction does the loss double within ±{edge}.", net=name, edge=edge)
    low, high = (f"{distance:.2f}" for distance in (within[0], within[-1]))
    text = _("{net}: the loss doubles {low} from the centre", net=name, low=low)
    if low != high:
        text = _("{net}: the loss doubles {low} to {high} from the centre", net=name, low=low, high=high)
    if len(within) == len(found):
        return _("{sentence}, along all four ways.", sentence=text)
    left = len(found) - len(within)
    return plural(
        "{sentence}; along {count} of the four ways it does not within ±{edge}.",
        "{sentence}; along {count} of the four ways it does not within ±{edge}.",
        left,
        sentence=text,
        edge=edge,
    )


def comparison_sentence(first: Ground, second: Ground) -> str:
    """Which of two nets lies flatter, where all four distances of one are beyond those of the other."""
    centres = [ground.centre for ground in (first, second)]
    if not np.isfinite(centres).all() or min(centres) <= 0 or max(first.plateau, second.plateau) >= MOSTLY:
        return ""
    times = max(centres) / min(centres)
    if times > ALIKE:
        return _(
            "The losses at the centres differ {times} times, and a lower one doubles sooner: where they double does "
            "not tell which net lies flatter.",
            times=number(times),
        )
    ranges = [doubling(ground) for ground in (first, second)]
    for flat, steep, (near, far) in ((first, second, ranges), (second, first, ranges[::-1])):
        if min(near) > max(far):
            names = {"flat": plain(flat.name), "steep": plain(steep.name)}
            return _("Along these two directions {flat} lies flatter than {steep}.", **names)
    return _("Along these two directions neither net lies clearly flatter than the other: the distances overlap.")


def explained_sentence(names: Sequence[str], explained: Sequence[np.ndarray]) -> str:
    """How much of the way of a training lies in the picture: the share of each direction, for each net."""
    parts = [
        _("{net} {first}, {second}", net=plain(name), first=percent(own[0]), second=percent(own[1]))
        for name, own in zip(names, explained, strict=True)
    ]
    return _("Share of the variance of the kept weights along x and along y: {nets}.", nets=clauses(parts))


def path_note() -> str:
    """Why there is no path on a plane of random directions."""
    return _(
        "The path of training is not drawn here: a random direction is almost at right angles to it, so that it would "
        "be a dot. Choose the directions “Training” for it."
    )


def limits_note(counts: Sequence[tuple[str, int]], images: int, random: bool) -> str:
    """What the picture can show and what it cannot; `counts` are the names of nets with their parameters."""
    numbers = [(f"{count:,}", plain(name)) for name, count in counts]
    parameters = listed([_("{count} ({net})", count=count, net=name) for count, name in numbers])
    values = {"parameters": parameters, "images": images}
    if random:
        return _(
            "It shows how the loss changes near the net along two random directions out of {parameters} parameters, on "
            "{images} training images. It does not show the other directions, where training went, or whether the net "
            "is right on new images; a distance of 1 moves every filter by its own norm.",
            **values,
        )
    return _(
        "It shows the plane that holds most of the path of training, two directions out of {parameters} parameters, on "
        "{images} training images; the kept weights lie beside it, so that the loss below a mark is not theirs. Each "
        "net has its own directions: distances in two pictures are not the same thing.",
        **values,
    )


def _loss(value: float) -> str:
    return nats(value) if math.isfinite(value) else _("not finite")
