import pytest
import torch
from torch import nn

from resnet import catalog
from resnet.attributions import METHODS, attribute
from resnet.network import build_network
from resnet.specs import NetSpec

PATCH, STRIDE = 8, 4  # a quarter and an eighth of 32 pixels
IMAGES = torch.randn(2, 3, 32, 32, generator=torch.Generator().manual_seed(0))
TARGETS = torch.tensor([1, 2])


def settled(name):
    """A net whose batch norm fits random images."""
    net = build_network(NetSpec.parse(name)).train()
    for _ in range(30):
        net(IMAGES)
    return net.eval()


def scores(net, images):
    return net(images).gather(1, TARGETS[:, None])[:, 0]


def test_every_record_has_its_code_and_every_code_its_record():
    assert set(METHODS) == set(catalog.METHODS)


@pytest.mark.parametrize("method", list(catalog.METHODS))
def test_a_map_has_the_shape_of_the_image_and_its_stated_sign(method, small_spec):
    net = settled(str(small_spec))
    maps = attribute(method, net, IMAGES, TARGETS)
    assert maps.shape == IMAGES.shape
    assert maps.isfinite().all()
    assert not maps.requires_grad
    if not catalog.METHODS[method].signed:
        assert (maps >= 0).all()


@pytest.mark.parametrize("method", [name for name, record in catalog.METHODS.items() if record.completeness])
@pytest.mark.parametrize("name", ["res-8-w4", "plain-8-w4-leaky", "res-8-w4-optb", "res-8-w4-tanh-xavier"])
def test_the_map_adds_up_to_the_difference_to_the_baseline(method, name):
    net = settled(name)
    difference = scores(net, IMAGES) - scores(net, torch.zeros_like(IMAGES))
    total = attribute(method, net, IMAGES, TARGETS).sum((1, 2, 3))
    # DeepLift adds up exactly; 32 points of an integral along kinks do not.
    tolerance = 1e-3 if method == "deep_lift" else 0.1
    torch.testing.assert_close(total, difference, rtol=tolerance, atol=tolerance)


class Linear(nn.Module):
    """f(x) = W x: a net of which every attribution is known."""

    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(3 * 32 * 32, 10, bias=False)

    def forward(self, x):
        return self.fc(x.flatten(1))


def test_on_a_linear_net_gradients_are_the_weights_and_shares_are_weight_times_input():
    torch.manual_seed(0)
    net = Linear()
    weights = net.fc.weight[TARGETS].reshape(IMAGES.shape).detach()
    torch.testing.assert_close(attribute("saliency", net, IMAGES, TARGETS), weights)
    torch.testing.assert_close(
        attribute("integrated_gradients", net, IMAGES, TARGETS), weights * IMAGES, rtol=1e-4, atol=1e-6
    )


def test_occlusion_equals_covering_by_hand():
    net = settled("res-8-w4")
    image, target = IMAGES[:1], TARGETS[:1]
    expected, count = torch.zeros(32, 32), torch.zeros(32, 32)
    with torch.no_grad():
        full = net(image)[0, target]
        for y in range(0, 32 - PATCH + 1, STRIDE):
            for x in range(0, 32 - PATCH + 1, STRIDE):
                covered = image.clone()
                covered[:, :, y : y + PATCH, x : x + PATCH] = 0
                expected[y : y + PATCH, x : x + PATCH] += full - net(covered)[0, target]
                count[y : y + PATCH, x : x + PATCH] += 1
    found = attribute("occlusion", net, image, target)[0].sum(0)
    torch.testing.assert_close(found, expected / count, rtol=1e-3, atol=1e-5)


def test_grad_cam_equals_the_hand_computation():
    net = settled("res-8-w4")
    features = net.stage3(net.stage2(net.stage1(net.stem(IMAGES)))).detach().requires_grad_()
    net.head(features).gather(1, TARGETS[:, None]).sum().backward()
    cam = (features.grad.mean((2, 3), keepdim=True) * features).sum(1, keepdim=True).relu()
    expected = nn.functional.interpolate(cam, (32, 32), mode="bilinear")[:, 0].detach()
    torch.testing.assert_close(attribute("grad_cam", net, IMAGES, TARGETS).sum(1), expected)


@pytest.mark.parametrize("method", list(catalog.METHODS))
@pytest.mark.parametrize("fails", [False, True])
def test_explaining_leaves_the_net_as_it_was_after_an_exception_too(method, fails):
    net = settled("res-8-w4").train()
    net.zero_grad()
    net(IMAGES).sum().backward()
    state = {name: value.clone() for name, value in net.state_dict().items()}
    gradients = [weight.grad.clone() for weight in net.parameters()]
    hooks = [hook for module in net.modules() for hook in (*module._forward_hooks, *module._forward_pre_hooks)]
    images = IMAGES.clone()
    if fails:
        net.head.fc.register_forward_hook(explode)
        with pytest.raises(ZeroDivisionError):
            attribute(method, net, images, TARGETS)
        net.head.fc._forward_hooks.clear()
    else:
        attribute(method, net, images, TARGETS)
    assert all(module.training for module in net.modules())
    assert torch.equal(images, IMAGES)
    assert images.grad is None
    assert not images.requires_grad
    assert all(torch.equal(value, state[name]) for name, value in net.state_dict().items())
    assert all(torch.equal(w.grad, gradient) for w, gradient in zip(net.parameters(), gradients, strict=True))
    after = [hook for module in net.modules() for hook in (*module._forward_hooks, *module._forward_pre_hooks)]
    assert after == hooks
    assert not any(module._backward_hooks or module._backward_pre_hooks for module in net.modules())


def explode(_module, _inputs, _output):
    raise ZeroDivisionError
