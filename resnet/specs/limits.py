"""What a visitor may ask for, in one place: widgets and validation read the same numbers.

A host lowers or raises a limit by an environment variable, e.g. ``RESNET_MAX_DEPTH=110``.
"""

import os
from dataclasses import dataclass, fields, replace


@dataclass(frozen=True)
class Limits:
    """Inclusive bounds. Below depth 8 a stage would be empty; batch norm needs two images."""

    min_depth: int = 8
    max_depth: int = 1202
    min_width: int = 4
    max_width: int = 64
    max_steps: int = 10_000
    min_batch: int = 2
    max_batch: int = 512
    max_nets: int = 6
    max_queue: int = 24  # runs that one visitor may have waiting
    max_link: int = 4_000  # characters of an address that are read at all
    max_upload_mb: int = 20
    max_pixels: int = 50_000_000  # of a picture from outside
    max_memory_gb: float = 0.0  # per worker; 0: what this machine has free

    def depth(self, wanted: int) -> int:
        """The even depth within the limits that is nearest to `wanted`."""
        low, high = self.min_depth + self.min_depth % 2, self.max_depth - self.max_depth % 2
        return min(max(wanted, low), high)

    @classmethod
    def from_environment(cls) -> "Limits":
        """The defaults, changed by ``RESNET_<NAME>``; a value that is no number is an error at start."""
        limits = cls()
        for field in fields(cls):
            text = os.environ.get(f"RESNET_{field.name.upper()}")
            if text is not None:
                limits = replace(limits, **{field.name: type(getattr(limits, field.name))(text)})
        return limits


LIMITS = Limits.from_environment()
