"""Loss and accuracy on held-out images, with batch-norm statistics that fit the present weights."""

from contextlib import nullcontext
from dataclasses import dataclass

import torch
from torch import nn
from torch.nn import functional as F

from resnet.datasets.batches import Batches
from resnet.nets.statistics import CALIBRATION, calibrate, evaluating, same_statistics

BATCH = 250
# While a net trains its curve on test images is followed with fewer images (see `Recipe.tested`), and statistics from
# fewer. On one thread, ms for res-56 / res-20: 67 / 24, at the end on everything 270 / 100; a step takes 25 / 9.
FEWER = 128


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
