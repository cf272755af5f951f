"""Lesson 13: which maps are the untrained net's, and what maps say of what a net knows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from resnet import catalog
from resnet.findings.text import percent, series
from resnet.i18n import _
from resnet.lessons.records import Reveal, Verdict

LETTERS = "ABCD"


@dataclass(frozen=True)
class Shown:
    """A net as a column: the share of its maps' energy inside the object; whether it was trained, and has learned."""

    name: str
    inside: float
    trained: bool
    learned: bool = True


def reveal(columns: Sequence[Shown], even: float, images: int) -> Reveal:
    """Columns from left to right; `even` is the share that a map has inside the object that is the same all over."""
    places = zip(LETTERS, columns, strict=True)
    nets = "; ".join(
        _("{letter} {net} **{share}**", letter=letter, net=one.name, share=percent(one.inside))
        for letter, one in places
    )
    text = _(
        "Share of the maps' energy inside the object, {images} test images: {nets}. An even map has {even}.",
        images=images,
        nets=nets,
        even=percent(even),
    )
    place = next(place for place, one in enumerate(columns) if not one.trained)
    if columns[place].inside > even:
        text += " " + _("The maps of the net that knows nothing find the object, too.")
    if failed := [one.name for one in columns if one.trained and not one.learned]:
        text += " " + _("Trained, and yet at chance: {nets}.", nets=", ".join(failed))
    return Reveal(LETTERS[place], text)


def forgets(chosen: str, likeness: Mapping[str, float], part: str) -> Verdict:
    """Which method's maps stay most like those before, by rank correlation, once everything to `part` is random."""
    told = series(f"{_(catalog.METHODS[method].label)} {value:.2f}" for method, value in likeness.items())
    text = _("Rank correlation with the maps before, everything from the head to {part} random: {methods}.",
             part=part, methods=told)  # fmt: skip
    return Verdict(likeness[chosen] == max(likeness.values()), text)


def separates(chosen: str, inside: Mapping[str, tuple[float, float]]) -> Verdict:
    """With which method the energy inside the object differs most: of the trained net, and of the untrained one."""
    told = ", ".join(
        _(
            "{method} {trained} against {untrained}",
            method=_(catalog.METHODS[method].label),
            trained=percent(shares[0]),
            untrained=percent(shares[1]),
        )
        for method, shares in inside.items()
    )
    text = _("Energy inside the object, trained against untrained: {methods}.", methods=told)
    differences = {method: trained - untrained for method, (trained, untrained) in inside.items()}
    return Verdict(differences[chosen] == max(differences.values()), text)
