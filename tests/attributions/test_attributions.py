import copy
from functools import cache

import captum.attr
import numpy as np
import pytest
import torch
from torch import nn

from resnet import catalog
from resnet.attributions.attribute import METHODS, attribute, baseline
from resnet.attributions.untouched import own_inputs
from resnet.nets.network import build_network
from resnet.specs import NetSpec

PATCH, STRIDE = 8, 4  # a quarter and an eighth of 32 pixels
IMAGES = torch.randn(2, 3, 32, 32, generator=torch.Generator().manual_seed(0))
TARGETS = torch.tensor([1, 2])


def settled(name):
    """A net of one's own whose batch norm fits random images."""
    return copy.deepcopy(settled_once(name))


@cache
def settled_once(name):
    net = build_network(NetSpec.parse(name)).train()
    for _ in range(30):
        net(IMAGES)
    return net.eval()


def scores(net, images):
    return net(images).gather(1, TARGETS[:, None])[:, 0]


def test_every_record_has_its_code_and_every_code_its_record():
    assert set(METHODS) == set(catalog.METHODS)


@pytest.fixture
def _few_samples(monkeypatch):
    """Shape and sign of a map do not depend on how often a method asks the net."""
    for constant, count in (("kernel_shap.SAMPLES", 32), ("lime.SAMPLES", 32), ("shapley_sampling.ORDERS", 1)):
        monkeypatch.setattr(f"resnet.attributions.{constant}", count)


@pytest.mark.parametrize("method", list(catalog.METHODS))
@pytest.mark.usefixtures("_few_samples")
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


class Quadratic(nn.Module):
    """f_c(x) = Σ w_c x²: integrated gradients are w (x² - x₀²)."""

    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(3 * 32 * 32, 10, bias=False)

    def forward(self, x):
        return self.fc(x.flatten(1) ** 2)


def test_integrated_gradients_of_a_quadratic_net_are_known_for_any_baseline():
    torch.manual_seed(1)
    net = Quadratic()
    x0 = torch.randn(IMAGES.shape, generator=torch.Generator().manual_seed(5))
    weights = net.fc.weight[TARGETS].reshape(IMAGES.shape).detach()
    found = attribute("integrated_gradients", net, IMAGES, TARGETS, baselines=x0)
    torch.testing.assert_close(found, weights * (IMAGES**2 - x0**2), rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("kind", list(catalog.BASELINES))
@pytest.mark.parametrize("method", ["integrated_gradients", "deep_lift", "shapley_sampling", "conductance"])
def test_shares_add_up_to_the_difference_to_the_chosen_baseline(method, kind):
    net = settled("res-14-w4")
    x0 = baseline(kind, IMAGES, torch.tensor([-1.5, -1.4, -1.6]))
    assert x0.shape == IMAGES.shape
    total = attribute(method, net, IMAGES, TARGETS, baselines=x0).sum((1, 2, 3))
    difference = scores(net, IMAGES) - scores(net, x0)
    tolerance = 1e-3 if method in ("deep_lift", "shapley_sampling") else 0.15
    torch.testing.assert_close(total, difference, rtol=tolerance, atol=tolerance)


def test_baselines_are_what_their_records_say():
    black = torch.tensor([-1.0, -2.0, -3.0])
    assert torch.equal(baseline("mean", IMAGES), torch.zeros_like(IMAGES))
    assert torch.equal(baseline("black", IMAGES, black)[1, :, 3, 4], black)
    assert baseline("blur", IMAGES).std() < 0.3 * IMAGES.std()
    noise = baseline("noise", IMAGES)
    assert torch.equal(noise[0], noise[1])
    assert torch.equal(noise, baseline("noise", IMAGES))


@pytest.mark.parametrize("method", ["guided_backprop", "deconvolution"])
def test_guided_methods_equal_the_gradient_in_a_net_without_relu_and_differ_with_it(method):
    for net_name, same in (("res-8-w4-tanh", True), ("res-8-w4", False)):
        net = settled(net_name)
        gradient = attribute("saliency", net, IMAGES, TARGETS)
        assert torch.allclose(attribute(method, net, IMAGES, TARGETS), gradient, atol=1e-6) == same
    assert "tanh" in catalog.METHODS[method].not_with


def test_guided_backprop_is_right_where_a_shortcut_reads_what_a_relu_reads():
    # In the order "activation first" the block's input goes to the ReLU and to the addition: cutting the gradient of
    # the one must not cut the other's.
    net = settled("res-14-w4-relupre")
    block = net.stage1.block2
    x = net.stage1.block1(net.stem(IMAGES)).detach().requires_grad_()
    (expected,) = torch.autograd.grad(block(x).sum(), x)
    with own_inputs(block):
        (found,) = torch.autograd.grad(block(x).sum(), x)
    assert torch.equal(found, expected)


def test_grad_cam_of_every_stage_equals_a_hand_computation():
    net = settled("res-14-w4")
    for stage in (1, 2, 3):
        x = net.stem(IMAGES)
        seen = None
        for number, part in enumerate(net.stages(), start=1):
            x = part(x)
            if number == stage:
                seen = x
        (gradient,) = torch.autograd.grad(net.head(x).gather(1, TARGETS[:, None]).sum(), seen)
        cam = (gradient.mean((2, 3), keepdim=True) * seen).sum(1, keepdim=True).relu()
        expected = torch.nn.functional.interpolate(cam, (32, 32), mode="bilinear")
        found = attribute("grad_cam", net, IMAGES, TARGETS, stage=stage)
        torch.testing.assert_close(found.sum(1, keepdim=True), expected, rtol=1e-4, atol=1e-6)


def test_feature_ablation_equals_replacing_each_cell_by_hand():
    net = settled("res-8-w4")
    found = attribute("feature_ablation", net, IMAGES, TARGETS)
    full = scores(net, IMAGES)
    for row, column in ((0, 0), (3, 5), (7, 7)):
        covered = IMAGES.clone()
        covered[:, :, 4 * row : 4 * row + 4, 4 * column : 4 * column + 4] = 0
        share = found[:, :, 4 * row : 4 * row + 4, 4 * column : 4 * column + 4].sum((1, 2, 3))
        torch.testing.assert_close(share, full - scores(net, covered), rtol=1e-4, atol=1e-5)


def test_on_an_additive_net_shapley_values_kernel_shap_and_ablation_agree():
    torch.manual_seed(0)
    net = Linear()
    expected = attribute("feature_ablation", net, IMAGES, TARGETS)
    for method in ("shapley_sampling", "kernel_shap"):
        torch.testing.assert_close(attribute(method, net, IMAGES, TARGETS), expected, rtol=1e-2, atol=1e-3)


@pytest.mark.parametrize("method", list(catalog.METHODS))
def test_the_same_question_has_the_same_answer_and_the_global_state_is_not_used(method):
    net = settled("res-8-w4")
    before = torch.get_rng_state(), np.random.get_state()[1].copy()
    first = attribute(method, net, IMAGES[:1], TARGETS[:1])
    torch.rand(3)
    torch.set_rng_state(before[0])
    assert torch.equal(first, attribute(method, net, IMAGES[:1], TARGETS[:1]))
    assert torch.equal(before[0], torch.get_rng_state())
    assert np.array_equal(before[1], np.random.get_state()[1])


@pytest.mark.parametrize(
    ("method", "direct"),
    [
        ("saliency", lambda net: captum.attr.Saliency(net).attribute(IMAGES, target=TARGETS, abs=False)),
        ("input_x_gradient", lambda net: captum.attr.InputXGradient(net).attribute(IMAGES, target=TARGETS)),
        (
            "integrated_gradients",
            lambda net: captum.attr.IntegratedGradients(net).attribute(IMAGES, target=TARGETS, n_steps=32),
        ),
        ("deep_lift", lambda net: captum.attr.DeepLift(net).attribute(IMAGES, target=TARGETS)),
        ("guided_backprop", lambda net: captum.attr.GuidedBackprop(net).attribute(IMAGES, target=TARGETS)),
    ],
)
@pytest.mark.filterwarnings("ignore::UserWarning")
def test_methods_equal_captum_called_directly(method, direct):
    net = settled("res-8-w4")
    torch.testing.assert_close(attribute(method, net, IMAGES, TARGETS), direct(net).detach(), rtol=1e-4, atol=1e-6)
