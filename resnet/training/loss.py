"""The loss that a net learns by, and the one that is told of it."""

import torch
from torch import Tensor
from torch.nn import functional as F


def losses(logits: Tensor, labels: Tensor, smoothing: float = 0.0) -> tuple[Tensor, Tensor]:
    """The loss to learn by, and the cross-entropy with the labels as they are, both in nats; usually the same tensor.

    Smoothed labels have a floor of their own, so the losses of two recipes could not be compared. Of mixed images both
    labels count, by their shares (N, classes); equal probabilities give ln(classes) there, too.
    Source: Szegedy et al. 2015, arXiv 1512.00567, Sec. 7.
    """
    targets = labels if labels.ndim == 1 else _shares(labels, logits)
    told = F.cross_entropy(logits, targets)
    if not smoothing:
        return told, told.detach()
    return F.cross_entropy(logits, targets, label_smoothing=smoothing), told.detach()


def _shares(labels: Tensor, logits: Tensor) -> Tensor:
    """Labels (N, classes) for all outputs of a net, which may have more."""
    return F.pad(labels, (0, logits.shape[1] - labels.shape[1])).to(logits.dtype)


def accuracy(logits: Tensor, labels: Tensor) -> Tensor:
    """The share of right answers, 0-1; of mixed images the label with the larger share is right."""
    right = labels if labels.ndim == 1 else labels.argmax(1)
    return (logits.detach().argmax(1) == right).to(torch.float32).mean()
