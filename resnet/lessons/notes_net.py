"""Lesson 14: what each fault of the course notes' net costs, by trained runs and by maps."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from resnet.findings.learning import FAILS, Result, loss_floor
from resnet.findings.text import nats, number, percent, series
from resnet.i18n import _, plural
from resnet.lessons.notes_code import FAULTS
from resnet.lessons.records import Reveal, Verdict


@dataclass(frozen=True)
class Seeds:
    """A net's results by the seeds that were trained, and the gradient of the loss at its last block at step 0."""

    results: Sequence[Result]
    gradient: float = float("nan")

    @property
    def last(self) -> list[float]:
        """The losses at the end, nats, in ascending order."""
        return sorted(result.last for result in self.results)

    @property
    def failed(self) -> int:
        """How many of the runs learned nothing."""
        return sum(result.standing in FAILS for result in self.results)


@dataclass(frozen=True)
class Maps:
    """Of one net with ReLU as modules, and as functions.

    `guided`: correlation of guided backprop with the plain gradient; `gap`: by how much DeepLift misses the rise of
    the score that it has to add up to, as a share of it.
    """

    guided: tuple[float, float]
    gap: tuple[float, float]


def span(values: Sequence[float]) -> str:
    """The lowest and the highest loss."""
    low, high = nats(min(values)), nats(max(values))
    return low if low == high else f"{low}–{high}"


def reveal(sound: Seeds, notes: Seeds) -> Reveal:
    """What becomes of the notes' net beside the sound one of the same depth."""
    text = plural(
        "With one seed the loss ends at **{notes}** instead of {sound}; guessing gives {chance}.",
        "With {count} seeds the loss ends at **{notes}** instead of {sound}; guessing gives {chance}.",
        len(notes.results),
        notes=span(notes.last),
        sound=span(sound.last),
        chance=nats(notes.results[0].guessing),
    )
    if notes.failed:
        text += " " + plural("{count} run learned nothing.", "{count} runs learned nothing.", notes.failed)
    return Reveal(_standing(sound, notes), text)


def _standing(sound: Seeds, notes: Seeds) -> str:
    if sound.failed:
        return ""
    if 2 * notes.failed > len(notes.results):
        return "nothing"
    return "well" if harmless(sound, notes) else "less"


def harmless(sound: Seeds, faulty: Seeds) -> bool:
    """Whether the losses at the end overlap with those of the sound net."""
    return bool(faulty.last) and faulty.last[0] <= sound.last[-1] and not faulty.failed


def effect(fault: str, sound: Seeds, faulty: Seeds | None) -> str:
    """What the run with that fault alone ended at; empty for a fault that no training shows."""
    if not FAULTS[fault].net:
        return ""
    if faulty is None or not faulty.results:
        return _("Not trained here yet.")
    places = {"faulty": span(faulty.last), "sound": span(sound.last)}
    text = _("Loss at the end, by seeds: **{faulty}**; without the fault {sound}.", **places)
    if harmless(sound, faulty):
        return text + " " + _("No harm is seen here: the seeds differ as much.")
    if fault == "softmax":
        text += " " + _(
            "It cannot fall below {floor}. The gradient at the last block begins {times} times smaller.",
            floor=nats(loss_floor(faulty.results[0].classes)),
            times=number(sound.gradient / faulty.gradient),
        )
    return text


def stops(message: str) -> str:
    """What Python says of the wrong class."""
    return _("Python stops with `{message}`. No loss, no gradient, no map.", message=message)


def blinds(found: Maps) -> str:
    """What becomes of maps; the loss is the same to the last bit."""
    return _(
        "Every number of the net is the same, and maps break without a word: guided backprop becomes the plain "
        "gradient (correlation {guided}, with modules {sound}), and DeepLift misses its sum by {gap} (with modules "
        "by {small}).",
        guided=f"{found.guided[1]:.2f}",
        sound=f"{found.guided[0]:.2f}",
        gap=percent(found.gap[1]),
        small=percent(found.gap[0]),
    )


def hunted(found: int) -> Verdict:
    """Whether all faults were found."""
    text = plural("{count} fault found of {all}.", "{count} faults found of {all}.", found, all=len(FAULTS))
    return Verdict(found == len(FAULTS), text)


def spares(chosen: str, sound: Seeds, nets: Mapping[str, Seeds]) -> Verdict:
    """Which fault does no harm, neither to training nor to maps; there may be several."""
    right = [name for name, own in nets.items() if harmless(sound, own)]
    losses = "; ".join(
        _("{fault} {losses}", fault=_(FAULTS[name].label), losses=span(own.last)) for name, own in nets.items()
    )
    text = _("Loss at the end, by seeds: {faults}; sound {sound}.", faults=losses, sound=span(sound.last))
    return Verdict(chosen in right, text)


def mended(nets: Sequence[tuple[str, int, Result | None]], floor: float) -> Verdict:
    """Whether a net that differs from the notes' one in one thing has got below the floor of the softmax.

    Names, in how many things they differ, and results of finished runs.
    """
    near = [(name, result) for name, changes, result in nets if changes == 1]
    if not near:
        return Verdict(False, _("No net on the bench differs from the notes' net in exactly one thing."))
    done = [(name, result) for name, result in near if result is not None]
    if not done:
        return Verdict(False, _("The mended net is not trained to its end yet."))
    losses = series(f"{name} {nats(result.last)}" for name, result in done)
    text = _("Loss at the end: {nets}; asked for is less than {floor}.", nets=losses, floor=nats(floor))
    return Verdict(any(result.last < floor for _name, result in done), text)
