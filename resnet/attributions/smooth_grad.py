"""Mean gradient over noisy copies of the image. Source: Smilkov et al. 2017, arXiv 1706.03825."""

from captum.attr import NoiseTunnel, Saliency
from torch import Tensor

from resnet.attributions.alone import alone
from resnet.attributions.setting import Setting
from resnet.nets.network import Network

COPIES = 16
NOISE = 0.15  # of the image's range, as the paper advises 10-20 %


@alone
def heatmap(net: Network, images: Tensor, targets: Tensor, setting: Setting) -> Tensor:
    """The gradient averaged over COPIES noisy images, (N, C, H, W), with its sign."""
    noise = NOISE * float(images.max() - images.min())
    return NoiseTunnel(Saliency(net)).attribute(
        images,
        nt_type="smoothgrad",
        nt_samples=COPIES,
        nt_samples_batch_size=COPIES,
        stdevs=noise,
        target=targets,
        abs=False,
    )
