"""Loss and accuracy on held-out images, with batch-norm statistics that fit the present weights."""

from contextlib import nullcontext
from dataclasses import dataclass

import torch
from torch import nn
from torch.nn import functional as F

from resnet.datasets.batches import Batches
from resnet.nets.statistics import CALIBRATION, calibrate, evaluating, same_statistics

BATCH = 250
# While a net trains, fewer test images tell how its curve goes (see `Recipe.tested`), with statistics of fewer training
# images. From 256 the loss of a trained net differs by less than 0.01 from that with 512, from 128 by up to 0.04
# (plain-20 and res-56, 10 evaluations). For res-56 135 ms instead of 270 on one thread; a step takes 25.
FEWER = 256


@dataclass(frozen=True)
class Evaluation:
    """Mean cross-entropy in nats and the share of right answers, 0–1."""

    loss: float
    accuracy: float


def evaluate(
    net: nn.Module, train: Batches, test: Batches, images: int | None = None, *, settle: bool = False
) -> Evaluation:
    """Evaluate on all images of `test`, or on its first `images`; `net` is left as it was, after errors too.

    With `settle` its batch norm keeps the statistics that fit the present weights.
    """
    count = min(images or len(test), len(test))
    with nullcontext() if settle else same_statistics(net):
        calibrate(net, train, CALIBRATION if count == len(test) else FEWER)
        return _calibrated(net, test, count)


@torch.no_grad()
def _calibrated(net: nn.Module, test: Batches, count: int) -> Evaluation:
    """Evaluate a net whose statistics fit its weights on the first `count` images; modes are given back."""
    loss = correct = torch.zeros((), device=test.labels.device)
    with evaluating(net):
        for inputs, labels in test.in_order(BATCH, count):
            logits = net(inputs)
            loss = loss + F.cross_entropy(logits, labels, reduction="sum")
            correct = correct + (logits.argmax(1) == labels).sum()
    return Evaluation(float(loss) / count, float(correct) / count)
