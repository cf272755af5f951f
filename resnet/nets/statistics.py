"""Running statistics of batch norm: estimated anew where they lag, and kept where nobody may change them."""

from collections.abc import Iterator
from contextlib import contextmanager

import torch
from torch import nn

from resnet.datasets.batches import Batches
from resnet.errors import UserError
from resnet.i18n import _

CALIBRATION = 512  # training images from which the statistics are estimated anew
CHUNKS = 4  # batches of equal size: each weighs as much as it has images


class TooFewImages(UserError, ValueError):
    """No statistics follow from so few images."""


def calibrate(net: nn.Module, train: Batches, images: int = CALIBRATION) -> None:
    """Set the running statistics of every batch norm to the mean over some training batches, in place.

    The running averages of training lag behind: a few steps in, or at initialisation, they give absurd logits.
    Raises TooFewImages, and then the net is as it was.
    """
    norms = [module for module in net.modules() if isinstance(module, nn.BatchNorm2d)]
    if not norms:
        return
    count = min(images, len(train))
    chunks = min(CHUNKS, max(1, count // 2))  # a variance needs two values: at least two images each where there are
    size = count // chunks
    if not size:
        raise TooFewImages(_("batch norm needs images to take its statistics from; there are none"))
    with _estimating(net, norms):
        for batch, _labels in train.in_order(size, limit=size * chunks):
            net(batch)


@contextmanager
def _estimating(net: nn.Module, norms: list[nn.BatchNorm2d]) -> Iterator[None]:
    """Norms collect plain means from zero; modes and momentum are given back, statistics too after an error."""
    momentum = [norm.momentum for norm in norms]
    buffers = [(buffer, buffer.clone()) for norm in norms for buffer in norm.buffers()]
    try:
        with evaluating(net), torch.no_grad():  # nothing is dropped; only the norms are in training mode
            for norm in norms:
                norm.reset_running_stats()
                norm.momentum = None  # a plain mean over the batches
                norm.train()
            yield
    except BaseException as error:
        for buffer, before in buffers:
            buffer.copy_(before)
        if isinstance(error, ValueError) and "more than 1 value per channel" in str(error):
            raise TooFewImages(_("batch norm needs at least two values per channel; one image gives it one")) from error
        raise
    finally:
        for norm, had in zip(norms, momentum, strict=True):
            norm.momentum = had


@contextmanager
def evaluating(net: nn.Module) -> Iterator[None]:
    """Inside, the net is in evaluation mode; every module's own mode is given back, after errors too."""
    modes = [(module, module.training) for module in net.modules()]
    try:
        net.eval()
        yield
    finally:
        for module, mode in modes:
            module.training = mode


@contextmanager
def same_statistics(net: nn.Module) -> Iterator[None]:
    """The running statistics of all norms are the same afterwards as before, after errors too."""
    buffers = [buffer.clone() for buffer in net.buffers()]
    try:
        yield
    finally:
        for buffer, before in zip(net.buffers(), buffers, strict=True):
            buffer.copy_(before)
