"""What of the curves is drawn, on every page that shows some; the words are those of `charts.curves.View`."""

from resnet.i18n import _
from resnet.ui.parts import widgets


def quantity() -> str:
    """Loss or error."""
    options = {"loss": _("Loss"), "error": _("Error")}
    about = _("Loss: cross-entropy in nats. Error: share of wrong answers.")
    return widgets.choice("quantity", _("Quantity"), options, about)


def split() -> str:
    """Training or test images, or both."""
    about = _("Training images: the batches that the net learns from. Test images: those it never sees.")
    return widgets.choice("split", _("Measured on"), splits(), about)


def splits() -> dict[str, str]:
    """Of which images a quantity is, by the ids in addresses."""
    return {"train": _("Training images"), "test": _("Test images"), "both": _("Both")}
