"""NetSpec: one net of the two papers or of the course notes."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from typing import Any, Self

from pydantic import field_validator, model_validator

from resnet import catalog
from resnet.i18n import N_, _
from resnet.specs import names
from resnet.specs.base import Spec, SpecError, clamp, one_of, short, within
from resnet.specs.limits import LIMITS
from resnet.specs.options import NET_OPTIONS
from resnet.specs.spread import CONVOLUTIONS, STAGES, depths, nearest_depth, spread

NET_RANGES: dict[str, tuple[float, float]] = {
    "width": (LIMITS.min_width, LIMITS.max_width),
    "stem_stride": (1, 2),
    "shortcut_scale": (0.0, 2.0),
    "branch_scale": (0.0, 2.0),
    "gate_bias": (-10.0, 0.0),
    "survival": (0.1, 1.0),
    "classes": (10, 1_000),
}
PLAIN_ORDERS = ("original", "act_only", "preact")  # the others differ by the place of the addition
ZERO_GAMMA_ORDERS = ("original", "act_only")  # a norm ends the branch, and nothing that stops its gradient at 0


class NetSpec(Spec):
    """One net; `depth` counts as the paper counts: stem, the weighted layers of the branches, head.

    The default width and stem stride are the demo's (a run takes seconds); the paper's nets are ``w16-s1``. `stages`
    are the blocks of each stage, empty for the usual spread of the depth; `classes` 0 means those of the data set.
    `survival` is p_L of stochastic depth (Huang et al. 2016): the last branch's chance to take part in a step.
    """

    block: str = "residual"
    depth: int = LIMITS.depth(20)  # a host with lower limits gets a smaller default
    family: str = "cifar"
    branch: str = "basic"
    stages: tuple[int, ...] = ()
    width: int = min(max(8, LIMITS.min_width), LIMITS.max_width)
    stem_stride: int = 2
    stride_at: str = "3x3"
    classes: int = 0
    shortcut: str = "A"
    shortcut_scale: float = 0.5
    branch_scale: float = 0.5
    gate_bias: float = -6.0
    order: str = "original"
    norm: str = "batch"
    activation: str = "relu"
    init: str = "he"
    zero_gamma: bool = False
    fixup: bool = False
    survival: float = 1.0
    stem_activation: bool = True
    softmax: bool = False

    @model_validator(mode="before")
    @classmethod
    def _stages_as_depth_spreads_them(cls, values: Any) -> Any:
        """``stages`` that the depth implies are left out, so that one net has one spec."""
        if not isinstance(values, dict) or not isinstance(values.get("stages", ()), (list, tuple)):
            return values
        counts = tuple(values.get("stages", ()))
        depth, family, branch = (
            values.get(name, cls.model_fields[name].default) for name in ("depth", "family", "branch")
        )
        known = isinstance(family, str) and family in STAGES and isinstance(branch, str) and branch in CONVOLUTIONS
        usual = known and type(depth) is int and depth in depths(branch, family) and spread(depth, branch, family)
        return {**values, "stages": () if counts == usual else counts}

    @field_validator(*NET_OPTIONS)
    @classmethod
    def _known(cls, value: str, info: Any) -> str:
        return one_of(info.field_name, value, NET_OPTIONS[info.field_name])

    @field_validator(*(name for name in NET_RANGES if name != "classes"))
    @classmethod
    def _range(cls, value: float, info: Any) -> float:
        value = within(info.field_name, value, *NET_RANGES[info.field_name])
        return round(value, 3) if isinstance(value, float) else value  # so that the name can hold it

    @field_validator("classes")
    @classmethod
    def _class_count(cls, value: int) -> int:
        return value and within("classes", value, *NET_RANGES["classes"])

    @model_validator(mode="after")
    def _depth_and_stages_agree(self) -> Self:
        if self.stages:
            self._check_stages()
        elif self.depth not in depths(self.branch, self.family):
            raise ValueError(_depth_sentence(self.depth, self.branch, self.family))
        return self

    @model_validator(mode="after")
    def _nothing_without_effect(self) -> Self:
        """A choice that changes nothing in this net is refused, so that one net has one spec."""
        for rule in RULES:
            if getattr(self, rule.field) != type(self).model_fields[rule.field].default and not rule.applies(self):
                raise ValueError(rule.sentence(self))
        return self

    def _check_stages(self) -> None:
        count = STAGES[self.family]
        if len(self.stages) != count or min(self.stages) < 1:
            got = ".".join(str(blocks) for blocks in self.stages)
            sentence = _("stages must be {count} numbers of blocks, each at least 1; got {got}", count=count, got=got)
            raise ValueError(sentence)
        depth = CONVOLUTIONS[self.branch] * sum(self.stages) + 2
        if depth != self.depth:
            raise ValueError(_("these stages make depth {depth}; got {got}", depth=depth, got=self.depth))
        within("depth", self.depth, LIMITS.min_depth, LIMITS.max_depth)

    @classmethod
    def parse(cls, name: str) -> "NetSpec":
        """The spec that `name` stands for, e.g. ``plain-56``, ``res-20-w16-nobn`` or a preset as ``resnet-50``."""
        return cls(**names.read(name))

    def __str__(self) -> str:
        return names.write(self.block, self.depth, self.changed())

    @property
    def title(self) -> str:
        """What people call this net: the preset's label, else its name."""
        return _preset_labels().get(self, str(self))

    def adapt(self, **changes: Any) -> "NetSpec":
        """Like `but`, and what no longer fits gives way: stages, a depth that the branch cannot have, idle options."""
        values = {**self.model_dump(), **changes}
        moved = {"depth", "family", "branch"} & changes.keys()
        if moved and "stages" not in changes:
            values["stages"] = ()
        if {"family", "branch"} & changes.keys() and "stages" not in changes:
            values["depth"] = nearest_depth(values["depth"], values["branch"], values["family"])
        if changes.get("stages"):
            values["depth"] = CONVOLUTIONS[values["branch"]] * sum(changes["stages"]) + 2
        for rule in RULES:
            default = type(self).model_fields[rule.field].default
            if rule.field not in changes and not rule.applies(type(self).model_construct(**values)):
                values[rule.field] = default
        return type(self)(**values)

    def twin(self) -> "NetSpec":
        """The net that differs only in the shortcut: plain for residual, residual (option A) for plain."""
        return self.adapt(block="residual" if self.block == "plain" else "plain")

    @property
    def choices(self) -> list[catalog.Choice]:
        """The catalog's record of every option and switch of this net."""
        options = [records[getattr(self, field)] for field, records in NET_OPTIONS.items()]
        return options + [record for name, record in catalog.SWITCHES.items() if name in self.changed()]

    @property
    def blocks(self) -> tuple[int, ...]:
        """Blocks in each stage: `stages`, the paper's for its ImageNet nets, else spread evenly."""
        return self.stages or spread(self.depth, self.branch, self.family)

    def outputs(self, data: str) -> int:
        """Outputs of the net on a data set: its own number of classes, else the data's."""
        return self.classes or len(catalog.data_choice(data).classes)

    @property
    def random_steps(self) -> bool:
        """Whether a training step draws random numbers: dropout or stochastic depth."""
        return self.shortcut == "dropout" or self.survival < 1


@dataclass(frozen=True)
class Rule:
    """`field` may differ from its default only in a net to which it `applies`; `reason` says where that is."""

    field: str
    applies: Callable[[NetSpec], bool]
    reason: str

    def sentence(self, net: NetSpec) -> str:
        """Why the field's value is refused."""
        value = getattr(net, self.field)
        return _("{field} {value} does not fit: {reason}", field=self.field, value=short(value), reason=_(self.reason))


RULES = (  # in the order of their dependence: the block first
    Rule("shortcut", lambda net: net.block == "residual", N_("a plain net has no shortcut to choose")),
    Rule("survival", lambda net: net.block == "residual", N_("stochastic depth needs shortcuts")),
    Rule(
        "order",
        lambda net: net.block == "residual" or net.order in PLAIN_ORDERS,
        N_("this order differs from the original by the place of the addition, and a plain net has none"),
    ),
    Rule("stem_stride", lambda net: net.family == "cifar", N_("the stem of the ImageNet family always has stride 2")),
    Rule("stride_at", lambda net: net.branch == "bottleneck", N_("only a bottleneck has a 1x1 to place the stride in")),
    Rule("shortcut_scale", lambda net: net.shortcut == "scale", N_("only constant scaling has this factor")),
    Rule("branch_scale", lambda net: net.shortcut == "scale", N_("only constant scaling has this factor")),
    Rule("gate_bias", lambda net: net.shortcut in ("exclusive", "gate"), N_("only gates have this bias")),
    Rule(
        "zero_gamma",
        lambda net: net.block == "residual" and net.norm != "none" and net.order in ZERO_GAMMA_ORDERS,
        N_("zero-γ needs shortcuts and a norm at the end of every branch"),
    ),
    Rule(
        "fixup",
        lambda net: net.block == "residual" and net.norm == "none",
        N_("Fixup is for residual nets without norm"),
    ),
)


def obstacle(field: str, net: NetSpec) -> str:
    """Why `field` has nothing to choose in this net; empty when it has."""
    reasons = (_(rule.reason) for rule in RULES if rule.field == field and not rule.applies(net))
    return "" if field == "order" else next(reasons, "")  # a plain net has some of the orders


def _depth_sentence(depth: int, branch: str, family: str) -> str:
    """What is wrong with a depth, e.g. "depth must be an even number, 8–1202; got 21; try 20 or 22"."""
    allowed = depths(branch, family)
    if not allowed:
        return _("this host's limits on depth leave room for no such net; try another family or branch")
    low, high = allowed[0], allowed[-1]
    below = low + (clamp(depth, low, high) - low) // allowed.step * allowed.step
    near = sorted({below, min(below + allowed.step, high)}) if low < depth < high else [clamp(depth, low, high)]
    places = {"low": low, "high": high, "value": short(depth), "near": _(" or ").join(map(str, near))}
    if branch == "basic":
        return _("depth must be an even number, {low}–{high}; got {value}; try {near}", **places)
    return _("depth must be 3n + 2, {low}–{high}; got {value}; try {near}", **places)


@cache
def _preset_labels() -> dict[NetSpec, str]:
    """The labels of the presets that this host's limits allow, by their spec."""
    labels = {}
    for record in catalog.PRESETS.values():
        with suppress(SpecError):
            labels[NetSpec.parse(record.net)] = record.label
    return labels
