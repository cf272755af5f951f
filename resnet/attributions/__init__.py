"""Per-pixel maps that explain a prediction; one file each, one record in the catalog each; all through Captum."""

import warnings

from torch import Tensor

from resnet.attributions import deep_lift, grad_cam, integrated_gradients, occlusion, saliency
from resnet.attributions.untouched import untouched
from resnet.network import Network

METHODS = {
    "saliency": saliency.heatmap,
    "integrated_gradients": integrated_gradients.heatmap,
    "grad_cam": grad_cam.heatmap,
    "occlusion": occlusion.heatmap,
    "deep_lift": deep_lift.heatmap,
}


def attribute(method: str, net: Network, images: Tensor, targets: Tensor) -> Tensor:
    """The attribution of every pixel for the logit of `targets`, (N, C, H, W) like `images`; `net` is left as it was.

    `images` normalised, so that zero is the mean colour. Batch-norm statistics must fit the weights: see `calibrate`.
    """
    with untouched(net), warnings.catch_warnings():
        # Captum announces that it sets hooks and gradients; `untouched` takes them back.
        warnings.filterwarnings("ignore", message="Setting forward, backward hooks", category=UserWarning)
        warnings.filterwarnings("ignore", message="Input Tensor .* did not already require gradients")
        return METHODS[method](net, images.detach().clone(), targets).detach()


__all__ = ["METHODS", "attribute"]
