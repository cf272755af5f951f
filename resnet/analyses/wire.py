"""A net whose shortcuts are cut little by little: torch-free, so that pages can ask for each.

Every shortcut is multiplied by λ, those that change the size too; the branch passes whole. At 1 it is the residual net,
at 0 its plain twin: these two are what they are everywhere else, with their runs.
"""

import math

from resnet.nets.structure import block_names
from resnet.specs import NetSpec

PERCENT = tuple(range(100, -1, -5))  # of the shortcut that passes, at each place of the slider
TRAINED = (100, 90, 70, 50, 0)  # of these the curves


def uncut(net: NetSpec) -> NetSpec:
    """The residual net of the same branches with bare shortcuts (option A), without what its plain twin cannot have."""
    return net.adapt(block="plain").twin()


def cut(net: NetSpec, percent: int) -> NetSpec:
    """The net of which so many percent of every shortcut pass: y = F(x) + λ x."""
    whole = uncut(net)
    if percent == 100:
        return whole
    return whole.adapt(shortcut="scale", shortcut_scale=percent / 100, branch_scale=1.0) if percent else whole.twin()


def passed(net: NetSpec, percent: int) -> float:
    """log₁₀ of λⁿ, what the shortcuts of all n blocks together let through; -∞ for none.

    Source: He et al. 2016, Sec. 3, Eq. 8: ∂E/∂x_l = ∂E/∂x_L (Π λ_i + ∂/∂x_l Σ F̂), here for equal λ and all blocks.
    """
    return len(block_names(net)) * math.log10(percent / 100) if percent else -math.inf
