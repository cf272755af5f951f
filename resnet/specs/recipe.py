"""Recipe: how a net is trained."""

from collections.abc import Mapping
from typing import Any, Self

from pydantic import field_validator, model_validator

from resnet import catalog
from resnet.i18n import _
from resnet.specs.base import Spec, SpecError, one_of, short, within
from resnet.specs.limits import LIMITS

LAST_SEED = 999_999
MOST_SEEDS = 5  # of one recipe: quartiles need five, and a class has no patience for more
SIZES = (32, 64, 96)  # pixels: what pictures of other sizes are brought to

RECIPE_OPTIONS: dict[str, Mapping[str, catalog.Choice]] = {
    "data": catalog.DATASETS,
    "level": catalog.LEVELS,
    "optimizer": catalog.OPTIMIZERS,
    "schedule": catalog.SCHEDULES,
}
RANGES: dict[str, tuple[float, float]] = {
    "steps": (1, LIMITS.max_steps),
    "batch": (LIMITS.min_batch, LIMITS.max_batch),
    "lr": (1e-6, 10.0),
    "warmup": (0, LIMITS.max_steps),
    "momentum": (0.0, 0.999),
    "weight_decay": (0.0, 1.0),
    "label_smoothing": (0.0, 0.5),
    "clip": (0.0, 1_000.0),
    "cutout": (0, 48),
    "mixup": (0.0, 1.0),
    "seed": (0, LAST_SEED),
    "seeds": (1, MOST_SEEDS),
    "extended": (0, LIMITS.max_steps),
    "record_every": (1, 1_000),
    "evaluate_every": (1, LIMITS.max_steps),
}

# Test images while a net trains: the 95 % interval (Wilson) of 90 % right answers is 87–92 %, of 50 % 46–54 %; with all
# 1,000 of shapes it is 88–92 and 47–53, for twice the time.
TESTED = 500


class Recipe(Spec):
    """How a net is trained; the defaults are the demo's: 400 steps, in which plain-56 fails and res-56 learns."""

    data: str = "shapes"
    level: str = "quick"
    steps: int = min(400, LIMITS.max_steps)
    batch: int = min(max(32, LIMITS.min_batch), LIMITS.max_batch)
    optimizer: str = "adam"
    lr: float = 3e-3
    schedule: str = "cosine"
    warmup: int = 0
    momentum: float = 0.9
    nesterov: bool = False
    weight_decay: float = 0.0
    label_smoothing: float = 0.0  # the share of the target that all classes get alike
    clip: float = 0.0  # the largest norm of all gradients together; 0: any
    augment: bool = True  # each image is moved by a few pixels
    flip: bool = True  # and mirrored, where its label allows
    cutout: int = 0  # side in pixels of the square that is hidden; 0: none
    mixup: float = 0.0  # of the Beta distribution that two images are mixed by; 0: none
    pixels: int = SIZES[0]  # the side of images, of data sets that can be read in several sizes
    seed: int = 0
    seeds: int = 1  # runs for each net, with this seed and the ones behind it
    extended: int = 0  # the steps that were planned at first, by which the schedule goes until then; 0: all of them
    record_every: int = 10  # steps between two per-layer profiles
    evaluate_every: int = min(100, LIMITS.max_steps)  # steps between two evaluations on the test images

    @field_validator("level", "optimizer", "schedule")
    @classmethod
    def _known(cls, value: str, info: Any) -> str:
        return one_of(info.field_name, value, RECIPE_OPTIONS[info.field_name])

    @field_validator("data")
    @classmethod
    def _here(cls, value: str) -> str:
        """A data set from outside has to be on this computer; its images may have been deleted, its runs stay."""
        if not catalog.is_own(value):
            return one_of("data", value, catalog.DATASETS)
        count, (least, most) = len(catalog.data_choice(value).classes), catalog.CLASSES
        if not least <= count <= most:
            places = {"least": least, "most": most, "count": count}
            raise ValueError(_("a data set has {least}–{most} classes; this one has {count}", **places))
        return value

    @field_validator(*RANGES)
    @classmethod
    def _range(cls, value: float, info: Any) -> float:
        return within(info.field_name, value, *RANGES[info.field_name])

    @field_validator("pixels")
    @classmethod
    def _known_size(cls, value: int) -> int:
        if value not in SIZES:
            sizes = ", ".join(map(str, SIZES))
            raise ValueError(_("pixels must be one of {sizes}; got {value}", sizes=sizes, value=short(value)))
        return value

    @model_validator(mode="after")
    def _seeds_are_seeds(self) -> Self:
        if self.seed + self.seeds - 1 > LAST_SEED:
            places = {"count": self.seeds, "last": LAST_SEED, "seed": LAST_SEED + 1 - self.seeds}
            raise ValueError(_("{count} seeds must end by {last}; try seed {seed}", **places))
        return self

    @model_validator(mode="after")
    def _extended_by_something(self) -> Self:
        if self.extended >= self.steps:
            places = {"extended": self.extended, "steps": self.steps}
            raise ValueError(_("a run of {extended} steps is extended to more; got {steps} steps", **places))
        return self

    @model_validator(mode="after")
    def _level_belongs_to_data(self) -> Self:
        if self.level != "quick" and not catalog.data_choice(self.data).levels:
            sentence = _("the data set {data} has no levels; got level {level}; try quick")
            raise ValueError(sentence.format(data=self.data, level=self.level))
        return self

    @model_validator(mode="after")
    def _size_belongs_to_data(self) -> Self:
        if self.pixels != SIZES[0] and not catalog.is_own(self.data):
            places = {"data": self.data, "pixels": self.pixels, "own": SIZES[0]}
            raise ValueError(_("the images of {data} have {own} pixels a side; got {pixels}; try {own}", **places))
        return self

    @model_validator(mode="after")
    def _nesterov_belongs_to_momentum(self) -> Self:
        if self.nesterov and self.optimizer != "sgd":
            sentence = _("nesterov belongs to the optimizer sgd; got {optimizer}; try nesterov=no")
            raise ValueError(sentence.format(optimizer=self.optimizer))
        if self.nesterov and not self.momentum:
            raise ValueError(_("nesterov needs a momentum above 0; try momentum 0.9"))
        return self

    @model_validator(mode="after")
    def _square_is_smaller_than_the_image(self) -> Self:
        side = min(catalog.data_choice(self.data, self.pixels).shape[1:])
        if self.cutout > side:
            places = {"side": side, "cutout": self.cutout}
            raise ValueError(_("cutout must be 0–{side}, the side of the images; got {cutout}", **places))
        return self

    @model_validator(mode="after")
    def _one_cycle_has_one_end(self) -> Self:
        if self.extended and self.schedule == "one_cycle":
            raise ValueError(_("a run of one cycle cannot be extended: its learning rate has come to its end"))
        return self

    def tested(self, step: float) -> int:
        """How many test images a run is evaluated on at `step`: on all of them at its last one."""
        every = catalog.data_choice(self.data).test
        return every if step >= self.steps else min(TESTED, every)

    def each(self) -> "tuple[Recipe, ...]":
        """The recipe of each single run, one for each seed."""
        return tuple(self.but(seed=self.seed + place, seeds=1) for place in range(self.seeds))

    @classmethod
    def parse(cls, text: str) -> "Recipe":
        """Inverse of ``str``: words as in a link, ``data=digits&steps=200``."""
        pairs = [word.partition("=") for word in text.split("&") if word]
        if len({name for name, _, _ in pairs}) < len(pairs):
            raise SpecError(_("“{recipe}” sets a value twice", recipe=short(text)))
        return cls.from_query({name: value for name, _, value in pairs})

    @classmethod
    def from_query(cls, words: Mapping[str, str]) -> "Recipe":
        """A recipe from texts, as they stand in a link or on the command line."""
        return cls(**{name: _from_word(name, text) for name, text in words.items()})

    def to_query(self) -> dict[str, str]:
        """What differs from the default, as it stands in a link."""
        return {name: _to_word(value) for name, value in self.changed().items()}

    def __str__(self) -> str:
        return "&".join(f"{name}={value}" for name, value in self.to_query().items())


def _from_word(name: str, text: str) -> Any:
    """The typed value that `text` stands for; what cannot be read is left to the validation of the field."""
    kind = Recipe.model_fields[name].annotation if name in Recipe.model_fields else str
    if kind is bool:
        return {"yes": True, "no": False}.get(text.lower(), text)
    try:
        return kind(text) if kind in (int, float) and len(text) < 40 else text
    except ValueError:
        return text


def _to_word(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)
