"""What is measured in a net, and how its predictions are explained."""

from resnet.catalog.records import HE_2015, HE_2016, Method, Probe, by_name
from resnet.words import N_

PROBES = by_name(
    Probe(
        "output_gradient",
        N_("Gradient of the loss by block output"),
        N_("How strongly the loss reacts to what each block hands on, over the whole batch."),
        formula=r"\lVert \partial L / \partial x_l \rVert_2",
        source=f"{HE_2016}, Eq. 5",
        unit=N_("L2 norm"),
        short=N_("Output gradient"),
    ),
    Probe(
        "gradient_norm",
        N_("Gradient of the loss by weights"),
        N_("The size of the gradient that each weighted layer receives."),
        formula=r"\lVert \partial L / \partial W_l \rVert_2",
        source=f"{HE_2015}, Sec. 4.1",
        unit=N_("L2 norm"),
        of="weight",
        short=N_("Weight gradient"),
    ),
    Probe(
        "activation_std",
        N_("Spread of the block outputs"),
        N_("Standard deviation of what each block hands on: zero means that the signal has died."),
        formula=r"\mathrm{std}(x_l)",
        source=f"{HE_2015}, Fig. 7",
        unit=N_("standard deviation"),
        backward=False,
        short=N_("Activation spread"),
    ),
)

METHODS = by_name(
    Method(
        "saliency",
        N_("Saliency"),
        N_("Gradient of the class score by each pixel: where would a small change matter?"),
        formula=r"\partial f_c / \partial x",
        source="Simonyan et al. 2013, arXiv 1312.6034",
    ),
    Method(
        "integrated_gradients",
        N_("Integrated gradients"),
        N_("Gradients summed along the way from the mean colour to the image: each pixel's share of the score."),
        formula=r"(x - x_0)\int_0^1 \partial f_c(x_0 + \alpha (x - x_0))/\partial x \, d\alpha",
        source="Sundararajan et al. 2017, arXiv 1703.01365",
        completeness=True,
    ),
    Method(
        "grad_cam",
        N_("Grad-CAM"),
        N_("The feature maps of the last stage, weighted by their mean gradient: coarse, but about the class."),
        formula=r"\sum_k \bar g_k A_k",
        source="Selvaraju et al. 2016, arXiv 1610.02391",
    ),
    Method(
        "occlusion",
        N_("Occlusion"),
        N_("Cover one patch after the other with the mean colour: how far does the score fall?"),
        formula=r"f_c(x) - f_c(x \text{ without patch})",
        source="Zeiler and Fergus 2013, arXiv 1311.2901",
    ),
    Method(
        "deep_lift",
        N_("DeepLift"),
        N_("Differences to the mean colour, handed back layer by layer: each pixel's share of the score."),
        source="Shrikumar et al. 2017, arXiv 1704.02685",
        completeness=True,
        not_with=("prelu", "gelu", "silu", "group", "layer", "exclusive", "gate", "softmax"),
    ),
)
