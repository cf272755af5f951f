"""Nets with a name, and the faults of the course notes' net; `net` is what `NetSpec.parse` reads."""

from resnet.catalog.records import HE_2015, HE_2016, Preset, by_name
from resnet.i18n import N_

_CIFAR, _IMAGENET, _IDENTITY = N_("CIFAR, 2015"), N_("ImageNet, 2015"), N_("Pre-activation, 2016")
_NOTES = N_("Course notes")

# The authors' code (github.com/KaimingHe/resnet-1k-layers) has bare projections behind a shared norm and ReLU.
_BOTTLENECKS_2016 = (
    (
        164,
        N_(
            "Bottlenecks with full pre-activation, projections where the channels change. Here those have a norm of "
            "their own and read the block's input: 1.70 M parameters, the paper prints 1.7 M."
        ),
    ),
    (
        1001,
        N_(
            "Bottlenecks with full pre-activation, projections where the channels change. Here those have a norm of "
            "their own and read the block's input: 10.33 M parameters, the paper prints 10.2 M."
        ),
    ),
)

PRESETS = by_name(
    *(
        Preset(
            f"resnet-{depth}",
            f"ResNet-{depth}",
            N_("A net of Table 6: 16-32-64 channels, zero-padding shortcuts."),
            source=f"{HE_2015}, Table 6",
            net=f"res-{depth}-w16-s1",
            group=_CIFAR,
        )
        for depth in (20, 32, 44, 56, 110, 1202)
    ),
    *(
        Preset(
            f"resnet-{depth}",
            f"ResNet-{depth}",
            N_("A net of Table 1 in torchvision's form: projections where the size changes, 64-128-256-512 channels."),
            source=f"{HE_2015}, Table 1",
            net=f"res-{depth}-imagenet{'-bottleneck' if depth > 34 else ''}-w64-optb",
            group=_IMAGENET,
        )
        for depth in (18, 34, 50, 101, 152)
    ),
    *(
        Preset(
            f"plainnet-{depth}",
            f"Plain-{depth}",
            N_("The plain net of Table 2: the same layers without shortcuts."),
            source=f"{HE_2015}, Table 2",
            net=f"plain-{depth}-imagenet-w64",
            group=_IMAGENET,
        )
        for depth in (18, 34)
    ),
    *(
        Preset(
            f"resnet-{depth}",
            f"ResNet-{depth}",
            text,
            source=f"{HE_2016}, Table 4 and appendix",
            net=f"res-{depth}-bottleneck-v1-w16-s1-optb-preact",
            group=_IDENTITY,
        )
        for depth, text in _BOTTLENECKS_2016
    ),
    Preset(
        "notes-34",
        N_("Notes' ResNet-34"),
        N_("As the course notes print it, with its faults: no norm, no ReLU after the stem, softmax inside."),
        source="course notes, Sec. 2",
        net="res-34-imagenet-w64-c200-optb-nobn-torchinit-nostemact-softmax",
        group=_NOTES,
    ),
)

# The notes' faults one by one, at a size that trains in seconds; the sound net is res-20.
FAULTS = by_name(
    Preset(
        "softmax",
        N_("Softmax inside"),
        N_("The loss applies softmax a second time: it cannot fall below a floor, and the gradient is small."),
        source="course notes, Sec. 2",
        net="res-20-softmax",
    ),
    Preset(
        "no_norm",
        N_("No batch norm"),
        N_("No norm, with PyTorch's initialisation in both nets: watch what becomes of the plain net's signal."),
        source="course notes, Sec. 2",
        net="plain-20-nobn-torchinit",
    ),
    Preset(
        "no_stem_activation",
        N_("No ReLU after the stem"),
        N_("No activation stands between the stem and the first convolution: together they are one affine map."),
        source="course notes, Sec. 2",
        net="res-20-nostemact",
    ),
)
