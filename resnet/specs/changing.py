"""Limits that the host changes while the app runs; they hold until it ends.

What a net or a recipe may be stays as it is: benches, links and recordings depend on it. The host decides how much of
that is trained at the moment.
"""

from dataclasses import fields

from resnet.i18n import N_, _
from resnet.specs.base import SpecError
from resnet.specs.limits import ALLOWED, LIMITS, Limits, SettingError
from resnet.specs.net import NetSpec
from resnet.specs.recipe import Recipe

# Of what is trained: the field of the net or recipe, and what is said of one that has more.
TRAINED = {
    "max_depth": ("depth", N_("the host lets nets of at most depth {most} be trained at the moment; got {value}")),
    "max_width": ("width", N_("the host lets nets of at most width {most} be trained at the moment; got {value}")),
    "max_steps": ("steps", N_("the host lets at most {most} steps be trained at the moment; got {value}")),
    "max_batch": ("batch", N_("the host lets batches of at most {most} be trained at the moment; got {value}")),
}
# A link's length is read by the server before pages are; memory is shared out among workers when they start.
_FIXED = ("min_depth", "min_width", "min_batch", "max_nets", "max_link", "max_memory_gb")
CHANGEABLE = tuple(field.name for field in fields(Limits) if field.name not in _FIXED)
_AT_START = {name: getattr(LIMITS, name) for name in CHANGEABLE}
_trained: dict[str, float] = {}


def current(name: str) -> float:
    """The limit as it is now."""
    value: float = _trained.get(name, getattr(LIMITS, name))
    return value


def allowed(name: str) -> tuple[float, float]:
    """The least and the greatest value; no more is trained than specs allow."""
    if name in TRAINED:
        return getattr(LIMITS, name.replace("max_", "min_"), 1), getattr(LIMITS, name)
    return ALLOWED[name]


def change(name: str, value: float) -> None:
    """Change one limit. Raises SettingError with what is allowed; then nothing changes."""
    low, high = allowed(name)
    if not low <= value <= high:
        places = {"name": name, "low": f"{low:,}", "high": f"{high:,}", "value": value}
        raise SettingError(_("{name} must be {low} to {high}; got {value}", **places))
    value = type(_AT_START[name])(value)
    if name in TRAINED:
        _trained[name] = value
    else:  # in place: whoever reads the one object has it from its module's first import
        object.__setattr__(LIMITS, name, value)


def reset() -> None:
    """All limits as at the start."""
    _trained.clear()
    for name, value in _AT_START.items():
        object.__setattr__(LIMITS, name, value)


def require_trainable(net: NetSpec, recipe: Recipe) -> None:
    """Raise SpecError for what the host does not let be trained at the moment."""
    for name, most in _trained.items():
        field, sentence = TRAINED[name]
        value = getattr(net, field, None) or getattr(recipe, field)
        if value > most:
            raise SpecError(_(sentence, most=most, value=value))
