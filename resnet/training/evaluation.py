"""Loss and accuracy on held-out images, with batch-norm statistics that fit the present weights."""

import copy
from dataclasses import dataclass

import torch
from torch import nn
from torch.nn import functional as F

from resnet.datasets.batches import Batches
from resnet.nets.statistics import calibrate

BATCH = 250


@dataclass(frozen=True)
class Evaluation:
    """Mean cross-entropy in nats and the share of right answers, 0–1."""

    loss: float
    accuracy: float


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
