"""What a per-layer profile says: where a signal goes, how far, and what becomes of a gradient on its way."""

from collections.abc import Sequence

import numpy as np

from resnet import catalog
from resnet.findings.text import number, series
from resnet.i18n import _

STEADY, STRONG = 3.0, 100.0  # factors: up to the first nothing has happened, above the second it "explodes"


def probe_sentence(values: np.ndarray, names: tuple[str, ...], probe: str) -> str:
    """Direction and size of one profile; of the weights, the convolutions alone: the head is of another kind."""
    record = catalog.PROBES[probe]
    if not record.log:
        return range_sentence(values)
    if record.of == "gap":
        return gains_sentence(values)
    last = -1 if record.of == "weight" else None
    return profile_sentence(values[:last], names[:last], record.backward, "block" if record.of == "block" else "layer")


def range_sentence(values: np.ndarray) -> str:
    """For a quantity that neither grows nor shrinks by factors."""
    return _("from {low:.2g} to {high:.2g}, mean {mean:.2g}", low=values.min(), high=values.max(), mean=values.mean())


def gains_sentence(values: np.ndarray) -> str:
    """The running product of the blocks' gains."""
    if not np.isfinite(values).all() or (values <= 0).any():
        odd = int((~np.isfinite(values) | (values <= 0)).sum())
        return _("no gain in {count} of {all} blocks: no gradient, or none that is finite", count=odd, all=len(values))
    product = float(np.exp(np.log(values.astype(float)).sum()))
    mean = product ** (1 / len(values))
    return _(
        "×{mean:.2f} per block in the mean, ×{product:.2g} over {count} blocks",
        mean=mean,
        product=product,
        count=len(values),
    )


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
    ends = _(", from {first} to {last}", first=names[0], last=names[-1])
    detour = _detour(values, names)
    if size <= STEADY and not detour:
        return _("stays level: first and last {part} differ by a factor of {factor}", **places) + ends
    return _direction(factor, size, places) + ends + detour


def _direction(factor: float, size: float, places: dict[str, object]) -> str:
    """Which way and how far a profile of positive finite values goes, by its two ends."""
    if size <= STEADY:
        return _("ends as it began: first and last {part} differ by a factor of {factor}", **places)
    if factor > STRONG:
        return _("explodes towards the {end}: ×{factor} in all, ×{each:.2f} per {part}", **places)
    if factor > 1:
        return _("grows towards the {end}: ×{factor} in all, ×{each:.2f} per {part}", **places)
    if size > STRONG:
        return _("vanishes towards the {end}: ÷{factor} in all, ÷{each:.2f} per {part}", **places)
    return _("shrinks towards the {end}: ÷{factor} in all, ÷{each:.2f} per {part}", **places)


def _detour(values: np.ndarray, names: tuple[str, ...]) -> str:
    """What the two ends do not show: how far the profile leaves the range between them, and where."""
    low, high = sorted((float(values[0]), float(values[-1])))
    below, above = low / float(values.min()), float(values.max()) / high
    if max(below, above) <= STEADY:
        return ""
    if below >= above:
        return _("; on its way it dips to ÷{factor} at {place}", factor=number(below), place=names[values.argmin()])
    return _("; on its way it rises to ×{factor} at {place}", factor=number(above), place=names[values.argmax()])


def kind(values: np.ndarray) -> str:
    """What becomes of a gradient on its way to the input: "vanish", "explode" or "healthy"; `values` in layer order.

    By the same limit as the sentences, a factor of more than 100, anywhere on the way: the farther excursion counts. A
    gradient that is not finite has exploded, one that is exactly 0 somewhere has vanished.
    """
    if not np.isfinite(values).all():
        return "explode"
    if (values == 0).any():
        return "vanish"
    up, down = float(values.max()) / float(values[-1]), float(values[-1]) / float(values.min())
    if max(up, down) <= STRONG:
        return "healthy"
    return "explode" if up >= down else "vanish"


def ratio(values: np.ndarray) -> str:
    """The first value over the last one, as people read it: ×14, ÷3·10⁵, exactly 0, not finite."""
    if not np.isfinite(values).all():
        return _("not finite")
    if values[0] == 0 or values[-1] == 0:
        return _("exactly 0")
    factor = float(values[0]) / float(values[-1])
    return f"×{number(factor)}" if factor >= 1 else f"÷{number(1 / factor)}"


def ratios_sentence(nets: Sequence[tuple[str, np.ndarray]], seed: int, step: int) -> str:
    """How many times larger the gradient of each net is at the first block than at the last one, at a step."""
    told = series(f"{name} {ratio(values)}" for name, values in nets)
    return _(
        "Gradient at the first block over that at the last, seed {seed}, step {step}: {ratios}.",
        seed=seed,
        step=step,
        ratios=told,
    )
