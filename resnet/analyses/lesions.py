"""What a trained net still knows without some of its blocks. Source: Veit et al. 2016, arXiv 1605.06431, Sec. 4."""

from collections.abc import Iterator, Sequence
from itertools import chain

import torch
from torch import Tensor, nn

from resnet.analyses.cuts import Lesion, possible
from resnet.datasets.batches import Batches
from resnet.nets.blocks import PlainBlock, ResidualBlock, SharedGateBlock
from resnet.nets.network import Network
from resnet.nets.statistics import calibrate, evaluating, same_statistics
from resnet.nets.structure import block_names
from resnet.specs import NetSpec

BATCH = 250  # test images at a time
Step = tuple[str, bool]  # a block by name, and whether it is deleted
Plan = tuple[Step, ...]  # all blocks in the order in which they run


def right_answers(
    net: Network, lesions: Sequence[Lesion], test: Batches, images: int, train: Batches | None = None
) -> list[int]:
    """How many of the first `images` test images the net names rightly under each lesion; it is left as it was.

    With `train`, the statistics of batch norm are estimated anew on training images after each cut; without, they stay,
    and what the lesions have in common up to the first cut is computed once. Raises ValueError for an impossible cut.
    """
    plans = [plan(net.spec, lesion) for lesion in lesions]
    with evaluating(net), torch.no_grad():
        if train is None:
            return _counted(net, plans, test, images)
        return [_settled(net, one, test, images, train) for one in plans]


def plan(spec: NetSpec, lesion: Lesion) -> Plan:
    """The blocks as they run under a lesion. Raises ValueError where that cannot be."""
    if not possible(spec, lesion):
        raise ValueError(f"{spec} has no such blocks to delete or to move: {lesion}")
    return tuple((name, name in lesion.deleted) for name in lesion.order or block_names(spec))


class Cut(nn.Module):
    """The net under a lesion, with the net's own weights and statistics."""

    def __init__(self, net: Network, steps: Plan) -> None:
        super().__init__()
        self.net, self.steps = net, steps

    def forward(self, x: Tensor) -> Tensor:
        x = self.net.stem(x)
        for step in self.steps:
            x = through(self.net, step, x)
        return self.net.head(x)


def through(net: Network, step: Step, x: Tensor) -> Tensor:
    """One block's output; of a deleted one what is left with F = 0: y = after(shortcut(x)), of a plain one x itself."""
    name, deleted = step
    block = net.get_submodule(name)
    if not deleted:
        y: Tensor = block(x)
        return y
    if isinstance(block, PlainBlock):
        return x
    if isinstance(block, SharedGateBlock):
        return block.after((1 - block.gate(x)) * block.shortcut(x))
    assert isinstance(block, ResidualBlock)
    return block.after(block.shortcut(x))


def logits(net: Network, plans: Sequence[Plan], images: Tensor) -> Iterator[tuple[int, Tensor]]:
    """For each plan its number and the net's outputs; the beginning that plans share runs once.

    The largest group waits longest, so that few intermediate outputs are kept at a time.
    """
    waiting = [(images, 0, list(range(len(plans))))] if plans else []
    while waiting:
        x, at, sharing = waiting.pop()
        steps = plans[sharing[0]]
        x = through(net, steps[at - 1], x) if at else net.stem(x)
        if at == len(steps):
            outputs = net.head(x)
            yield from ((number, outputs) for number in sharing)
            continue
        groups: dict[Step, list[int]] = {}
        for number in sharing:
            groups.setdefault(plans[number][at], []).append(number)
        waiting += [(x, at + 1, group) for group in sorted(groups.values(), key=len, reverse=True)]


def _counted(net: Network, plans: Sequence[Plan], test: Batches, images: int) -> list[int]:
    right = [0] * len(plans)
    batches = ((inputs, labels) for inputs, labels in test.in_order(BATCH, images))
    for number, hits in chain.from_iterable(_hits(net, plans, *batch) for batch in batches):
        right[number] += hits
    return right


def _hits(net: Network, plans: Sequence[Plan], inputs: Tensor, labels: Tensor) -> Iterator[tuple[int, int]]:
    return ((number, int((one.argmax(1) == labels).sum())) for number, one in logits(net, plans, inputs))


def _settled(net: Network, steps: Plan, test: Batches, images: int, train: Batches) -> int:
    """The same for one lesion with statistics of the net as it is then."""
    with same_statistics(net):
        calibrate(Cut(net, steps), train)
        return _counted(net, [steps], test, images)[0]
