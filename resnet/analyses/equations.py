"""x_L = x_l + Σ F(x_i) and its gradient, checked on a real net. Source: He et al. 2016, Eq. 4 and 5."""

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from resnet.layers import after_order, block_shapes
from resnet.network import Network, same_statistics
from resnet.specs import NetSpec
from resnet.words import _


@dataclass(frozen=True)
class Equations:
    """One stage: from x_l behind its last change of size to x_L at its end; L2 norms over the whole batch.

    `names` are the blocks in between. `forward` is ‖x_L - (x_l + ΣF)‖ / ‖x_L‖, `backward` the same of the gradient at
    x_l. For each block's input: `total` ‖∂E/∂x_i‖, `branch` ‖∂E/∂x_i - ∂E/∂x_L‖ and their `cosine` to `direct`, the
    term ∂E/∂x_L that comes unchanged. `outputs` are ‖x_i‖ and `sums` ‖ΣF‖ up to each block.
    """

    names: tuple[str, ...]
    forward: float
    backward: float
    direct: float
    total: np.ndarray
    branch: np.ndarray
    cosine: np.ndarray
    outputs: np.ndarray
    sums: np.ndarray


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


def inner_blocks(spec: NetSpec, stage: int) -> tuple[str, ...]:
    """The blocks of a stage behind its change of size: within them all outputs have one shape."""
    inside = [shape for shape in block_shapes(spec) if shape.name.startswith(f"stage{stage}.")]
    return tuple(shape.name for shape in inside if not shape.resized)


def obstacles(spec: NetSpec) -> list[str]:
    """Why the equations are not exact in this net, one sentence each; empty where they are."""
    sentences = []
    if after_order(spec):
        sentences.append(_("Something follows the addition, so a block's output is not the sum itself."))
    if spec.shortcut in ("C", "conv"):
        sentences.append(_("Every shortcut is a convolution: no identity is left."))
    if spec.shortcut in ("gate", "exclusive"):
        sentences.append(_("Gates let only a part of the input pass."))
    if spec.shortcut == "exclusive":
        sentences.append(_("The same gates weaken the branch."))
    if spec.shortcut == "scale" and spec.shortcut_scale != 1:
        sentences.append(_("Every shortcut is multiplied by {factor:g}.", factor=spec.shortcut_scale))
    if spec.shortcut == "dropout":
        sentences.append(_("Dropout cuts half of the shortcut's values and doubles the others."))
    return sentences


def _relative(difference: Tensor, whole: Tensor) -> float:
    return float(difference.norm() / whole.norm())


def _norms(tensors: "list[Tensor] | tuple[Tensor, ...]") -> np.ndarray:
    return np.array([float(tensor.norm()) for tensor in tensors])


def _cosine(one: Tensor, other: Tensor) -> float:
    """NaN where one of them is zero."""
    return float((one * other).sum() / (one.norm() * other.norm()))
