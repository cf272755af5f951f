"""A net's short name: kind, depth, then what differs from the default, as in ``res-56-w16-preact``."""

import re
from collections.abc import Mapping
from typing import Any

from resnet import catalog
from resnet.i18n import _
from resnet.specs.base import SpecError, nearest, short
from resnet.specs.options import NET_OPTIONS

# The parts that are a letter and a number, with the type of the field, and those that are a word of the catalog.
_LETTERS: dict[str, tuple[str, type]] = {
    "w": ("width", int),
    "s": ("stem_stride", int),
    "b": ("stages", tuple),
    "c": ("classes", int),
    "x": ("shortcut_scale", float),
    "f": ("branch_scale", float),
    "g": ("gate_bias", float),
    "p": ("survival", float),
}
_FIELDS = [field for field, _kind in _LETTERS.values()]
_WORDS = ("family", "branch", "stride_at", "shortcut", "order", "norm", "activation", "init")
_ORDER = (*_WORDS[:3], *_FIELDS[:4], "shortcut", *_FIELDS[4:], *_WORDS[4:])
_PARTS: dict[str, tuple[str, Any]] = {
    record.part: (field, record.name) for field in _WORDS for record in NET_OPTIONS[field].values() if record.part
} | {record.part: (name, not record.usual) for name, record in catalog.SWITCHES.items()}


def read(name: str) -> dict[str, Any]:
    """The fields that a name sets. Raises SpecError."""
    text = short(name, 200).strip().lower()
    if text in catalog.PRESETS:
        text = catalog.PRESETS[text].net
    head, *parts = text.split("-")
    blocks = {record.part: record.name for record in catalog.BLOCKS.values()}
    if head not in blocks:
        starts = _(" or ").join(blocks)
        sentence = _("a net's name starts with {starts}; got “{name}”", starts=starts, name=short(name))
        raise SpecError(sentence + (nearest(text, catalog.PRESETS) or _("; try res-20")))
    if not parts or not re.fullmatch(r"[0-9]{1,6}", parts[0]):
        raise SpecError(_("a net's name needs a depth, as in {head}-20; got “{name}”", head=head, name=short(name)))
    values: dict[str, Any] = {"block": blocks[head], "depth": int(parts[0])}
    for part in parts[1:]:
        field, value = _read_part(part)
        if field in values:
            raise SpecError(_("“{name}” sets {field} twice", name=short(name), field=field))
        values[field] = value
    return values


def write(block: str, depth: int, changed: Mapping[str, Any]) -> str:
    """Inverse of `read`; `changed` are the fields that differ from their defaults."""
    parts = [catalog.BLOCKS[block].part, str(depth)]
    parts += [_part(field, changed[field]) for field in (*_ORDER, *catalog.SWITCHES) if field in changed]
    return "-".join(parts)


def _read_part(part: str) -> tuple[str, Any]:
    """("width", 16) from ``w16``; the words of the catalog's records otherwise."""
    if (match := re.fullmatch(r"([a-z])([0-9.]{1,60})", part)) and match[1] in _LETTERS:
        field, kind = _LETTERS[match[1]]
        value = _value(field, kind, match[2])
        if value is not None:
            return field, value
    if part in _PARTS:
        return _PARTS[part]
    known = ", ".join(("w16", "s1", *_PARTS))
    sentence = _("unknown part “{part}” in a net's name; known: {known}", part=short(part), known=known)
    raise SpecError(sentence + nearest(part, _PARTS))


def _value(field: str, kind: type, text: str) -> Any:
    """The typed value of a number in a name; None when it is none."""
    try:
        if kind is tuple:
            return tuple(int(count) for count in text.split("."))
        if field == "gate_bias":
            return 0.0 - float(text)  # a gate starts closed: its bias is negative
        return kind(text)
    except ValueError:
        return None


def _part(field: str, value: Any) -> str:
    """Inverse of `_read_part`."""
    if field in NET_OPTIONS:
        return NET_OPTIONS[field][value].part
    if field in catalog.SWITCHES:
        return catalog.SWITCHES[field].part
    letter = next(letter for letter, (name, _kind) in _LETTERS.items() if name == field)
    if field == "stages":
        return letter + ".".join(str(count) for count in value)
    return letter + (f"{abs(value):g}" if isinstance(value, float) else str(value))
