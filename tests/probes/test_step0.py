"""Step 0 has one value: that of an untrained net, of its run's first record, and of mathematics."""

from itertools import pairwise

import numpy as np
import pytest
import torch
from torch.nn import functional as F

from resnet.datasets import load_dataset
from resnet.datasets.batches import Batches
from resnet.findings.step0 import images_sentence, part_of_batch
from resnet.nets.network import build_network
from resnet.runs.tasks import step0
from resnet.runs.tasks.loading import FEWEST, PROFILE_IMAGES, fresh, step0_images
from resnet.specs import NetSpec, Recipe
from resnet.training.estimates import memory
from resnet.training.loop import train
from resnet.training.measuring import measure_all


@pytest.mark.parametrize("batch", [8, 64, 128])
@pytest.mark.parametrize("name", ["res-8-w4", "plain-14-w4-nobn", "res-8-w4-dropout", "res-8-w4-p0.5"])
def test_the_profile_of_an_untrained_net_is_the_first_record_of_its_run(name, batch):
    spec, recipe = NetSpec.parse(name), Recipe(data="digits", steps=1, batch=batch)
    measured = step0.profiles(spec, recipe, update=True)
    first = next(train(*fresh(spec, recipe), recipe, device=torch.device("cpu")))
    assert measured.pop("loss")[0] == pytest.approx(first.loss, rel=1e-5)
    assert set(measured) == set(first.profiles)
    for probe, values in measured.items():
        rounding = 1e-4 if probe == "response_mean" else 1e-6  # behind batch norm a mean is 0 but for rounding
        assert values == pytest.approx(first.profiles[probe], rel=2e-2, abs=rounding, nan_ok=True), probe


@pytest.mark.parametrize("name", ["plain-56", "plain-110"])
def test_the_profile_equals_an_independent_computation_in_float64(name):
    # In float32 rounding moves the weight gradients of plain-56 by 7 %, those of plain-110 by a third.
    spec, recipe = NetSpec.parse(name), Recipe(data="digits")
    data = load_dataset("digits")
    images, labels = next(Batches(data, data.train, torch.device("cpu")).shuffled(32, 0, recipe.augment, flip=False))
    net = build_network(spec, channels=1).double()
    outputs = [net.stem(images.double())]
    for stage in net.stages():
        for block in stage:
            outputs.append(block(outputs[-1]))
    loss = F.cross_entropy(net.head(outputs[-1]), labels)
    gradients = torch.autograd.grad(loss, [*net.weights(), *outputs])
    norms = np.array([gradient.norm().item() for gradient in gradients])
    measured = step0.profiles(spec, recipe)
    at_outputs = norms[spec.depth :]
    assert measured["gradient_norm"] == pytest.approx(norms[: spec.depth], rel=1e-6)
    assert measured["output_gradient"] == pytest.approx(at_outputs, rel=1e-6)
    assert measured["gain"] == pytest.approx([one / other for one, other in pairwise(at_outputs)], rel=1e-6)
    assert measured["activation_std"] == pytest.approx([output.std().item() for output in outputs], rel=1e-6)


def test_the_net_keeps_its_very_tensors():
    net = build_network(NetSpec.parse("res-8-w4"))
    tensors = [*net.parameters(), *net.buffers()]
    before = [(tensor.data_ptr(), tensor.dtype, tensor.clone()) for tensor in tensors]
    measure_all(net, torch.randn(4, 3, 32, 32), torch.arange(4), Recipe())
    for tensor, (place, number, values) in zip(tensors, before, strict=True):
        assert (tensor.data_ptr(), tensor.dtype) == (place, number)
        assert torch.equal(tensor, values)


def test_the_whole_batch_is_measured_where_time_and_memory_allow_it():
    usual, deep, big = NetSpec.parse("plain-110"), NetSpec.parse("res-1202"), Recipe(batch=512)
    assert step0_images(usual, Recipe(batch=128), 8e9) == 128
    assert step0_images(usual, Recipe(batch=8), 1e8) == 8
    assert step0_images(deep, big, 64e9) == PROFILE_IMAGES  # minutes
    assert step0_images(usual, big, memory(usual, Recipe(batch=PROFILE_IMAGES))) == FEWEST  # just fits in float32


def test_it_is_said_on_how_many_images_step_0_is_measured():
    assert images_sentence(128, Recipe(batch=128)).endswith("on the first batch, 128 images.")
    assert "on the first 32 of the 512 images" in images_sentence(32, Recipe(batch=512))
    assert part_of_batch(32, Recipe(batch=512)) == "step 0, 32 of 512 images"
