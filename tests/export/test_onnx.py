"""The ONNX file gives our net's logits for any number of images."""

import numpy as np
import pytest
import torch

from resnet.export.metadata import metadata
from resnet.export.onnx import to_onnx
from resnet.export.packages import missing
from resnet.nets.network import build_network
from resnet.specs import NetSpec, Recipe


@pytest.mark.skipif(bool(missing()), reason="the optional packages onnx and onnxscript are not installed")
@pytest.mark.parametrize("name", ["res-8-w4", "plain-8-w4-nobn-tanh", "res-14-w4-gate-p0.5-preact-gn"])
@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # onnxscript's own
def test_the_file_gives_the_nets_logits(name):
    import onnx
    from onnx.reference import ReferenceEvaluator

    net = build_network(NetSpec.parse(name))
    model = onnx.load_from_string(to_onnx(net, (3, 32, 32)))
    for count in (1, 3):
        images = torch.randn(count, 3, 32, 32, generator=torch.Generator().manual_seed(0))
        found = ReferenceEvaluator(model).run(None, {"images": images.numpy()})[0]
        with torch.no_grad():
            np.testing.assert_allclose(found, net(images).numpy(), atol=1e-4)


@pytest.mark.skipif(bool(missing()), reason="the optional packages onnx and onnxscript are not installed")
@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # onnxscript's own
def test_the_file_says_what_the_net_is_and_how_pictures_become_its_input():
    import onnx

    spec, recipe = NetSpec.parse("res-8-w4"), Recipe(data="digits")
    about = metadata(spec, recipe)
    model = onnx.load_from_string(to_onnx(build_network(spec, channels=1), (1, 32, 32), about))
    onnx.checker.check_model(model)
    assert about.items() <= {prop.key: prop.value for prop in model.metadata_props}.items()
    assert model.graph.input[0].name == "images"
    assert model.graph.input[0].doc_string == about["input"]
