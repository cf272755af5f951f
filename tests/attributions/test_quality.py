"""Scores that ask the net: closed forms."""

import numpy as np
import pytest
import torch
from torch import nn

from resnet.attributions.attribute import attribute
from resnet.attributions.quality import completeness_error, deletion_and_insertion, infidelity, sensitivity
from resnet.attributions.sanity import check, parts, randomised, similarity, ssim
from resnet.datasets import load_dataset
from resnet.datasets.batches import Batches
from resnet.nets.network import build_network
from resnet.nets.statistics import calibrate
from resnet.specs import NetSpec, Recipe
from resnet.training.loop import train

IMAGES = torch.randn(2, 3, 32, 32, generator=torch.Generator().manual_seed(0))
TARGETS = torch.tensor([0, 1])
CPU = torch.device("cpu")


class Corner(nn.Module):
    """The first logit is the sum of the upper left cell, the second its negative."""

    def forward(self, x):
        value = x[:, :, :4, :4].sum((1, 2, 3))
        return torch.stack([value, -value], 1)

    def probabilities(self, outputs):
        return outputs.softmax(1)


def corner_map(images):
    maps = torch.zeros_like(images)
    maps[:, :, :4, :4] = 1
    return maps


def test_the_true_gradient_of_a_linear_net_has_no_infidelity_and_another_map_has():
    maps = corner_map(IMAGES)
    maps[1] *= -1  # of the second logit
    good = infidelity(Corner(), IMAGES, TARGETS, maps)
    bad = infidelity(Corner(), IMAGES, TARGETS, maps.flip(-1))
    assert good.tolist() == pytest.approx([0, 0], abs=1e-6)
    assert (bad > 0.1).all()


def test_a_map_that_never_changes_has_no_sensitivity_and_the_image_itself_has_some():
    assert sensitivity(lambda inputs: torch.ones_like(inputs), IMAGES).tolist() == [0, 0]
    assert (sensitivity(lambda inputs: inputs, IMAGES) > 0).all()


def test_deletion_falls_at_once_and_insertion_rises_at_once_when_the_map_knows_the_cell():
    images = torch.zeros(1, 3, 32, 32)
    images[:, :, :4, :4] = 1  # the probability of class 0 is 1 with this cell and 1/2 without
    x0 = torch.zeros_like(images)
    known = deletion_and_insertion(Corner(), images, TARGETS[:1], corner_map(images), x0)
    wrong = deletion_and_insertion(Corner(), images, TARGETS[:1], -corner_map(images), x0)
    assert known[0].item() == pytest.approx((1 + 15 * 0.5) / 16, abs=1e-3)
    assert known[1].item() == pytest.approx((0.5 + 15) / 16, abs=1e-3)
    assert wrong[0].item() == pytest.approx((15 + 0.5) / 16, abs=1e-3)


def test_the_completeness_error_is_that_of_the_sum_of_the_map():
    images = torch.zeros(1, 3, 32, 32)
    images[:, :, :16, :16] = 1
    net, baselines = Corner(), torch.zeros_like(images)
    rise = (net(images) - net(baselines))[0, TARGETS[0]]
    assert rise != 0
    even = (rise / images[0].numel()).expand_as(images)
    for factor, error in ((1, 0), (1.5, 0.5), (0, 1), (-1, 2)):
        found = completeness_error(net, images, TARGETS[:1], factor * even, baselines)
        assert found.tolist() == [pytest.approx(error, abs=1e-4)]


def test_the_check_compares_every_step_of_forgetting_with_the_trained_net():
    net, fresh = (build_network(NetSpec.parse("res-8-w4"), seed) for seed in (1, 2))
    images = torch.randn(2, 3, 32, 32, generator=torch.Generator().manual_seed(0))

    def explain(one):  # a map of the head's weights: it changes with the head, and not again
        return (images * one.head.fc.weight.sum()).sum(1).detach()

    found = check(explain, net, fresh, True, lambda _net: None)
    assert found.parts == ["head", "stage3.block1", "stage2.block1", "stage1.block1", "stem"]
    assert found.maps.shape == (6, 32, 32)
    assert found.rank.shape == found.ssim.shape == (5, 2)
    assert torch.equal(found.maps[0], explain(net)[0])
    assert not torch.equal(found.maps[0], found.maps[1])
    assert all(torch.equal(found.maps[1], later) for later in found.maps[2:])
    assert found.rank == pytest.approx(np.ones((5, 2)))  # a map times a number


def test_a_picture_is_like_itself_and_unlike_its_negative():
    picture = torch.rand(32, 32, generator=torch.Generator().manual_seed(0))
    assert ssim(picture, picture) == pytest.approx(1)
    assert ssim(picture, 1 - picture) < 0
    assert similarity(picture, picture) == (pytest.approx(1), pytest.approx(1))


def test_the_cascade_goes_from_the_head_to_the_stem_and_gives_the_net_back():
    net, fresh = (build_network(NetSpec.parse("res-14-w4"), seed) for seed in (1, 2))
    before = {name: tensor.clone() for name, tensor in net.state_dict().items()}
    names, changed = [], []
    for name, other in randomised(net, fresh, True, lambda _net: None):
        names.append(name)
        changed.append(sum(not torch.equal(tensor, before[key]) for key, tensor in other.state_dict().items()))
    assert names == ["head", *(f"stage{s}.block{b}" for s in (3, 2, 1) for b in (2, 1)), "stem"]
    assert changed == sorted(changed)
    assert all(torch.equal(tensor, before[key]) for key, tensor in net.state_dict().items())
    singles = [
        {key.split(".branch")[0] for key, tensor in other.state_dict().items() if not torch.equal(tensor, before[key])}
        for _name, other in randomised(net, fresh, False, lambda _net: None)
    ]
    assert singles[1] == {"stage3.block2"}
    assert len(parts(build_network(NetSpec.parse("res-110-w4")))) == 12


def test_guided_backprop_hardly_notices_that_the_net_forgets_and_the_gradient_does():
    # Adebayo et al. 2018, Sec. 4: on a net that was trained here
    dataset = load_dataset("shapes")
    net = build_network(NetSpec.parse("res-14"))
    for _step in train(net, dataset, Recipe(steps=150, evaluate_every=150), device=CPU):
        pass
    batches = Batches(dataset, dataset.train, CPU)
    calibrate(net, batches)
    images, labels = Batches(dataset, dataset.test, CPU).take(slice(0, 4))
    fresh = build_network(net.spec, seed=1)
    kept = {}
    for method in ("saliency", "guided_backprop"):
        before = attribute(method, net.eval(), images, labels).sum(1)
        steps = list_of_likeness(method, net, fresh, batches, images, labels, before)
        kept[method] = steps[len(steps) // 2]  # half of the net is random
    assert kept["guided_backprop"] > 0.6
    assert kept["saliency"] < 0.6
    assert kept["guided_backprop"] > kept["saliency"] + 0.2


def list_of_likeness(method, net, fresh, batches, images, labels, before):
    found = []
    for _name, other in randomised(net, fresh, True, lambda one: calibrate(one, batches, images=128)):
        after = attribute(method, other, images, labels).sum(1)
        found.append(sum(similarity(one, two)[0] for one, two in zip(before, after, strict=True)) / len(before))
    return found
