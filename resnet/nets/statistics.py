"""Running statistics of batch norm: estimated anew where they lag, and kept where nobody may change them."""

from collections.abc import Iterator
from contextlib import contextmanager

import torch
from torch import nn

from resnet.datasets.batches import Batches

CALIBRATION = 512  # training images from which the statistics are estimated anew


@torch.no_grad()
def calibrate(net: nn.Module, train: Batches, images: int = CALIBRATION) -> None:
    """Set the running statistics of every batch norm to the mean over some training batches, in place.

    The running averages of training lag behind: a few steps in, or at initialisation, they give absurd logits.
    """
    norms = [module for module in net.modules() if isinstance(module, nn.BatchNorm2d)]
    if not norms:
        return
    modes = [(module, module.training) for module in net.modules()]
    momentum = [norm.momentum for norm in norms]
    net.eval()  # nothing is dropped; only the norms are in training mode
    for norm in norms:
        norm.reset_running_stats()
        norm.momentum = None  # a plain mean over the batches
        norm.train()
    for batch, _ in train.in_order(images // 4, limit=images):
        net(batch)
    for module, mode in modes:
        module.training = mode
    for norm, before in zip(norms, momentum, strict=True):
        norm.momentum = before


@contextmanager
def same_statistics(net: nn.Module) -> Iterator[None]:
    """The running statistics of all norms are the same afterwards as before, after errors too."""
    buffers = [buffer.clone() for buffer in net.buffers()]
    try:
        yield
    finally:
        for buffer, before in zip(net.buffers(), buffers, strict=True):
            buffer.copy_(before)
