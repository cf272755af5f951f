"""Limits that the host changes while the app runs; they hold for every process of the app, until it ends."""

from collections.abc import Mapping
from dataclasses import fields

from resnet.i18n import _
from resnet.specs.limits import ALLOWED, LIMITS, Limits, SettingError

_AT_START = Limits.from_environment()
# A link's length is read by the server before pages are; memory is shared out among workers when they start.
CHANGEABLE = tuple(field.name for field in fields(Limits) if field.name not in ("max_link", "max_memory_gb"))


def change(name: str, value: float) -> None:
    """Change one limit. Raises SettingError with what is allowed; then nothing changes."""
    low, high = ALLOWED[name]
    if name.startswith("min_"):
        high = min(high, getattr(LIMITS, name.replace("min_", "max_")))
    elif (least := name.replace("max_", "min_")) in ALLOWED:
        low = max(low, getattr(LIMITS, least))
    if name not in CHANGEABLE or not low <= value <= high:
        places = {"name": name, "low": f"{low:,}", "high": f"{high:,}", "value": value}
        raise SettingError(_("{name} must be {low} to {high}; got {value}", **places))
    use({name: value})


def changes() -> dict[str, float]:
    """The limits that are others than at the start."""
    values = {name: getattr(LIMITS, name) for name in CHANGEABLE}
    return {name: value for name, value in values.items() if value != getattr(_AT_START, name)}


def use(changed: Mapping[str, float]) -> None:
    """Change these, and no others.

    The one object of the limits is changed in place: whoever reads it has it from its module's first import.
    """
    for name, value in changed.items():
        object.__setattr__(LIMITS, name, type(getattr(_AT_START, name))(value))


def take(changed: Mapping[str, float]) -> None:
    """In a worker: all limits as at its start, but for these."""
    use({name: changed.get(name, getattr(_AT_START, name)) for name in CHANGEABLE})
