"""What a method may choose: the baseline x₀ that stands for "nothing there", and the stage of the layer methods."""

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torchvision.transforms.functional import gaussian_blur

from resnet.nets.network import Network

CELLS = 8  # cells along each side of the image for methods that switch regions: 64 in all
NOISE = 0.5  # standard deviation of a noisy baseline, in those of the training pixels
SAMPLES = 8  # baselines of the methods that average over several
BATCH = 64  # images in one pass: bounds the memory
SEED = 0  # of the methods that draw random numbers: the same question has the same answer


@dataclass(frozen=True)
class Setting:
    """`baseline` (N, C, H, W) like the images; `stage` counted from 1, 0 for the last."""

    baseline: Tensor
    stage: int = 0

    def layer(self, net: Network) -> nn.Module:
        """The stage that layer methods look at."""
        return net.stages()[self.stage - 1]

    def several(self) -> Tensor:
        """SAMPLES noisy copies of the one image's baseline, (SAMPLES, C, H, W): for methods that explain it `alone`."""
        assert len(self.baseline) == 1, "a mean over the images' baselines would make each map depend on the others"
        generator = torch.Generator().manual_seed(SEED)
        shape = (SAMPLES, *self.baseline.shape[1:])
        noise = NOISE * torch.randn(shape, generator=generator, dtype=self.baseline.dtype)
        return self.baseline + noise


def baseline(kind: str, images: Tensor, black: Tensor | None = None) -> Tensor:
    """x₀ for normalised images (N, C, H, W): "mean" colour (zero), "black" (C,), "blur" of the image, or "noise"."""
    return BASELINES[kind](images, black)


def _black(images: Tensor, black: Tensor | None) -> Tensor:
    assert black is not None, "where black lies depends on the data set"
    return black.to(images.dtype)[:, None, None].expand_as(images).clone()


def _blur(images: Tensor, _black: Tensor | None) -> Tensor:
    side = images.shape[-1]
    return gaussian_blur(images, kernel_size=[side // 4 * 2 + 1] * 2, sigma=[side / 6] * 2)


def _noise(images: Tensor, _black: Tensor | None) -> Tensor:
    generator = torch.Generator().manual_seed(SEED)
    noise = torch.randn(images.shape[1:], generator=generator, dtype=images.dtype)
    return noise.expand_as(images).clone()


BASELINES: dict[str, Callable[[Tensor, Tensor | None], Tensor]] = {
    "mean": lambda images, _black: torch.zeros_like(images),
    "black": _black,
    "blur": _blur,
    "noise": _noise,
}


def cells(images: Tensor) -> Tensor:
    """A number for each of CELLS x CELLS square cells, (1, C, H, W): what is switched on and off together."""
    height, width = images.shape[-2:]
    rows = torch.arange(height) * CELLS // height
    columns = torch.arange(width) * CELLS // width
    return (rows[:, None] * CELLS + columns).repeat(1, images.shape[1], 1, 1)


def per_value(images: Tensor) -> float:
    """Values of one cell: what Captum gives to each of them is the cell's whole."""
    return images[0].numel() / CELLS**2
