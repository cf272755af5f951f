"""Per-layer measurements; one file each, one record in the catalog each."""

from torch import Tensor

from resnet.probes import (
    activation_std,
    dead_units,
    gain,
    gradient_norm,
    gradient_to_weight,
    output_gradient,
    response_mean,
    response_std,
    update_to_weight,
)
from resnet.probes.capture import Layers, Seen, capture

PROBES = {
    "output_gradient": output_gradient.values,
    "gain": gain.values,
    "gradient_norm": gradient_norm.values,
    "gradient_to_weight": gradient_to_weight.values,
    "update_to_weight": update_to_weight.values,
    "activation_std": activation_std.values,
    "response_std": response_std.values,
    "response_mean": response_mean.values,
    "dead_units": dead_units.values,
}
UPDATE = "update_to_weight"  # the one that needs an update of the weights


def profiles(seen: Seen, updated: bool) -> dict[str, Tensor]:
    """Every probe, on the device; `updated` says whether the weights have moved since."""
    return {name: values(seen) for name, values in PROBES.items() if updated or name != UPDATE}


__all__ = ["PROBES", "UPDATE", "Layers", "Seen", "capture", "profiles"]
