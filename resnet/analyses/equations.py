"""x_L = x_l + Σ F(x_i) and its gradient, checked on a real net. Source: He et al. 2016, Eq. 4 and 5."""

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from resnet.analyses.results import Equations
from resnet.analyses.stages import inner_blocks
from resnet.nets.network import Network
from resnet.nets.statistics import same_statistics


def equations(net: Network, images: Tensor, labels: Tensor, stage: int) -> Equations:
    """Both equations in one stage of a residual net, in the net's present mode and precision.

    `images` (N, C, H, W) normalised, `labels` (N,). Raises ValueError for a plain net, which has no sum.
    """
    if net.spec.block == "plain":
        raise ValueError("a plain net is a product, not a sum")
    with same_statistics(net):
        return _checked(net, inner_blocks(net.spec, stage), images, labels)


def _checked(net: Network, names: tuple[str, ...], images: Tensor, labels: Tensor) -> Equations:
    inputs, branches, end = _forward(net, [net.get_submodule(name) for name in names], images, labels)
    gradients = torch.autograd.grad(end.loss, [*inputs, end.output], retain_graph=True)
    parts = [
        torch.autograd.grad(branch, start, gradient, retain_graph=True)[0]
        for branch, start, gradient in zip(branches, inputs, gradients[1:], strict=True)
    ]
    sums = torch.stack([branch.detach() for branch in branches]).cumsum(0)  # (blocks, N, C, H, W)
    direct, output = gradients[-1], end.output.detach()
    rest = torch.stack(parts[::-1]).cumsum(0).flip(0)  # Σ from each block to the last
    return Equations(
        names,
        forward=_relative(output - (inputs[0].detach() + sums[-1]), output),
        backward=_relative(gradients[0] - (direct + rest[0]), gradients[0]),
        direct=float(direct.norm()),
        total=_norms(gradients[:-1]),
        branch=_norms([gradient - direct for gradient in gradients[:-1]]),
        cosine=np.array([_cosine(gradient - direct, direct) for gradient in gradients[:-1]]),
        outputs=_norms([start.detach() for start in inputs]),
        sums=_norms(list(sums)),
    )


@dataclass(frozen=True)
class _End:
    output: Tensor
    loss: Tensor


def _forward(
    net: Network, blocks: list[nn.Module], images: Tensor, labels: Tensor
) -> tuple[list[Tensor], list[Tensor], _End]:
    """Inputs x_i and branch outputs F(x_i) of the blocks, the last output x_L, and the loss."""
    inputs: list[Tensor] = []
    branches: list[Tensor] = []
    outputs: list[Tensor] = []
    handles = [block.register_forward_pre_hook(lambda _m, x: inputs.append(x[0])) for block in blocks]
    handles += [block.branch.register_forward_hook(lambda _m, _x, y: branches.append(y)) for block in blocks]  # type: ignore[union-attr]
    handles.append(blocks[-1].register_forward_hook(lambda _m, _x, y: outputs.append(y)))
    try:
        loss = F.cross_entropy(net(images), labels)
    finally:
        for handle in handles:
            handle.remove()
    return inputs, branches, _End(outputs[0], loss)


def _relative(difference: Tensor, whole: Tensor) -> float:
    return float(difference.norm() / whole.norm())


def _norms(tensors: "list[Tensor] | tuple[Tensor, ...]") -> np.ndarray:
    return np.array([float(tensor.norm()) for tensor in tensors])


def _cosine(one: Tensor, other: Tensor) -> float:
    """NaN where one of them is zero."""
    return float((one * other).sum() / (one.norm() * other.norm()))
