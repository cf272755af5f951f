"""Numbers that papers print, beside which a class lays its own; never measured by this app."""

from dataclasses import dataclass

from resnet.catalog.records import HE_2015
from resnet.i18n import N_


@dataclass(frozen=True)
class PublishedErrors:
    """Test errors in percent by depth, of nets of one block; `source` says where they stand."""

    block: str
    label: str
    errors: tuple[tuple[int, float], ...]
    source: str


# CIFAR-10, 64,000 steps of SGD, width 16. The paper has no table of its plain nets, only curves.
CIFAR_2015 = (
    PublishedErrors(
        "plain", N_("plain, read off Fig. 6"), ((20, 9.5), (32, 10.0), (44, 12.0), (56, 13.5)), f"{HE_2015}, Fig. 6"
    ),
    PublishedErrors(
        "residual",
        N_("ResNet, Table 6"),
        ((20, 8.75), (32, 7.51), (44, 7.17), (56, 6.97), (110, 6.43)),
        f"{HE_2015}, Table 6",
    ),
)
