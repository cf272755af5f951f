"""What is said beside attribution maps: captions, legends, and what a method cannot say about a net."""

from collections.abc import Iterable, Sequence

from resnet import catalog
from resnet.findings.options import about
from resnet.findings.text import number, paragraph, percent, plain, series
from resnet.i18n import N_, _

FAINT = 10  # maps that are so many times weaker than others are nearly white on the common scale
ABOVE = 3  # maps that reach so many times the full colour no longer show where they are strong
OFF = 0.1  # of f(x) - f(x₀): a map that misses it by more does not add up

# What a colour means, by what the number of a pixel means (`Method.values`) and by what is drawn of it.
_COLOURS = {
    ("share", "signed"): N_("Red speaks for the class, blue against it, white is zero"),
    ("share", "absolute"): N_("Red is strong, for or against the class, white is zero"),
    ("share", "positive"): N_("Red speaks for the class, white does not"),
    ("gradient", "signed"): N_("Brighter pixels would raise the score where it is red and lower it where it is blue"),
    ("gradient", "absolute"): N_("Red is where a small change matters most, white is where it does not matter"),
    ("gradient", "positive"): N_("Brighter pixels would raise the score where it is red, and not where it is white"),
    ("signal", "signed"): N_("Red is positive, blue negative, white zero; the sign is not for or against the class"),
    ("signal", "absolute"): N_("Red is strong, of either sign, white is zero"),
    ("signal", "positive"): N_("Red is positive, white zero or negative; the sign is not for or against the class"),
}


def energy_sentence(nets: Sequence[tuple[str, float]], even: float) -> str:
    """The share of its maps' energy inside the objects for each net, by name, and an even map's. Markdown."""
    shares = series(f"{name} {percent(share)}" for name, share in nets)
    return _("**Energy inside the object** (an even map: {even:.0f} %): {nets}.", even=100 * even, nets=plain(shares))


def faint_sentence(peaks: Sequence[tuple[str, float]]) -> str:
    """A warning when some net's maps are far stronger than others on one scale; empty otherwise. Markdown."""
    name, strongest = max(peaks, key=lambda one: one[1])
    if strongest <= FAINT * min(peak for _name, peak in peaks):
        return ""
    return _("The maps of {net} are far stronger than others: **Own scale** shows the faint ones.", net=plain(name))


def untrained_sentence() -> str:
    """What to do before any net is trained. Markdown."""
    return _("No net is trained yet: press **Train** in the side bar, then look again.")


def refusal(method: str, parts: Iterable[str]) -> str:
    """Why a method says nothing about a net with those parts, words of the catalog; empty when it does."""
    record = catalog.METHODS[method]
    if not record.refused or not set(parts) & set(record.not_with):
        return ""
    return _("not drawn: without ReLU it is the plain gradient")


def method_label(method: str, refused: Sequence[str]) -> str:
    """The method for a menu, with the nets about which it says nothing."""
    without = _(" (needs ReLU: not {nets})", nets=series(refused)) if refused else ""
    return _(catalog.METHODS[method].label) + without


def rules_sentence(method: str, nets: Sequence[tuple[str, Sequence[str]]]) -> str:
    """Which nets, by name, have parts for which a method has no rule, by their labels; empty when none has."""
    told = series(_("{thing} ({details})", thing=name, details=series(parts)) for name, parts in nets if parts)
    record = catalog.METHODS[method]
    if not told or record.refused:
        return ""
    text = _("{method} has no rule for parts of {nets}: these maps do not add up to the score.")
    return text.format(method=_(record.label), nets=told)


def caption(
    seen: tuple[str, float],
    right: bool,
    target: tuple[str, float] | None,
    inside: float | None,
    empty: bool,
    sums: tuple[float, float] | None = None,
) -> tuple[str, ...]:
    """The class that the net sees and the one that is explained, each with its probability, and what the map is like.

    `target` is None where it is the class that is seen; `inside` is the share of the energy inside the object, None
    without a mask; `empty` says that the map is zero everywhere; `sums` are the map's and the one that it should have,
    f(x) - f(x₀), None for a method that promises none.
    """
    lines = [f"{seen[0]} {percent(seen[1])}{'' if right else _(' (wrong)')}"]
    if target:
        lines.append(_("{name}: {share:.0f} %", name=target[0], share=100 * target[1]))
    if empty:
        lines.append(zero_map())
    elif inside is not None:
        lines.append(_("{share:.0f} % inside", share=100 * inside))
    if sums and abs(sums[0] - sums[1]) > OFF * abs(sums[1]):
        lines.append(_("adds up to {found}, not {rise}", found=signed(sums[0]), rise=signed(sums[1])))
    return tuple(lines)


def signed(value: float) -> str:
    """Two significant digits with a proper minus sign."""
    return f"{'−' if value < 0 else ''}{number(abs(value))}"


def above(peak: float, scale: float) -> str:
    """For a net whose maps go beyond the full colour: how far its strongest pixel does; empty otherwise."""
    if not scale > 0 or not peak > ABOVE * scale:
        return ""
    return _("reaches {times} × the scale", times=number(peak / scale))


def zero_map() -> str:
    """For a map that is no picture."""
    return _("this map is zero everywhere")


def legend(method: str, scale: float | None, sign: str, baseline: str) -> str:
    """What the colours mean, the scale in figures (None: each map its own), the baseline, the method and its source."""
    record = catalog.METHODS[method]
    drawn = sign if record.signed or sign == "absolute" else "positive"
    colours = _(_COLOURS[record.values, drawn])
    scaled = (
        _("each map has its own scale")
        if scale is None
        else _("full colour at {scale:.2g} on every map of this method", scale=scale)
    )
    told = _("Baseline: {name}.", name=_(catalog.BASELINES[baseline].label)) if record.baseline else ""
    cost = _("Costs about {count} passes through the net for each image.", count=record.passes)
    drawn = _("{colours}; {scaled}.", colours=colours, scaled=scaled)
    return paragraph(drawn, about(record), told, cost, trust(method))


def trust(method: str) -> str:
    """How far the maps of a method that draws random numbers can be trusted; empty for the others."""
    repeats = catalog.METHODS[method].repeats
    if repeats is None:
        return ""
    text = _(
        "It draws random numbers, always the same ones; with others the map would agree to r = {low:.2f} to {high:.2f} "
        "only (measured on three nets)."
    )
    return text.format(low=repeats[0], high=repeats[1])
