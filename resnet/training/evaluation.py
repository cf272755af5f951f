"""Loss and accuracy on held-out images, with batch-norm statistics that fit the present weights."""

import copy
from dataclasses import dataclass

import torch
from torch import nn
from torch.nn import functional as F

from resnet.datasets.batches import Batches

BATCH = 250
CALIBRATION = 512  # training images from which the statistics are estimated anew


@dataclass(frozen=True)
class Evaluation:
    """Mean cross-entropy in nats and the share of right answers, 0–1."""

    loss: float
    accuracy: float


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


@torch.no_grad()
def evaluate(net: nn.Module, train: Batches, test: Batches) -> Evaluation:
    """Evaluate a calibrated copy on all images of `test`; `net` is left as it was."""
    net = copy.deepcopy(net).eval()
    calibrate(net, train)
    loss = correct = torch.zeros((), device=test.labels.device)
    for images, labels in test.in_order(BATCH):
        logits = net(images)
        loss = loss + F.cross_entropy(logits, labels, reduction="sum")
        correct = correct + (logits.argmax(1) == labels).sum()
    return Evaluation(float(loss) / len(test), float(correct) / len(test))
