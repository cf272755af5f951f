"""Nets to take away that need torch to be written."""

from resnet.runs.store.states import State
from resnet.runs.tasks.loading import trained
from resnet.specs import NetSpec, Recipe


def onnx_file(spec: NetSpec, recipe: Recipe, state: State | None) -> bytes:
    """The net as ONNX: with the weights of `state`, untrained (step 0) with None."""
    from resnet.export.metadata import metadata
    from resnet.export.onnx import to_onnx

    net, dataset = trained(spec, recipe, state)
    _count, *shape = dataset.train.images.shape
    return to_onnx(net, (shape[0], shape[1], shape[2]), metadata(spec, recipe))
