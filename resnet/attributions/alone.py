"""One image at a time: a map, or a score of it, must not depend on what else is explained with it."""

import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import wraps

import numpy as np
import torch
from torch import Tensor

from resnet.attributions.setting import SEED, Setting
from resnet.nets.network import Network

Heatmap = Callable[[Network, Tensor, Tensor, Setting], Tensor]


def alone(heatmap: Heatmap) -> Heatmap:
    """The method for one image after the other, each with its own baseline and from the same seed.

    For methods that draw random numbers or average over baselines: Captum's draws run on through a batch, so the same
    image would get another map in other company.
    """

    @wraps(heatmap)
    def explain(net: Network, images: Tensor, targets: Tensor, setting: Setting) -> Tensor:
        maps = []
        for image, target, baseline in zip(images.split(1), targets.split(1), setting.baseline.split(1), strict=True):
            with repeatable():
                maps.append(heatmap(net, image, target, replace(setting, baseline=baseline)))
        return torch.cat(maps)

    return explain


@contextmanager
def repeatable() -> Iterator[None]:
    """Captum draws from the global generators: seeded inside, as before afterwards."""
    state = np.random.get_state()
    with torch.random.fork_rng([]):
        torch.manual_seed(SEED)
        np.random.seed(SEED)
        try:
            yield
        finally:
            np.random.set_state(state)


def own_noise(copies: Tensor, repeats: int, draw: Callable[..., Tensor]) -> Tensor:
    """Random numbers for `repeats` copies of each image in turn, (N repeats, C, H, W), by `torch.rand` or `randn`.

    Each image's generator starts from its own pixels: the same noise in any company, other noise for other images, so
    that the luck of one draw does not run through the mean over images.
    """
    noise = []
    for image in copies[::repeats].detach():
        generator = torch.Generator().manual_seed(zlib.crc32(image.cpu().numpy().tobytes()))
        noise.append(draw((repeats, *image.shape), generator=generator, dtype=image.dtype))
    return torch.cat(noise)
