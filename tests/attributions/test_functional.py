"""ReLU as a function: the net computes the same, and methods that hook modules go wrong without a word."""

import torch
from torch import nn

from resnet import NetSpec, build_network
from resnet.attributions.functional import effects, functional
from resnet.runs.tasks import notes


def test_a_net_with_functions_computes_the_same_and_is_a_copy() -> None:
    net = build_network(NetSpec.parse("res-8-w4"), seed=0).eval()
    other = functional(net)
    images = torch.randn(2, 3, 32, 32, generator=torch.Generator().manual_seed(0))
    assert torch.equal(net(images), other(images))
    assert not any(isinstance(module, nn.ReLU) for module in other.modules())
    assert any(isinstance(module, nn.ReLU) for module in net.modules())


def test_guided_backprop_becomes_the_gradient_and_deep_lift_misses_its_sum() -> None:
    net = build_network(NetSpec.parse("res-8-w4"), seed=0).eval()
    generator = torch.Generator().manual_seed(0)
    with torch.no_grad():  # without biases the gradient times the input would add up, too
        for weights in net.parameters():
            if weights.ndim == 1:
                weights.add_(torch.randn(weights.shape, generator=generator))
    images = torch.randn(2, 3, 32, 32, generator=generator)
    found = effects(net, images, torch.tensor([1, 2]))
    sound, blind = found["guided"]
    assert blind > 0.999999
    assert sound < 0.9
    kept, missed = found["gap"]
    assert kept < 1e-3
    assert missed > 10 * kept
    assert found["outputs"] == (0.0, 0.0)


def test_the_wrong_class_is_what_python_says_of_it() -> None:
    assert notes.wrong_class() == "NameError: name 'Net' is not defined"
