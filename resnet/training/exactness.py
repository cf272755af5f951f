"""Whether a run on a GPU gives the same numbers every time, or is as fast as it can be.

A CPU needs none of this: with one thread the same seed gives the same curves bit for bit.
"""

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import torch

FAST = "RESNET_FAST"


def wants_speed() -> bool:
    """Whether the host prefers speed to runs that repeat."""
    return os.environ.get(FAST, "").strip().lower() in ("yes", "1", "true", "on")


def prepare(device: "torch.device") -> None:
    """Set this process up for training on `device`; before the first number is computed there, once or again.

    By default PyTorch rounds the inputs of convolutions to 10 bits (TF32) and lets cuDNN and atomic additions choose
    the order of sums. Source: pytorch.org/docs, notes on CUDA and on reproducibility.
    """
    import torch

    if device.type != "cuda":
        return
    if device.index is not None:
        torch.cuda.set_device(device)  # of this thread: pinned memory would open a context on the first device too
    fast = wants_speed()
    torch.backends.cuda.matmul.fp32_precision = torch.backends.cudnn.fp32_precision = "tf32" if fast else "ieee"
    torch.backends.cudnn.benchmark = fast  # tries the algorithms at the first batch, and may choose another each time
    if not fast:
        os.environ.setdefault("CUBLAS_WORKSPACE_CONFIG", ":4096:8")  # read when cuBLAS starts
        # None of the nets' operations is among those that have no repeatable form; should one be, a run that nearly
        # repeats is better than none.
        torch.use_deterministic_algorithms(True, warn_only=True)
        torch.utils.deterministic.fill_uninitialized_memory = False  # type: ignore[attr-defined]  # takes time
