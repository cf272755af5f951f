"""How depth becomes blocks. Source: He et al. 2015, Table 1 and Sec. 4.2."""

from resnet.specs.limits import LIMITS

STAGES = {"cifar": 3, "imagenet": 4}
CONVOLUTIONS = {"basic": 2, "bottleneck": 3}  # weighted layers of one branch
TABLE_1 = {
    ("basic", 18): (2, 2, 2, 2),
    ("basic", 34): (3, 4, 6, 3),
    ("bottleneck", 50): (3, 4, 6, 3),
    ("bottleneck", 101): (3, 4, 23, 3),
    ("bottleneck", 152): (3, 8, 36, 3),
}


def depths(branch: str, family: str) -> range:
    """The depths that such a net can have: stem, head, and a whole number of blocks, at least one a stage."""
    step = CONVOLUTIONS[branch]
    low = max(step * STAGES[family] + 2, LIMITS.min_depth)
    low += (2 - low) % step
    return range(low, LIMITS.max_depth + 1, step)


def nearest_depth(wanted: int, branch: str, family: str) -> int:
    """The possible depth that is nearest to `wanted`, the deeper of two."""
    allowed = depths(branch, family) or range(wanted, wanted + 1)  # none: the validation will say so
    place = round((wanted - allowed.start) / allowed.step + 1e-9)
    return allowed[min(max(place, 0), len(allowed) - 1)]


def spread(depth: int, branch: str, family: str) -> tuple[int, ...]:
    """Blocks in each stage: the paper's where it has this net, else evenly; earlier stages take what is left over."""
    if family == "imagenet" and (branch, depth) in TABLE_1:
        return TABLE_1[branch, depth]
    count = STAGES[family]
    share, rest = divmod((depth - 2) // CONVOLUTIONS[branch], count)
    return tuple(share + (stage < rest) for stage in range(count))
