"""What of the curves is drawn, on every page that shows some; the words are those of `charts.curves.View`."""

from resnet.i18n import C_, _
from resnet.ui.parts import widgets


def quantity() -> str:
    """Loss or error."""
    options = {"loss": _("Loss"), "error": _("Error")}
    about = _("Loss: cross-entropy in nats. Error: share of wrong answers.")
    return widgets.choice("quantity", _("Quantity"), options, about)


def split() -> str:
    """Training or test images, or both."""
    about = _("Train: the batches that the net learns from. Test: images it never sees.")
    return widgets.choice("split", _("Images"), _splits, about)


def _splits() -> dict[str, str]:
    return {"train": C_("images", "Train"), "test": C_("images", "Test"), "both": _("Both")}
