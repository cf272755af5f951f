"""A map, and every score of it, is the same whether an image is explained alone or among others, in any order."""

import copy
from functools import cache

import numpy as np
import pytest
import torch

from resnet import catalog
from resnet.attributions import alone, setting
from resnet.attributions.attribute import attribute, baseline
from resnet.attributions.quality import measure
from resnet.nets.network import Network, build_network
from resnet.specs import NetSpec

IMAGES = torch.randn(3, 3, 32, 32, generator=torch.Generator().manual_seed(7)) * torch.tensor([1.0, 0.3, 2.0]).view(
    3, 1, 1, 1
)
TARGETS = torch.tensor([1, 2, 2])
BLACK = torch.tensor([-1.5, -1.4, -1.6])
ORDER = [2, 0, 1]


@cache
def _settled(name: str) -> Network:
    net = build_network(NetSpec.parse(name)).train()
    for _ in range(30):
        net(IMAGES)
    return net.eval()


def settled(name: str = "res-8-w4") -> Network:
    """A net of one's own whose batch norm fits random images."""
    return copy.deepcopy(_settled(name))


@pytest.fixture
def _few_samples(monkeypatch: pytest.MonkeyPatch) -> None:
    """Company matters or not, however often a method asks the net."""
    for constant, count in (("kernel_shap.SAMPLES", 96), ("lime.SAMPLES", 32), ("shapley_sampling.ORDERS", 1)):
        monkeypatch.setattr(f"resnet.attributions.{constant}", count)


def _off(found: torch.Tensor, expected: torch.Tensor) -> float:
    """The largest difference relative to the largest value of the image's own map."""
    return float(((found - expected).abs().amax((1, 2, 3)) / expected.abs().amax((1, 2, 3))).max())


@pytest.mark.parametrize("kind", list(catalog.BASELINES))
@pytest.mark.parametrize("method", list(catalog.METHODS))
@pytest.mark.usefixtures("_few_samples")
def test_a_map_is_the_same_alone_among_others_and_in_another_order(method: str, kind: str) -> None:
    def maps(order: list[int]) -> torch.Tensor:
        x0 = baseline(kind, IMAGES[order], BLACK)
        return attribute(method, settled(), IMAGES[order], TARGETS[order], baselines=x0)

    by_itself = maps([0])
    assert _off(maps([0, 1])[:1], by_itself) < 1e-4
    assert _off(maps(ORDER)[1:2], by_itself) < 1e-4


@pytest.mark.parametrize("method", ["saliency", "smooth_grad", "gradient_shap"])
def test_scores_are_the_same_alone_among_others_and_in_another_order(method: str) -> None:
    net = settled()

    def explain(inputs: torch.Tensor, targets: torch.Tensor, own: torch.Tensor) -> torch.Tensor:
        return attribute(method, net, inputs, targets, baselines=own)

    def scores(order: list[int]) -> dict[str, torch.Tensor]:
        images, targets = IMAGES[order], TARGETS[order]
        x0 = baseline("blur", images)
        return measure(explain, net, images, targets, explain(images, targets, x0), x0)

    alone = [scores([one]) for one in range(len(IMAGES))]
    together, turned = scores([0, 1, 2]), scores(ORDER)
    assert set(together) == {name for name, record in catalog.SCORES.items() if not record.masks}
    for name in together:
        expected = torch.cat([one[name] for one in alone])
        torch.testing.assert_close(together[name], expected, rtol=1e-3, atol=1e-5, msg=name)
        torch.testing.assert_close(turned[name], expected[ORDER], rtol=1e-3, atol=1e-5, msg=name)


def test_kernel_shap_repeats_itself_with_another_seed(monkeypatch: pytest.MonkeyPatch) -> None:
    """On a net with interactions; 256 sets of cells without their complements repeat themselves to .5 at most."""
    net, maps = settled("res-8-w4"), []
    for seed in (1, 2):
        monkeypatch.setattr(alone, "SEED", seed)
        monkeypatch.setattr(setting, "SEED", seed)
        maps.append(attribute("kernel_shap", net, IMAGES, TARGETS).sum(1).flatten(1).numpy())
    agree = [np.corrcoef(one, other)[0, 1] for one, other in zip(*maps, strict=True)]
    assert min(agree) > 0.8


def test_lime_sees_something_where_outputs_are_small() -> None:
    """Captum's penalty is absolute: behind a softmax it would give maps of zeros."""
    net = settled("res-8-w4-softmax")
    with torch.no_grad():
        net.head.fc.weight.mul_(0.01)
    assert all(one.any() for one in attribute("lime", net, IMAGES, TARGETS))


def test_lime_scales_with_the_outputs() -> None:
    net, small = settled(), settled()
    with torch.no_grad():
        small.head.fc.weight.mul_(1e-3)
        small.head.fc.bias.mul_(1e-3)
    found, faint = (attribute("lime", one, IMAGES, TARGETS) for one in (net, small))
    assert found.any()
    assert _off(1e3 * faint, found) < 1e-2
