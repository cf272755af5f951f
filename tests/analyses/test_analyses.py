"""The equations of 2016, shattered gradients and path lengths against closed forms and the measured facts."""

import numpy as np
import pytest
import torch
from torch.nn import functional as F

from resnet.analyses.equations import equations
from resnet.analyses.paths import path_lengths
from resnet.analyses.series import autocorrelation, reference
from resnet.analyses.shattered import over_pairs, shattered
from resnet.analyses.stages import inner_blocks, obstacles
from resnet.datasets import load_dataset
from resnet.datasets.batches import Batches
from resnet.nets.network import build_network
from resnet.specs import NetSpec

IMAGES = torch.randn(8, 3, 32, 32, generator=torch.Generator().manual_seed(0))
LABELS = torch.arange(8)
EXACT = ["res-20-preact", "res-56-preact", "res-29-bottleneck-preact", "res-20-preact-optb", "res-20-relupre-nobn"]
DEVIATING = [
    "res-20",
    "res-20-bnafter",
    "res-20-preact-optc",
    "res-20-preact-gate",
    "res-20-preact-exgate",
    "res-20-preact-scale",
]


def net_of(name, dtype=torch.float32):
    return build_network(NetSpec.parse(name)).to(dtype)


@pytest.mark.parametrize("stage", [1, 2, 3])
@pytest.mark.parametrize("name", EXACT)
@pytest.mark.parametrize(("dtype", "error"), [(torch.float32, 1e-6), (torch.float64, 1e-12)])
def test_with_an_identity_and_nothing_after_the_addition_both_equations_are_exact(name, stage, dtype, error):
    found = equations(net_of(name, dtype), IMAGES.to(dtype), LABELS, stage)
    assert found.forward < error
    assert found.backward < error
    assert not obstacles(NetSpec.parse(name))


@pytest.mark.parametrize("name", DEVIATING)
def test_elsewhere_the_equations_deviate_and_the_reason_is_given(name):
    found = equations(net_of(name), IMAGES, LABELS, 1)
    assert found.forward > 1e-4
    assert found.backward > 1e-4
    assert obstacles(NetSpec.parse(name))


def test_the_terms_are_those_of_a_net_unrolled_by_hand():
    net = net_of("res-14-preact", torch.float64)
    found = equations(net, IMAGES.double(), LABELS, 1)
    x0 = net.stem(IMAGES.double())
    x1 = x0 + net.stage1.block1.branch(x0)
    x2 = x1 + net.stage1.block2.branch(x1)
    loss = F.cross_entropy(net.head(net.stage3(net.stage2(x2))), LABELS)
    g0, g1, g2 = torch.autograd.grad(loss, (x0, x1, x2))
    assert found.names == ("stage1.block1", "stage1.block2")
    assert found.direct == pytest.approx(g2.norm().item())
    assert found.total == pytest.approx([g0.norm().item(), g1.norm().item()])
    assert found.branch == pytest.approx([(g0 - g2).norm().item(), (g1 - g2).norm().item()])
    assert found.sums[-1] == pytest.approx((x2 - x0).norm().item())
    cosine = torch.cosine_similarity((g0 - g2).flatten(), g2.flatten(), dim=0).item()
    assert found.cosine[0] == pytest.approx(cosine)


def test_a_stage_begins_behind_its_change_of_size():
    assert inner_blocks(NetSpec.parse("res-20"), 2) == ("stage2.block2", "stage2.block3")
    assert inner_blocks(NetSpec.parse("res-20"), 1)[0] == "stage1.block1"
    assert inner_blocks(NetSpec.parse("res-29-bottleneck"), 1)[0] == "stage1.block2"  # the first widens the channels


def test_a_plain_net_has_no_sum_and_one_path():
    for analysis in (lambda net: equations(net, IMAGES, LABELS, 1), lambda net: path_lengths(net, IMAGES, LABELS)):
        with pytest.raises(ValueError, match="plain"):
            analysis(net_of("plain-8"))


@pytest.mark.parametrize(
    ("name", "expected"),
    [  # measured once, lag-1 autocorrelation over 256 points
        ("plain-8", 0.93),
        ("plain-20", 0.55),
        ("plain-56", -0.01),
        ("res-8", 0.96),
        ("res-20", 0.93),
        ("res-56", 0.83),
    ],
)
def test_the_autocorrelation_of_the_gradient_is_the_measured_one(name, expected):
    test = Batches(load_dataset("shapes"), load_dataset("shapes").test, torch.device("cpu"))
    (start, end), _labels = test.take(torch.tensor([0, 1]))
    assert shattered(net_of(name), start, end, 0).correlation[1] == pytest.approx(expected, abs=0.1)


def test_pairs_are_averaged_by_both_statistics_and_frozen_ones_make_a_point_stand_alone():
    # Measured over eight pairs, seed 0: plain-20 .53 by the statistics of the points, .72 by frozen ones.
    data = load_dataset("shapes")
    test, train = (Batches(data, split, torch.device("cpu")) for split in (data.test, data.train))
    images, labels = test.take(torch.arange(4))
    net = net_of("plain-20")
    found = over_pairs(net, images, labels, train)
    alone = [shattered(net, images[at], images[at + 1], int(labels[at])).correlation for at in (0, 2)]
    assert found.correlation == pytest.approx(np.mean(alone, 0), abs=1e-6)
    assert found.neighbours == pytest.approx([one[1] for one in alone], abs=1e-6)
    assert found.neighbours.mean() == pytest.approx(0.53, abs=0.06)
    assert found.frozen.mean() == pytest.approx(0.72, abs=0.1)
    assert net.training


def test_with_frozen_statistics_the_gradient_at_a_point_is_that_of_its_own_logit():
    net = net_of("res-8-w4", torch.float64).eval()
    start, end = IMAGES[:2].double()
    series = shattered(net, start, end, target=3, points=5, lags=1)
    middle = ((start + end) / 2)[None].requires_grad_()
    (own,) = torch.autograd.grad(net(middle)[0, 3], middle)
    assert series.slope[2] == pytest.approx(float((own[0] * (end - start)).sum()))
    together = shattered(net.train(), start, end, target=3, points=5, lags=1)
    (own,) = torch.autograd.grad(net(middle)[0, 3], middle)
    assert together.slope[2] != pytest.approx(float((own[0] * (end - start)).sum()), rel=0.05)


def test_the_slope_is_the_derivative_of_the_logit_along_the_way():
    net = net_of("res-8-w4-tanh-nobn", torch.float64)
    start, end = IMAGES[:2].double()
    found = shattered(net, start, end, target=3, points=5, lags=2)
    h = 1e-6
    for t, slope in zip(np.linspace(0, 1, 5), found.slope, strict=True):
        ahead, behind = (net((start * (1 - s) + end * s)[None])[0, 3].item() for s in (t + h, t - h))
        assert slope == pytest.approx((ahead - behind) / (2 * h), rel=1e-5)


def test_the_autocorrelation_of_known_series():
    wave = np.cos(2 * np.pi * np.arange(1_000) / 50)[:, None]
    assert autocorrelation(wave, 50)[[0, 25, 50]] == pytest.approx([1, -0.975, 0.95], abs=0.01)  # (1 - lag/n) cos
    assert np.isnan(autocorrelation(np.ones((10, 2)), 3)).all()
    assert reference("white", 256, 4)[1:] == pytest.approx(0, abs=0.02)
    assert reference("brown", 256, 4)[1] == pytest.approx(0.98, abs=0.01)


def test_paths_are_counted_by_the_binomial_coefficient():
    found = path_lengths(net_of("res-8-w4-preact"), IMAGES, LABELS, samples=1)
    assert found.blocks == 3
    assert found.lengths.tolist() == [0, 1, 2, 3]
    assert found.share == pytest.approx([1 / 8, 3 / 8, 3 / 8, 1 / 8])
    assert found.total.sum() == pytest.approx(1)


def test_paths_add_up_to_the_gradient_and_cancel_on_the_way():
    net = net_of("res-8-w4-preact", torch.float64)
    found = path_lengths(net, IMAGES.double(), LABELS, samples=40)
    x = net.stem(IMAGES.double()).detach().requires_grad_()
    loss = F.cross_entropy(net.head(net.stage3(net.stage2(net.stage1(x)))), LABELS)
    whole = torch.autograd.grad(loss, x)[0].norm().item()
    assert found.kept == pytest.approx(whole / (8 * (found.share * found.gradient).sum()))
    assert 0.3 < found.kept < 1


def test_the_standard_error_is_that_of_repeated_samples():
    net = net_of("res-14-w4")
    found = [path_lengths(net, IMAGES, LABELS, seed, samples=8) for seed in range(12)]
    spread = np.std([one.total for one in found], axis=0, ddof=1)
    told = np.sqrt(np.mean([one.error**2 for one in found], axis=0))
    at = found[0].total > 0.1
    assert told[at] == pytest.approx(spread[at], rel=0.6)
    assert (told[at] < 0.05).all()


def test_the_path_past_all_blocks_and_the_path_through_all_are_those_by_hand():
    net = net_of("res-8-w4-preact", torch.float64)
    found = path_lengths(net, IMAGES.double(), LABELS, samples=1)
    x = net.stem(IMAGES.double()).detach().requires_grad_()
    blocks = [net.stage1.block1, net.stage2.block1, net.stage3.block1]
    values = [x]
    for block in blocks:
        values.append(block(values[-1]))
    (gradient,) = torch.autograd.grad(F.cross_entropy(net.head(values[-1]), LABELS), values[-1], retain_graph=True)
    past = through = gradient
    for block, value in zip(reversed(blocks), reversed(values[:-1]), strict=True):
        start = value.detach().requires_grad_()
        (past,) = torch.autograd.grad(block.shortcut(start), start, past) if block is not blocks[0] else (past,)
        (through,) = torch.autograd.grad(block.branch(start), start, through)
    assert found.gradient[0] == pytest.approx(past.norm().item())
    assert found.gradient[-1] == pytest.approx(through.norm().item())


def test_short_paths_carry_most_of_the_gradient_of_a_deep_residual_net():
    # Veit et al. 2016: the effective paths are far shorter than the mean path of n/2 blocks
    found = path_lengths(net_of("res-56"), IMAGES, LABELS)
    _low, high = found.effective
    assert found.blocks == 27
    assert high < 20
    assert float((found.lengths * found.total).sum()) < 13.5


@pytest.mark.parametrize("name", ["res-14-w4-preact", "res-14-w4-gate-p0.5"])
def test_an_analysis_leaves_no_trace_on_the_net(name):
    net = net_of(name)
    before = {key: tensor.clone() for key, tensor in net.state_dict().items()}
    equations(net, IMAGES, LABELS, 1)
    path_lengths(net, IMAGES, LABELS, samples=1)
    shattered(net, IMAGES[0], IMAGES[1], 0, points=8, lags=2)
    with pytest.raises(RuntimeError):
        equations(net, IMAGES[:, :1], LABELS, 1)
    assert all(torch.equal(tensor, before[key]) for key, tensor in net.state_dict().items())
    assert not any(m._forward_hooks or m._forward_pre_hooks for m in net.modules())
    assert all(weight.grad is None for weight in net.parameters())
