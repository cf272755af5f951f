"""Questions about a net that need more than one pass: the equations of 2016, shattered gradients, path lengths."""

from resnet.analyses.equations import Equations, equations, obstacles
from resnet.analyses.paths import PathLengths, path_lengths
from resnet.analyses.shattered import Shattered, shattered

__all__ = ["Equations", "PathLengths", "Shattered", "equations", "obstacles", "path_lengths", "shattered"]
