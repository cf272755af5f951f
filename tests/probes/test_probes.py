from functools import cache

import numpy as np
import pytest
import torch
from torch.nn import functional as F

from resnet import catalog
from resnet.nets.network import build_network
from resnet.nets.structure import probed_names, response_names
from resnet.probes import PROBES, capture
from resnet.probes.capture import mean_and_std, norms
from resnet.specs import NetSpec, Recipe
from resnet.training.measuring import measure, measure_all

GENERATOR = torch.Generator().manual_seed(0)
IMAGES = torch.randn(4, 3, 32, 32, generator=GENERATOR)
LABELS = torch.tensor([1, 3, 5, 7])


def test_every_record_has_its_code_and_every_code_its_record():
    assert set(PROBES) == set(catalog.PROBES)


@cache
def all_probes(spec):
    """Every probe of a net, measured once for the tests of each."""
    return measure_all(build_network(spec), IMAGES, LABELS, Recipe())


# Of a branch that is multiplied by zero, of one that sits out this step, and before a head of zeros nothing comes back.
FROM_THE_GRADIENT = {"output_gradient", "gain", "gradient_norm", "gradient_to_weight", "update_to_weight"}


@pytest.mark.parametrize("probe", list(catalog.PROBES))
def test_one_value_per_layer_in_layer_order(probe, small_spec):
    values = all_probes(small_spec)[probe]
    assert values.shape == (len(probed_names(small_spec, catalog.PROBES[probe].of)),)
    assert values.dtype == np.float32
    silent = small_spec.zero_gamma or small_spec.fixup or small_spec.survival < 1
    if probe == "dead_units":
        assert ((values >= 0) & (values <= 1)).all()
    elif probe == "response_mean":
        assert np.isfinite(values).all()
    elif not silent:
        assert np.isfinite(values).all()
        assert (values > 0).all()
    else:  # exact zeros stay zero, and what is divided by zero is not finite rather than something else
        assert np.isfinite(values).all() or probe in FROM_THE_GRADIENT
        assert not (values < 0).any()


@pytest.mark.parametrize("name", ["res-8-w4-zerogamma", "res-8-w4-nobn-fixup"])
def test_a_branch_that_ends_in_zero_gives_its_weights_no_gradient_at_the_start(name):
    spec = NetSpec.parse(name)
    gradients = dict(
        zip(probed_names(spec, catalog.PROBES["gradient_norm"].of), all_probes(spec)["gradient_norm"], strict=True)
    )
    inner = [value for layer, value in gradients.items() if ".branch.conv1" in layer]
    assert inner == [0, 0, 0]


@pytest.mark.parametrize("probe", list(catalog.PROBES))
def test_a_probe_alone_is_the_same_as_among_all(probe):
    spec = NetSpec.parse("res-8-w4")
    assert np.array_equal(measure(probe, build_network(spec), IMAGES, LABELS), all_probes(spec)[probe])


@pytest.mark.parametrize("name", ["plain-8-w4-nobn", "res-8-w4-nobn"])
def test_weight_gradients_equal_finite_differences_in_float64(name):
    net = build_network(NetSpec.parse(name)).double()
    images = IMAGES.double()
    for layer, weight in zip((1, 4, 7), (net.weights()[i] for i in (1, 4, 7)), strict=True):
        gradient = measure("gradient_norm", net, images, LABELS)[layer]
        assert gradient == pytest.approx(central_difference_norm(net, weight, images), rel=1e-4)


def central_difference_norm(net, weight, images, h=1e-6):
    """‖∂L/∂W‖ entry by entry, without autograd."""
    total = 0.0
    flat = weight.data.view(-1)
    with torch.no_grad():
        for index in range(flat.numel()):
            before = flat[index].item()
            values = []
            for sign in (1, -1):
                flat[index] = before + sign * h
                values.append(F.cross_entropy(net(images), LABELS).item())
            flat[index] = before
            total += ((values[0] - values[1]) / (2 * h)) ** 2
    return total**0.5


def test_output_gradients_equal_a_hand_unrolled_net():
    net = build_network(NetSpec.parse("res-8-w4"))
    values = measure("output_gradient", net, IMAGES, LABELS)
    x = net.stem(IMAGES)
    outputs = [x]
    for block in (net.stage1.block1, net.stage2.block1, net.stage3.block1):
        branch = block.branch(outputs[-1])
        outputs.append(torch.relu(branch + block.shortcut(outputs[-1])))
    gradients = torch.autograd.grad(F.cross_entropy(net.head(outputs[-1]), LABELS), outputs)
    assert values == pytest.approx([gradient.norm().item() for gradient in gradients], rel=1e-5)


def test_activation_std_is_that_of_the_block_outputs():
    net = build_network(NetSpec.parse("plain-8-w4-tanh"))
    values = measure("activation_std", net, IMAGES, LABELS)
    x = net.stem(IMAGES)
    assert values[0] == pytest.approx(x.std().item(), rel=1e-6)
    assert values[1] == pytest.approx(net.stage1(x).std().item(), rel=1e-6)


def test_a_probe_leaves_no_trace():
    net = build_network(NetSpec.parse("res-8-w4"))
    F.cross_entropy(net(IMAGES), LABELS).backward()
    state = {name: value.clone() for name, value in net.state_dict().items()}
    gradients = [weight.grad.clone() for weight in net.parameters()]
    measure_all(net, IMAGES, LABELS)
    assert net.training
    assert not any(module._forward_hooks for module in net.modules())
    assert all(torch.equal(value, state[name]) for name, value in net.state_dict().items())
    assert all(torch.equal(w.grad, gradient) for w, gradient in zip(net.parameters(), gradients, strict=True))


def test_hooks_are_gone_after_an_exception():
    net = build_network(NetSpec.parse("res-8-w4"))
    with pytest.raises(RuntimeError), capture(net):
        net(torch.zeros(1, 5, 32, 32))
    assert not any(module._forward_hooks for module in net.modules())
    with pytest.raises(IndexError):
        measure_all(net, IMAGES, LABELS + 10)
    assert all(weight.grad is None for weight in net.parameters())


def test_exact_zeros_stay_zero_and_nan_stays_nan():
    # Default init without a norm: the gradient underflows on its way to the input.
    dead = build_network(NetSpec.parse("plain-110-nobn-torchinit"))
    assert measure("gradient_norm", dead, IMAGES, LABELS)[0] == 0
    broken = build_network(NetSpec.parse("res-8-w4"))
    broken.stage2.block1.branch.conv1.weight.data.fill_(float("nan"))
    assert np.isnan(measure("gradient_norm", broken, IMAGES, LABELS)).all()


def test_a_tiny_gradient_is_not_rounded_to_zero():
    # In float32 the square of 1e-30 underflows: summed that way, plain-56 would seem to have a gradient of exactly 0.
    assert norms([torch.tensor([3e-30, 4e-30])]).item() == pytest.approx(5e-30)
    small = build_network(NetSpec.parse("plain-56-nobn-torchinit"))
    assert 1e-27 < measure("gradient_norm", small, IMAGES, LABELS)[0] < 1e-21


@pytest.mark.parametrize(
    ("scale", "shift"), [(1.0, 0.0), (1.0, 3.0), (1e-30, 0.0), (1e30, 0.0), (1.0, 1e5), (0.0, 2.0)]
)
def test_mean_and_deviation_are_right_where_squares_underflow_overflow_or_cancel(scale, shift):
    output = scale * IMAGES.contiguous(memory_format=torch.channels_last) + shift
    deviation, mean = torch.std_mean(output.double())
    assert mean_and_std(output).tolist() == pytest.approx([mean.item(), deviation.item()], rel=1e-5, abs=1e-7 * scale)


def test_mean_and_deviation_of_what_is_no_number_are_none():
    assert mean_and_std(IMAGES / 0 - IMAGES / 0).isnan().all()


@pytest.mark.gpu
@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a CUDA device")
def test_norms_on_the_gpu_are_summed_in_float64_whatever_the_layout():
    generator = torch.Generator().manual_seed(0)
    tensors = [scale * torch.randn(16, 8, 3, 3, generator=generator) for scale in (1e-30, 1.0, 1e30)]
    tensors += [tensors[1].to(memory_format=torch.channels_last), torch.zeros(10, 64)]
    expected = [tensor.double().norm().item() for tensor in tensors]
    assert norms([tensor.cuda() for tensor in tensors]).tolist() == pytest.approx(expected, rel=1e-6, abs=0)


@pytest.mark.parametrize(
    ("name", "low", "high"),
    [  # measured: 14 / 2.8e3 plain with batch norm at 20 / 56; 1.8 / 6.1 residual; 1e-12 sigmoid
        ("plain-20-w16-s1", 4, 60),
        ("plain-56-w16-s1", 7e2, 1.2e4),
        ("res-20-w16-s1", 0.5, 8),
        ("res-56-w16-s1", 1.5, 30),
        ("plain-20-nobn-sigmoid", 1e-14, 1e-9),
    ],
)
def test_first_to_last_gradient_at_the_start_has_the_measured_size(name, low, high):
    values = measure("gradient_norm", build_network(NetSpec.parse(name)), IMAGES, LABELS)
    assert low < values[0] / values[-2] < high


def test_the_gains_multiply_to_the_whole_way_of_the_gradient():
    net = build_network(NetSpec.parse("plain-20-w4"))
    gradients = measure("output_gradient", net, IMAGES, LABELS)
    gains = measure("gain", net, IMAGES, LABELS)
    assert gains == pytest.approx(gradients[:-1] / gradients[1:], rel=1e-5)
    assert np.prod(gains.astype(float)) == pytest.approx(gradients[0] / gradients[-1], rel=1e-4)


def test_the_update_probe_is_the_first_step_of_sgd_and_is_taken_back():
    net = build_network(NetSpec.parse("res-8-w4"))
    recipe = Recipe(optimizer="sgd", lr=0.1)
    before = {name: tensor.clone() for name, tensor in net.state_dict().items()}
    measured = measure_all(net, IMAGES, LABELS, recipe)
    # ΔW = -lr ∂L/∂W in the first step
    assert measured["update_to_weight"] == pytest.approx(0.1 * measured["gradient_to_weight"], rel=1e-4)
    weights = np.array([weight.norm().item() for weight in net.weights()])
    assert measured["gradient_to_weight"] == pytest.approx(measured["gradient_norm"] / weights, rel=1e-5)
    assert all(torch.equal(tensor, before[name]) for name, tensor in net.state_dict().items())
    assert "update_to_weight" not in measure_all(net, IMAGES, LABELS)


@pytest.mark.parametrize("name", ["res-8-w4", "res-8-w4-preact", "res-11-bottleneck-w4-relupre", "plain-8-w4-nobn"])
def test_responses_are_taken_behind_the_norm_and_before_what_follows(name):
    net = build_network(NetSpec.parse(name))
    seen = {}
    for path, module in net.named_modules():
        module.register_forward_hook(lambda _m, _i, out, path=path: seen.update({path: out.detach()}))
    net(IMAGES)
    measured = measure_all(net, IMAGES, LABELS)
    paths = response_names(net.spec)
    assert len(paths) == net.spec.depth - 1
    for path, mean, std in zip(paths, measured["response_mean"], measured["response_std"], strict=True):
        assert std == pytest.approx(seen[path].std().item(), rel=1e-4)
        assert mean == pytest.approx(seen[path].mean().item(), rel=1e-4, abs=1e-6)


def test_behind_batch_norm_the_spread_of_the_responses_is_one_at_the_start():
    assert measure("response_std", build_network(NetSpec.parse("plain-20")), IMAGES, LABELS) == pytest.approx(
        1, abs=0.02
    )


def test_a_channel_that_is_cut_to_zero_is_counted_as_dead():
    net = build_network(NetSpec.parse("res-8-w4"))
    assert measure("dead_units", net, IMAGES, LABELS)[0] == 0
    with torch.no_grad():
        net.stem.norm.weight[0], net.stem.norm.bias[0] = 0, -1
    assert measure("dead_units", net, IMAGES, LABELS)[0] == pytest.approx(0.25)
