"""Recipe: how a net is trained."""

from collections.abc import Mapping
from typing import Any, Self

from pydantic import field_validator, model_validator

from resnet import catalog
from resnet.i18n import _
from resnet.specs.base import Spec, SpecError, one_of, short, within
from resnet.specs.limits import LIMITS

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
    "seed": (0, 999_999),
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
    weight_decay: float = 0.0
    augment: bool = True
    seed: int = 0
    record_every: int = 10  # steps between two per-layer profiles
    evaluate_every: int = min(100, LIMITS.max_steps)  # steps between two evaluations on the test images

    @field_validator("data", "level", "optimizer", "schedule")
    @classmethod
    def _known(cls, value: str, info: Any) -> str:
        return one_of(info.field_name, value, RECIPE_OPTIONS[info.field_name])

    @field_validator(
        "steps", "batch", "lr", "warmup", "momentum", "weight_decay", "seed", "record_every", "evaluate_every"
    )
    @classmethod
    def _range(cls, value: float, info: Any) -> float:
        return within(info.field_name, value, *RANGES[info.field_name])

    @model_validator(mode="after")
    def _level_belongs_to_data(self) -> Self:
        if self.level != "quick" and not catalog.DATASETS[self.data].levels:
            sentence = _("the data set {data} has no levels; got level {level}; try quick")
            raise ValueError(sentence.format(data=self.data, level=self.level))
        return self

    def tested(self, step: float) -> int:
        """How many test images a run is evaluated on at `step`: on all of them at its last one."""
        every = catalog.DATASETS[self.data].test
        return every if step >= self.steps else min(TESTED, every)

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
