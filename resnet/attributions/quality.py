"""How far a map can be trusted: what happens to the net's answer, and to the map, when the image is changed."""

from collections.abc import Callable

import torch
from captum.metrics import infidelity as captum_infidelity
from captum.metrics import sensitivity_max
from torch import Tensor

from resnet.attributions.alone import own_noise
from resnet.attributions.setting import CELLS, cells
from resnet.nets.network import Network

NOISE = 0.2  # standard deviation of the perturbations, in those of the training pixels
RADIUS = 0.1  # largest change of a pixel for the sensitivity
PERTURBATIONS = 10
SENSITIVITIES = 3
Explain = Callable[[Tensor, Tensor, Tensor], Tensor]
STEPS = 16  # points of the deletion and insertion curves


def measure(
    explain: Explain, net: Network, images: Tensor, targets: Tensor, maps: Tensor, baselines: Tensor
) -> dict[str, Tensor]:
    """Every score of the maps (N, C, H, W) that `explain` makes of images, targets and baselines; (N,) each.

    The score of an image is the same alone and among others.
    """

    def again(inputs: Tensor) -> Tensor:
        repeats = len(inputs) // len(images)
        return explain(inputs, targets.repeat_interleave(repeats), baselines.repeat_interleave(repeats, 0))

    deletion, insertion = deletion_and_insertion(net, images, targets, maps, baselines)
    return {
        "completeness": completeness_error(net, images, targets, maps, baselines),
        "infidelity": infidelity(net, images, targets, maps),
        "sensitivity": sensitivity(again, images),
        "deletion": deletion,
        "insertion": insertion,
    }


@torch.no_grad()
def completeness_error(net: Network, images: Tensor, targets: Tensor, maps: Tensor, baselines: Tensor) -> Tensor:
    """|Σ a - Δ| / |Δ| with Δ = f_c(x) - f_c(x₀), (N,): how far a map is from adding up to what it explains."""
    rise = (net(images) - net(baselines)).gather(1, targets[:, None])[:, 0]
    return (maps.sum((1, 2, 3)) - rise).abs() / rise.abs()


def infidelity(net: Network, images: Tensor, targets: Tensor, maps: Tensor) -> Tensor:
    """How badly the map predicts the change of the score under noise, (N,); normalised, lower is better.

    Source: Yeh et al. 2019, arXiv 1901.09392, Eq. 1; captum.metrics.infidelity.
    """

    def perturb(inputs: Tensor) -> tuple[Tensor, Tensor]:
        noise = NOISE * own_noise(inputs, PERTURBATIONS, torch.randn)
        return noise, inputs - noise

    with torch.no_grad():
        found: Tensor = captum_infidelity(
            net, perturb, images, maps, target=targets, n_perturb_samples=PERTURBATIONS, normalize=True
        )
    return found


def sensitivity(explain: Callable[[Tensor], Tensor], images: Tensor) -> Tensor:
    """The largest relative change of the map under small changes of the image, (N,); lower is better.

    Source: Yeh et al. 2019, Eq. 2; captum.metrics.sensitivity_max.
    """

    def perturb(inputs: Tensor, radius: float) -> tuple[Tensor, ...]:
        return (inputs + radius * (2 * own_noise(inputs, SENSITIVITIES, torch.rand) - 1),)

    found: Tensor = sensitivity_max(
        lambda inputs: (
            explain(inputs[0]).contiguous(),
        ),  # tuples in and out: Captum would take a tensor apart by images
        (images,),
        perturb_func=perturb,
        perturb_radius=RADIUS,
        n_perturb_samples=SENSITIVITIES,
    )
    return found


@torch.no_grad()
def deletion_and_insertion(
    net: Network, images: Tensor, targets: Tensor, maps: Tensor, baselines: Tensor
) -> tuple[Tensor, Tensor]:
    """Mean probability of the target while cells are replaced by the baseline, and while they are put in, (N,) each.

    The cells go in the order of their attribution, highest first: low deletion and high insertion are good. Source:
    Petsiuk et al. 2018, arXiv 1806.07421.
    """
    number = cells(images)[0, 0].flatten()  # (H W,)
    shares = torch.zeros(len(images), CELLS**2).index_add_(1, number, maps.sum(1).flatten(1))
    place = shares.argsort(1, descending=True).argsort(1)  # of each cell in the order
    curves = []
    for first, last in ((baselines, images), (images, baselines)):  # deletion: x₀ comes in; insertion: the image
        values = []
        for count in torch.linspace(0, CELLS**2, STEPS).round():
            taken = (place < count)[:, number].view(len(images), 1, *images.shape[-2:])
            mixed = torch.where(taken, first, last)
            values.append(net.probabilities(net(mixed)).gather(1, targets[:, None])[:, 0])
        curves.append(torch.stack(values).mean(0))
    return curves[0], curves[1]
