"""One verb for all methods; each is a file of its own, with one record in the catalog."""

import warnings

import torch
from torch import Tensor

from resnet.attributions import (
    conductance,
    deconvolution,
    deep_lift,
    deep_lift_shap,
    feature_ablation,
    grad_cam,
    gradient_shap,
    guided_backprop,
    guided_grad_cam,
    input_x_gradient,
    integrated_gradients,
    kernel_shap,
    lime,
    occlusion,
    saliency,
    shapley_sampling,
    smooth_grad,
)
from resnet.attributions.alone import repeatable
from resnet.attributions.setting import Setting, baseline
from resnet.attributions.untouched import untouched
from resnet.nets.network import Network

METHODS = {
    "saliency": saliency.heatmap,
    "input_x_gradient": input_x_gradient.heatmap,
    "smooth_grad": smooth_grad.heatmap,
    "integrated_gradients": integrated_gradients.heatmap,
    "gradient_shap": gradient_shap.heatmap,
    "deep_lift": deep_lift.heatmap,
    "deep_lift_shap": deep_lift_shap.heatmap,
    "guided_backprop": guided_backprop.heatmap,
    "deconvolution": deconvolution.heatmap,
    "grad_cam": grad_cam.heatmap,
    "guided_grad_cam": guided_grad_cam.heatmap,
    "conductance": conductance.heatmap,
    "occlusion": occlusion.heatmap,
    "feature_ablation": feature_ablation.heatmap,
    "shapley_sampling": shapley_sampling.heatmap,
    "kernel_shap": kernel_shap.heatmap,
    "lime": lime.heatmap,
}


def attribute(
    method: str,
    net: Network,
    images: Tensor,
    targets: Tensor,
    *,
    baselines: Tensor | None = None,
    stage: int = 0,
) -> Tensor:
    """The attribution of every pixel for the logit of `targets`, (N, C, H, W) like `images`; `net` is left as it was.

    `images` normalised, so that zero, the default of `baselines` (x₀), is the mean colour. `stage` is that of the layer
    methods, 0 for the last. Batch-norm statistics must fit the weights: see `calibrate`. The map of an image is the
    same (to rounding) alone and among others.
    """
    images = images.detach().clone()
    setting = Setting(torch.zeros_like(images) if baselines is None else baselines, stage)
    with untouched(net), repeatable(), warnings.catch_warnings():
        # Captum announces that it sets hooks and gradients; `untouched` takes them back.
        warnings.filterwarnings("ignore", message="Setting (forward, )?backward hooks", category=UserWarning)
        warnings.filterwarnings("ignore", message="Input Tensor .* did not already require gradients")
        warnings.filterwarnings("ignore", message="You are providing multiple inputs for Lime")
        warnings.filterwarnings("ignore", message="Attempting to construct interpretable model")
        return METHODS[method](net, images, targets, setting).detach()


__all__ = ["METHODS", "attribute", "baseline"]
