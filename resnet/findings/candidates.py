"""The nets that are compared: how each run stands, and which of them differ in one thing alone."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from resnet.findings.learning import FAILS, LEARNS, Result
from resnet.i18n import N_

Verdict = Literal["level", "unsure", "ordered"]

# Nets are level up to a gap of LEAST nats. Up to SHARE of the larger loss another seed may reverse their order: seeds
# alone moved the final loss of the demo's nets that learn by so much (plain-20 0.61-1.14, res-20 0.26-0.35).
LEAST, SHARE = 0.15, 0.5

# What two nets may differ in, and the fields of a spec that belong to it.
ASPECTS: dict[str, tuple[str, frozenset[str]]] = {
    "depth": (N_("Depth"), frozenset({"depth"})),
    "stages": (N_("Blocks per stage"), frozenset({"stages"})),
    "shortcut": (
        N_("Shortcut"),
        frozenset({"block", "shortcut", "shortcut_scale", "branch_scale", "gate_bias"}),
    ),
    "survival": (N_("Stochastic depth"), frozenset({"survival"})),
    "order": (N_("Order"), frozenset({"order"})),
    "norm": (N_("Normalisation"), frozenset({"norm"})),
    "activation": (N_("Activation"), frozenset({"activation"})),
    "init": (N_("Initialisation"), frozenset({"init"})),
    "zero_gamma": (N_("Zero-γ"), frozenset({"zero_gamma"})),
    "fixup": (N_("Fixup scaling"), frozenset({"fixup"})),
    "width": (N_("Width"), frozenset({"width"})),
    "stem_stride": (N_("Stem stride"), frozenset({"stem_stride"})),
    "stride_at": (N_("Stride"), frozenset({"stride_at"})),
    "classes": (N_("Classes"), frozenset({"classes"})),
    "stem_activation": (N_("Activation after the stem"), frozenset({"stem_activation"})),
    "softmax": (N_("Softmax inside the net"), frozenset({"softmax"})),
}

State = Literal["ended", "diverged", "failed", "stopped", "open"]  # open: not trained, queued or running
# By the status of a run.
STATES: dict[str, State] = {
    "done": "ended",
    "diverged": "diverged",
    "failed": "failed",
    "stopped": "stopped",
}  # of runs


@dataclass(frozen=True)
class Candidate:
    """A net on the bench, how its run stands, and its spec's fields by name; `result` None before the first step."""

    name: str
    fields: Mapping[str, Any]
    state: State
    result: Result | None = None

    @property
    def loss(self) -> float:
        """The mean loss at the end; NaN for a run that did not reach it."""
        return self.result.last if self.result and self.state == "ended" else math.nan

    @property
    def failed(self) -> bool:
        """Whether the run ended without having learned anything."""
        ended = self.state == "ended" and self.result is not None and self.result.standing in FAILS
        return self.state == "diverged" or ended

    @property
    def learned(self) -> bool:
        """Whether the run ended and has learned something."""
        return self.state == "ended" and self.result is not None and self.result.standing in LEARNS


def groups(nets: Sequence[Candidate]) -> Iterator[tuple[str, list[int]]]:
    """Each aspect with the places of the nets that differ in it and in nothing else."""
    for aspect, (_label, fields) in ASPECTS.items():
        families: dict[str, list[int]] = {}
        for place, net in enumerate(nets):
            rest = {name: value for name, value in net.fields.items() if name not in fields}
            families.setdefault(repr(sorted(rest.items())), []).append(place)
        for places in families.values():
            own = [repr([nets[place].fields.get(name) for name in sorted(fields)]) for place in places]
            different = [place for at, place in enumerate(places) if own[at] not in own[:at]]
            if len(different) > 1:
                yield aspect, different


def verdict(low: float, high: float) -> Verdict:
    """What two final losses of a single run say of nets that learned."""
    if high - low <= LEAST:
        return "level"
    return "unsure" if high - low <= SHARE * high else "ordered"


def depths_of(nets: Sequence[Candidate]) -> tuple[int, int]:
    """The smallest and the largest depth."""
    found = [int(net.fields["depth"]) for net in nets]
    return min(found), max(found)
