"""What specs share: strict types, JSON, and errors of one sentence: what is wrong, what is allowed, what is near."""

import difflib
import json
from collections.abc import Collection, Mapping
from typing import Any, Self

from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic_core import ErrorDetails

from resnet import catalog
from resnet.errors import UserError
from resnet.i18n import N_, _


class SpecError(UserError, ValueError):
    """A spec, name or link that cannot be used."""


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


def one_of(field: str, value: str, options: Mapping[str, catalog.Choice]) -> str:
    if value not in options:
        sentence = _(
            "{field} must be one of {options}; got “{value}”",
            field=field,
            options=", ".join(options),
            value=short(value),
        )
        raise ValueError(sentence + nearest(value, options))
    return value


def within(field: str, value: Any, low: Any, high: Any) -> Any:
    if not low <= value <= high:
        places = {"field": field, "low": low, "high": high, "value": short(value), "near": clamp(value, low, high)}
        raise ValueError(_("{field} must be {low}–{high}; got {value}; try {near}", **places))
    return value


def clamp(value: Any, low: Any, high: Any) -> Any:
    return min(max(value, low), high)


def nearest(word: str, words: Mapping[str, Any]) -> str:
    """The end of a sentence that names the most similar of `words`; empty when none is similar."""
    near = difflib.get_close_matches(word[:40], list(words), n=1, cutoff=0.5)
    return _("; try {near}", near=near[0]) if near else ""


def near_miss(word: str, words: Collection[str]) -> str:
    """The one of `words` that was probably meant: one letter off, or nearly alike when it is long; else empty.

    Words of one letter are left out: every short word is near them.
    """
    word = word[:40].lower()
    slips = [known for known in words if len(known) > 1 and _one_slip(word, known.lower())]
    long = [known for known in words if len(known) > 5]
    return next(iter(slips or difflib.get_close_matches(word, long, n=1, cutoff=0.8)), "")


def _one_slip(one: str, other: str) -> bool:
    """Whether one letter is missing, added or another, or two neighbours are swapped; or nothing of that."""
    at = next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    one, other = one[at:], other[at:]
    swapped = one[:2] == other[1::-1] and one[2:] == other[2:]
    return one == other or one[1:] == other[1:] or one[1:] == other or one == other[1:] or swapped


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
    "tuple": N_("a list of whole numbers"),
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
