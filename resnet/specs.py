"""NetSpec and Recipe: what to build and how to train it; flat, frozen, validated, with short reversible names.

``NetSpec.parse("res-56-w16")`` and ``str(spec)`` are inverse to each other. A wrong value raises `SpecError` with one
sentence: what is wrong, what is allowed, the nearest valid value.
"""

import difflib
import hashlib
import json
import re
from collections.abc import Mapping
from typing import Any, Self

from pydantic import BaseModel, ConfigDict, ValidationError, field_validator, model_validator
from pydantic_core import ErrorDetails

from resnet import catalog
from resnet.limits import LIMITS
from resnet.words import N_, _

NUMERICS = 1  # raise when the same spec would train to other numbers: old runs are then no longer "the same run"


class SpecError(ValueError):
    """A spec, name or link that cannot be used; the message is one sentence for the visitor."""


class Spec(BaseModel):
    """What NetSpec and Recipe share: strict types, one-sentence errors, JSON."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)

    def __init__(self, **values: Any) -> None:
        try:
            super().__init__(**values)
        except ValidationError as error:
            raise SpecError(_sentence(error.errors()[0], type(self))) from error

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Inverse of ``to_json``."""
        try:
            values = json.loads(text)
        except (ValueError, RecursionError) as error:
            raise SpecError(_("the text is not JSON")) from error
        if not isinstance(values, dict):
            raise SpecError(_("the JSON text must be an object with field names"))
        return cls(**{str(key): value for key, value in values.items()})

    def to_json(self) -> str:
        """All fields, sorted: the same spec always gives the same text."""
        return json.dumps(self.model_dump(), sort_keys=True)

    def but(self, **changes: Any) -> Self:
        """A validated copy with some fields changed."""
        return type(self)(**{**self.model_dump(), **changes})

    def changed(self) -> dict[str, Any]:
        """The fields that differ from the defaults, in the order of their definition."""
        fields = type(self).model_fields
        return {name: value for name, value in self.model_dump().items() if value != fields[name].default}


class NetSpec(Spec):
    """One net of the CIFAR family (He et al. 2015, Sec. 4.2); `depth` counts weighted layers: stem, 2 a block, head.

    The default width and stem stride are the demo's (a run takes seconds); the paper's nets are ``w16-s1``.
    """

    block: str = "residual"
    depth: int = LIMITS.depth(20)  # a host with lower limits gets a smaller default
    width: int = min(max(8, LIMITS.min_width), LIMITS.max_width)
    stem_stride: int = 2
    shortcut: str = "A"
    norm: str = "batch"
    activation: str = "relu"
    init: str = "he"

    @field_validator("block", "shortcut", "norm", "activation", "init")
    @classmethod
    def _known(cls, value: str, info: Any) -> str:
        return _one_of(info.field_name, value, OPTIONS[info.field_name])

    @field_validator("depth")
    @classmethod
    def _even_depth(cls, value: int) -> int:
        low, high = LIMITS.min_depth, LIMITS.max_depth
        if low <= value <= high and value % 2 == 0:
            return value
        near = (
            sorted({_clamp(value - 1, low, high), _clamp(value + 1, low, high)})
            if value % 2
            else [_clamp(value, low, high)]
        )
        sentence = _("depth must be an even number, {low}–{high}; got {value}; try {near}")
        tries = _(" or ").join(str(depth) for depth in near)
        raise ValueError(sentence.format(low=low, high=high, value=short(value), near=tries))

    @field_validator("width")
    @classmethod
    def _width_range(cls, value: int) -> int:
        return _within("width", value, LIMITS.min_width, LIMITS.max_width)

    @field_validator("stem_stride")
    @classmethod
    def _stride_range(cls, value: int) -> int:
        return _within("stem_stride", value, 1, 2)

    @model_validator(mode="after")
    def _plain_has_no_shortcut(self) -> Self:
        if self.block == "plain" and self.shortcut != "A":
            sentence = _("a plain net has no shortcut to choose; got shortcut {shortcut}; try a residual net")
            raise ValueError(sentence.format(shortcut=self.shortcut))
        return self

    @classmethod
    def parse(cls, name: str) -> "NetSpec":
        """The spec that `name` stands for, e.g. ``plain-56`` or ``res-20-w16-nobn``."""
        head, *parts = short(name, 80).strip().lower().split("-")
        blocks = {record.part: record.name for record in catalog.BLOCKS.values()}
        if head not in blocks:
            starts = _(" or ").join(blocks)
            raise SpecError(
                _("a net's name starts with {starts}; got “{name}”; try res-20", starts=starts, name=short(name))
            )
        if not parts or not re.fullmatch(r"[0-9]{1,6}", parts[0]):
            raise SpecError(_("a net's name needs a depth, as in {head}-20; got “{name}”", head=head, name=short(name)))
        values: dict[str, Any] = {"block": blocks[head], "depth": int(parts[0])}
        for part in parts[1:]:
            field, value = _read_part(part)
            if field in values:
                raise SpecError(_("“{name}” sets {field} twice", name=short(name), field=field))
            values[field] = value
        return cls(**values)

    def __str__(self) -> str:
        parts = [catalog.BLOCKS[self.block].part, str(self.depth)]
        parts += [f"w{self.width}"] if self.width != NetSpec.model_fields["width"].default else []
        parts += [f"s{self.stem_stride}"] if self.stem_stride != NetSpec.model_fields["stem_stride"].default else []
        parts += [OPTIONS[field][getattr(self, field)].part for field in _PART_FIELDS]
        return "-".join(part for part in parts if part)

    def twin(self) -> "NetSpec":
        """The net that differs only in the shortcut: plain for residual, residual (option A) for plain."""
        return self.but(block="residual" if self.block == "plain" else "plain", shortcut="A")

    @property
    def blocks(self) -> tuple[int, int, int]:
        """Blocks in each of the three stages; the earlier stages take what does not divide by three."""
        share, rest = divmod((self.depth - 2) // 2, 3)
        return share + (rest > 0), share + (rest > 1), share


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
        return _one_of(info.field_name, value, OPTIONS[info.field_name])

    @field_validator(
        "steps", "batch", "lr", "warmup", "momentum", "weight_decay", "seed", "record_every", "evaluate_every"
    )
    @classmethod
    def _range(cls, value: float, info: Any) -> float:
        return _within(info.field_name, value, *RANGES[info.field_name])

    @model_validator(mode="after")
    def _level_belongs_to_data(self) -> Self:
        if self.level != "quick" and not catalog.DATASETS[self.data].levels:
            sentence = _("the data set {data} has no levels; got level {level}; try quick")
            raise ValueError(sentence.format(data=self.data, level=self.level))
        return self

    @classmethod
    def parse(cls, text: str) -> "Recipe":
        """Inverse of ``str``: words as in a link, ``data=digits&steps=200``."""
        pairs = [word.partition("=") for word in text.split("&") if word]
        if len({name for name, _, _ in pairs}) < len(pairs):
            raise SpecError(_("“{recipe}” sets a value twice", recipe=short(text)))
        return cls.from_words({name: value for name, _, value in pairs})

    @classmethod
    def from_words(cls, words: Mapping[str, str]) -> "Recipe":
        """A recipe from texts, as they stand in a link or on the command line."""
        return cls(**{name: _from_word(name, text) for name, text in words.items()})

    def words(self) -> dict[str, str]:
        """What differs from the default, as it stands in a link."""
        return {name: _to_word(value) for name, value in self.changed().items()}

    def __str__(self) -> str:
        return "&".join(f"{name}={value}" for name, value in self.words().items())


OPTIONS: dict[str, Mapping[str, catalog.Choice]] = {
    "block": catalog.BLOCKS,
    "shortcut": catalog.SHORTCUTS,
    "norm": catalog.NORMS,
    "activation": catalog.ACTIVATIONS,
    "init": catalog.INITS,
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
_PART_FIELDS = ("shortcut", "norm", "activation", "init")
_PARTS = {
    record.part: (field, record.name) for field in _PART_FIELDS for record in OPTIONS[field].values() if record.part
}


def run_id(net: NetSpec, recipe: Recipe, device: str) -> str:
    """Twelve hex digits that stand for this net, recipe and device type: the same run is never trained twice."""
    text = json.dumps([NUMERICS, net.to_json(), recipe.to_json(), device])
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def _read_part(part: str) -> tuple[str, Any]:
    """("width", 16) from ``w16``; the words of the catalog's records otherwise."""
    if match := re.fullmatch(r"([ws])([0-9]{1,4})", part):
        return {"w": "width", "s": "stem_stride"}[match[1]], int(match[2])
    if part in _PARTS:
        return _PARTS[part]
    known = ", ".join(("w16", "s1", *_PARTS))
    sentence = _("unknown part “{part}” in a net's name; known: {known}", part=short(part), known=known)
    raise SpecError(sentence + nearest(part, _PARTS))


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


def _one_of(field: str, value: str, options: Mapping[str, catalog.Choice]) -> str:
    if value not in options:
        sentence = _(
            "{field} must be one of {options}; got “{value}”",
            field=field,
            options=", ".join(options),
            value=short(value),
        )
        raise ValueError(sentence + nearest(value, options))
    return value


def _within(field: str, value: Any, low: Any, high: Any) -> Any:
    if not low <= value <= high:
        places = {"field": field, "low": low, "high": high, "value": short(value), "near": _clamp(value, low, high)}
        raise ValueError(_("{field} must be {low}–{high}; got {value}; try {near}", **places))
    return value


def _clamp(value: Any, low: Any, high: Any) -> Any:
    return min(max(value, low), high)


def nearest(word: str, words: Mapping[str, Any]) -> str:
    """The end of a sentence that names the most similar of `words`; empty when none is similar."""
    near = difflib.get_close_matches(word[:40], list(words), n=1, cutoff=0.5)
    return _("; try {near}", near=near[0]) if near else ""


def short(value: object, length: int = 30) -> str:
    """`value` fit for a sentence: at most `length` characters, one line."""
    text = "".join(sign if sign.isprintable() else "\N{REPLACEMENT CHARACTER}" for sign in str(value)[: length + 1])
    return text if len(text) <= length else text[:length] + "…"


_TYPES = {
    "int": N_("a whole number"),
    "float": N_("a number"),
    "finite": N_("a number"),
    "bool": N_("yes or no"),
    "string": N_("a word"),
}


def _sentence(error: ErrorDetails, spec: type[Spec]) -> str:
    """One sentence for the first of pydantic's errors."""
    field = short(error["loc"][0]) if error["loc"] else ""
    if error["type"] == "value_error":
        return error["msg"].removeprefix("Value error, ")
    if error["type"] == "extra_forbidden":
        sentence = _("unknown setting “{field}”; known: {known}", field=field, known=", ".join(spec.model_fields))
        return sentence + nearest(field, spec.model_fields)
    kind = next((words for start, words in _TYPES.items() if error["type"].startswith(start)), N_("another value"))
    return _("{field} must be {kind}; got “{value}”", field=field, kind=_(kind), value=short(error["input"]))
