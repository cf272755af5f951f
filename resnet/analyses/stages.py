"""Where the equations of 2016 hold: torch-free, so that pages can say so."""

from resnet.i18n import _
from resnet.nets.structure import after_order, block_shapes
from resnet.specs import NetSpec


def inner_blocks(spec: NetSpec, stage: int) -> tuple[str, ...]:
    """The blocks of a stage behind its change of size: within them all outputs have one shape."""
    inside = [shape for shape in block_shapes(spec) if shape.name.startswith(f"stage{stage}.")]
    return tuple(shape.name for shape in inside if not shape.resized)


def obstacles(spec: NetSpec) -> list[str]:
    """Why the equations are not exact in this net, one sentence each; empty where they are."""
    sentences = []
    if after_order(spec):
        sentences.append(_("Something follows the addition, so a block's output is not the sum itself."))
    if spec.shortcut in ("C", "conv"):
        sentences.append(_("Every shortcut is a convolution: no identity is left."))
    if spec.shortcut in ("gate", "exclusive"):
        sentences.append(_("Gates let only a part of the input pass."))
    if spec.shortcut == "exclusive":
        sentences.append(_("The same gates weaken the branch."))
    if spec.shortcut == "scale" and spec.shortcut_scale != 1:
        sentences.append(_("Every shortcut is multiplied by {factor:g}.", factor=spec.shortcut_scale))
    if spec.shortcut == "dropout":
        sentences.append(_("Dropout cuts half of the shortcut's values and doubles the others."))
    return sentences
