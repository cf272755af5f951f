"""Statistics estimated anew: from however many images there are, with equal weight, and nothing else is changed."""

import numpy as np
import pytest
import torch
from torch import nn

from resnet.datasets import Dataset, Split
from resnet.datasets.batches import Batches
from resnet.nets.network import build_network
from resnet.nets.statistics import TooFewImages, calibrate
from resnet.specs import NetSpec


def batches(count, side=16):
    images = np.random.default_rng(0).integers(0, 256, (count, 3, side, side)).astype(np.uint8)
    split = Split(images, np.zeros(count, dtype=np.int64))
    mean, std = np.full(3, 0.5, dtype=np.float32), np.ones(3, dtype=np.float32)
    return Batches(Dataset("test", "", ("one",), split, split, mean, std), split, torch.device("cpu"))


def small_net():
    return build_network(NetSpec.parse("res-8-w4"))


def everything(net):
    modes = [module.training for module in net.modules()]
    momentum = [module.momentum for module in net.modules() if isinstance(module, nn.BatchNorm2d)]
    return modes, momentum, {name: tensor.clone() for name, tensor in net.state_dict().items()}


@pytest.mark.parametrize(
    ("count", "images", "sizes"),
    [
        (600, 512, [128] * 4),
        (385, 512, [96] * 4),  # in chunks of 128 one image would be left
        (130, 512, [32] * 4),
        (129, 128, [32] * 4),
        (7, 512, [2, 2, 2]),
        (3, 512, [3]),
        (2, 512, [2]),
        (600, 3, [3]),
    ],
)
def test_all_chunks_are_equal_and_none_is_a_single_image(count, images, sizes):
    net, seen = small_net(), []
    net.stem.conv.register_forward_hook(lambda _module, inputs, _output: seen.append(inputs[0]))
    calibrate(net, batches(count), images)
    assert [len(batch) for batch in seen] == sizes
    means = torch.stack([net.stem.conv(batch).mean((0, 2, 3)) for batch in seen[: len(sizes)]])
    torch.testing.assert_close(net.stem.norm.running_mean, means.mean(0))
    torch.testing.assert_close(means.mean(0), net.stem.conv(torch.cat(seen[: len(sizes)])).mean((0, 2, 3)))


def test_one_image_will_do_where_its_maps_have_several_values():
    net = small_net()
    calibrate(net, batches(1))
    assert net.stem.norm.running_mean.abs().sum() > 0


@pytest.mark.parametrize(("count", "side", "said"), [(1, 4, "at least two values"), (0, 16, "there are none")])
def test_too_few_values_are_one_sentence_and_the_net_stays_as_it_was(count, side, said):
    net = small_net().train()
    net.stem.norm.eval()
    before = everything(net)
    with pytest.raises(TooFewImages, match=said):
        calibrate(net, batches(count, side))
    same_as(net, before)


def test_an_error_in_a_layer_leaves_the_net_as_it_was():
    net = small_net().train()
    before = everything(net)
    net.head.register_forward_pre_hook(lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        calibrate(net, batches(64))
    same_as(net, before)


def same_as(net, before):
    modes, momentum, state = everything(net)
    assert (modes, momentum) == before[:2]
    assert all(torch.equal(tensor, before[2][name]) for name, tensor in state.items())
