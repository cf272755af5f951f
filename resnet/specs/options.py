"""Which records of the catalog each word of a spec may name."""

from collections.abc import Mapping

from resnet import catalog

NET_OPTIONS: dict[str, Mapping[str, catalog.Choice]] = {
    "block": catalog.BLOCKS,
    "family": catalog.FAMILIES,
    "branch": catalog.BRANCHES,
    "stride_at": catalog.STRIDES,
    "shortcut": catalog.SHORTCUTS,
    "order": catalog.ORDERS,
    "norm": catalog.NORMS,
    "activation": catalog.ACTIVATIONS,
    "init": catalog.INITS,
}
