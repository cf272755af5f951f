"""The loss around a net: closed forms, directions against their definition, and no trace left."""

import math
from copy import deepcopy

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn import functional as F

from resnet.analyses import surface
from resnet.datasets import load_dataset
from resnet.nets.network import build_network
from resnet.runs.tasks import surface as tasks
from resnet.specs import NetSpec, Recipe

IMAGES = torch.randn(32, 3, 32, 32, generator=torch.Generator().manual_seed(0))
LABELS = torch.arange(32) % 10
POINTS = ((0.0, 0.0), (0.5, -0.25), (-1.0, 2.0))


def net_of(name):
    return build_network(NetSpec.parse(name))


class Linear(nn.Module):
    """Logits W x."""

    def __init__(self, rows) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.tensor(rows, dtype=torch.float64))

    def forward(self, x):
        return x @ self.weight.T


def test_the_surface_of_least_squares_is_its_paraboloid(monkeypatch):
    monkeypatch.setattr(surface.F, "cross_entropy", lambda found, wanted: ((found - wanted) ** 2).sum(1).mean())
    net, x = Linear([[1.0, -2.0], [0.5, 3.0]]), torch.eye(2).double() * 2**0.5
    wanted = x @ net.weight.detach().T  # the net is at the minimum
    first, second = (torch.tensor(rows).double() for rows in ([[1, 0], [0, 2]], [[0, 3], [1, 1]]))
    found = surface.losses(net, x, wanted, ({"weight": first}, {"weight": second}), POINTS)
    # ‖(a d₁ + b d₂) x‖² for xᵀx = 2 I, mean of two images: a² ‖d₁‖² + 2ab d₁·d₂ + b² ‖d₂‖²
    assert found == pytest.approx([5 * a**2 + 4 * a * b + 11 * b**2 for a, b in POINTS], abs=1e-12)


def test_the_surface_of_two_logits_is_the_logistic_loss():
    directions = ({"weight": torch.tensor([[1.0], [0.0]])}, {"weight": torch.tensor([[0.0], [1.0]])})
    found = surface.losses(
        Linear([[0.3], [-0.2]]),
        torch.ones(4, 1, dtype=torch.float64),
        torch.zeros(4, dtype=torch.long),
        directions,
        POINTS,
    )
    assert found == pytest.approx([math.log1p(math.exp(-0.2 + b - 0.3 - a)) for a, b in POINTS])


@pytest.mark.parametrize("name", ["plain-8-w4", "res-8-w4", "res-8-w4-nobn"])
def test_filters_of_a_direction_have_the_norms_of_the_net_and_nothing_else_moves(name):
    net = net_of(name)
    for direction in surface.random_directions(net, 3):
        for key, weights in net.named_parameters():
            if weights.ndim < 2:
                assert key not in direction
                continue
            norms = direction[key].flatten(1).norm(dim=1)
            assert norms == pytest.approx(weights.detach().flatten(1).norm(dim=1), rel=1e-5)


def test_a_filter_of_zeros_stays_where_it_is():
    net = Linear([[0.3], [-0.2]])
    with torch.no_grad():
        net.weight[1] = 0
    first, _second = surface.random_directions(net)
    assert first["weight"][1] == 0
    assert abs(float(first["weight"][0])) == pytest.approx(0.3)


def test_twins_have_the_same_directions_where_their_shapes_agree():
    plain, residual = net_of("plain-8-w4"), net_of("res-8-w4-optb")
    twins = zip(surface.random_directions(plain, 1), surface.random_directions(residual, 1), strict=True)
    for own, other in twins:
        assert len(own) == 8
        assert len(other) == 10  # two projections besides
        assert all(torch.equal(own[key], other[key]) for key in own)  # twins start from the same weights


def test_the_two_directions_differ_and_so_do_those_of_another_seed():
    net = net_of("res-8-w4")
    (first, second), (third, _fourth) = surface.random_directions(net, 0), surface.random_directions(net, 1)
    key = "stage1.block1.branch.conv1.weight"
    one, two, three = (part[key].flatten() for part in (first, second, third))
    assert abs(float(F.cosine_similarity(one, two, dim=0))) < 0.3
    assert abs(float(F.cosine_similarity(one, three, dim=0))) < 0.3


@pytest.mark.parametrize("name", ["plain-8-w4", "res-8-w4-nobn"])
def test_the_centre_is_the_loss_of_the_net_itself_with_statistics_of_the_batch(name):
    net = net_of(name)
    with torch.no_grad():
        expected = float(F.cross_entropy(deepcopy(net).train()(IMAGES), LABELS))
    (found,) = surface.losses(net.eval(), IMAGES, LABELS, surface.random_directions(net), [(0.0, 0.0)])
    assert found == pytest.approx(expected, rel=1e-6)


def test_no_trace_is_left_on_the_net_after_an_error_too():
    net = net_of("res-8-w4").train()
    net.stage1.block1.eval()
    net(IMAGES).sum().backward()
    before = {key: value.clone() for key, value in net.state_dict().items()}
    grads = [weights.grad.clone() for weights in net.parameters()]
    modes = [module.training for module in net.modules()]
    directions = surface.random_directions(net)
    surface.losses(net, IMAGES, LABELS, directions, POINTS)
    with pytest.raises(ValueError, match="batch_size"):
        surface.losses(net, IMAGES, LABELS[:5], directions, POINTS)
    assert all(torch.equal(value, before[key]) for key, value in net.state_dict().items())
    assert all(torch.equal(weights.grad, grad) for weights, grad in zip(net.parameters(), grads, strict=True))
    assert modes == [module.training for module in net.modules()]
    assert all(weights.requires_grad for weights in net.parameters())


def states_of(count=6):
    """States of a training that runs mostly along one line."""
    numbers = np.random.default_rng(0)
    line, noise = numbers.normal(size=40), numbers.normal(size=(count, 40))
    rows = 1 + np.linspace(5, 0, count)[:, None] * line + np.linspace(1, 0, count)[:, None] * noise
    states = [{"a": torch.tensor(row[:30]).view(5, 6), "b": torch.tensor(row[30:])} for row in rows]
    return rows, states


def test_directions_along_the_training_are_those_of_a_singular_value_decomposition():
    rows, states = states_of()
    (first, second), explained = surface.along_training(states, ["a", "b"])
    flat = np.array([np.concatenate([one["a"].numpy().ravel(), one["b"].numpy()]) for one in (first, second)])
    _left, values, right = np.linalg.svd(rows - rows.mean(0), full_matrices=False)
    assert flat @ flat.T == pytest.approx(np.eye(2), abs=1e-10)
    assert np.abs(flat @ right[:2].T) == pytest.approx(np.eye(2), abs=1e-10)
    assert explained == pytest.approx((values**2 / (values**2).sum())[:2], rel=1e-10)


def test_the_path_ends_in_the_net_itself_and_begins_in_front():
    rows, states = states_of()
    found = surface.training_path(states, ["a", "b"])
    assert found.places[-1] == pytest.approx([0, 0])
    assert (found.places[0] >= 0).all()
    assert (np.linalg.norm(found.places, axis=1) <= np.linalg.norm(rows - rows[-1], axis=1) + 1e-9).all()
    assert found.explained[0] > found.explained[1] > 0


def test_a_task_gives_the_loss_on_images_from_all_over_the_training_set():
    spec, recipe = NetSpec.parse("res-8-w4"), Recipe()
    found = tasks.losses(spec, recipe, None, POINTS[:2], 64, 0)
    data = load_dataset("shapes")
    chosen = np.linspace(0, len(data.train.labels) - 1, 64).astype(int)
    images = (data.train.images[chosen] / 255 - data.mean[:, None, None]) / data.std[:, None, None]
    net, labels = build_network(spec).train(), torch.from_numpy(data.train.labels[chosen])
    with torch.no_grad():
        loss = F.cross_entropy(net(torch.from_numpy(images.astype("f4"))), labels)
    assert found[0] == pytest.approx(float(loss), rel=1e-5)
    assert found[1] != pytest.approx(found[0], rel=1e-3)
