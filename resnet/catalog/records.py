"""The kinds of record of which the catalog is made."""

from dataclasses import dataclass
from typing import TypeVar


@dataclass(frozen=True)
class Choice:
    """One option of a spec field; `part` is its word in a net's name, empty for the default."""

    name: str
    label: str
    help: str
    part: str = ""
    formula: str = ""
    source: str = ""


@dataclass(frozen=True)
class Switch(Choice):
    """A field of a spec that is on or off; `usual` is its default, and `part` says in a name that it is the other."""

    usual: bool = False


@dataclass(frozen=True)
class DataChoice(Choice):
    """A data set: `shape` is (C, H, W); `train` and `test` count images; `flip`: a mirrored image keeps its label.

    `megabytes` are to be fetched first; `own`: it comes from outside, and its images can have several sizes.
    """

    shape: tuple[int, int, int] = (3, 32, 32)
    train: int = 0
    test: int = 0
    classes: tuple[str, ...] = ()
    flip: bool = True
    has_masks: bool = False
    levels: bool = False
    megabytes: int = 0
    licence: str = ""
    own: bool = False


@dataclass(frozen=True)
class Probe(Choice):
    """A per-layer measurement; `unit` belongs to the axis title; `of` says which layers it measures.

    "block": the outputs of stem and blocks; "gap": from each block's output to its input; "weight": the weighted
    layers; "response": the normalised outputs of the convolutions; "activation": every activation.
    """

    unit: str = ""
    of: str = "block"
    log: bool = True  # drawn on a logarithmic axis
    backward: bool = True  # whether it is carried from the output to the input
    short: str = ""  # for a menu


@dataclass(frozen=True)
class Method(Choice):
    """An attribution method: whether its maps have a sign, and whether they add up to f(x) - f(x₀).

    `values` says what the number of a pixel means: a "share" of the score, a "gradient" (its sign tells which way the
    pixel would have to change), or a "signal" that is neither. `not_with` names records of a net for which the maps do
    not add up: parts that the method has no rule for; `refused` when it says nothing at all there. `baseline` and
    `layer`: whether it has one to choose. `passes`: its cost for one image. `repeats`: of a method that draws random
    numbers, the correlation of two maps with other numbers, lowest and highest of res-20, plain-20 and res-56 (120
    steps, mean of 4 images, Captum 0.9).
    """

    signed: bool = True
    completeness: bool = False
    not_with: tuple[str, ...] = ()
    refused: bool = False
    baseline: bool = False
    layer: bool = False
    passes: int = 1
    values: str = "share"
    repeats: tuple[float, float] | None = None


@dataclass(frozen=True)
class Score(Choice):
    """A score of a map: which way is `better`, whether it needs the objects' `masks`, its value by `chance`.

    `yes_no`: every image counts 0 or 1, so the mean is a share. `least` and `most` bound the mean.
    """

    better: str = "higher"
    masks: bool = False
    chance: float | None = None
    yes_no: bool = False
    least: float = 0.0
    most: float = 1.0


@dataclass(frozen=True)
class Preset(Choice):
    """A net that has a name of its own; `group` is its heading in the menu."""

    net: str = ""
    group: str = ""


@dataclass(frozen=True)
class RecipePreset(Choice):
    """A recipe that has a name: its `words`, as in a link; what they leave out is the default.

    Data, steps, seeds and how much is recorded stay as they are.
    """

    words: str = ""


Record = TypeVar("Record", bound=Choice)


def by_name(*records: Record) -> dict[str, Record]:
    return {record.name: record for record in records}


HE_2015 = "He et al. 2015, arXiv 1512.03385"
HE_2016 = "He et al. 2016, arXiv 1603.05027"
