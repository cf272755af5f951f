"""A class of a few photographs trains: 3 classes of 20, a batch larger than all of them, one image left over."""

import io

import numpy as np
import pytest
import torch
from PIL import Image

from resnet import NetSpec, Recipe, build_network, datasets, load_dataset, train
from resnet.datasets import own
from resnet.datasets.listing import list_pictures
from resnet.training import evaluation


@pytest.fixture
def photographs(tmp_path, monkeypatch):
    """Red, green and blue ones, noisy; the name of the data set."""
    monkeypatch.setenv("RESNET_HOME", str(tmp_path / "home"))
    datasets._load.cache_clear()
    rng, files = np.random.default_rng(0), {}
    for channel, name in enumerate(("red", "green", "blue")):
        for number in range(20):
            pixels = rng.integers(0, 150, (40, 50, 3), dtype=np.uint8)
            pixels[..., channel] += 80
            content = io.BytesIO()
            Image.fromarray(pixels).save(content, "JPEG")
            files[f"{name}/{number}.jpg"] = content.getvalue()
    yield own.prepare("colours", list_pictures(files), files.__getitem__)
    datasets._load.cache_clear()


@pytest.mark.parametrize("pixels", [32, 96])
def test_sixty_photographs_are_learned_with_a_batch_larger_than_all_of_them(photographs, pixels):
    data = load_dataset(photographs, pixels=pixels)
    assert (len(data.train.labels), len(data.test.labels)) == (48, 12)
    recipe = Recipe(data=photographs, pixels=pixels, steps=12, batch=64, lr=0.01, evaluate_every=12)
    net = build_network(NetSpec.parse("res-8-w4"), 0, 3, 3)
    steps = list(train(net, data, recipe, device=torch.device("cpu")))
    assert steps[-1].loss < steps[0].loss / 2
    assert steps[-1].evaluation.accuracy > 0.8


def test_one_image_left_in_the_last_batch_counts_like_the_others(photographs, monkeypatch):
    data = load_dataset(photographs)
    recipe = Recipe(data=photographs, steps=2, batch=47, evaluate_every=2)  # one of 48 is left over in each epoch
    found = []
    for size in (12, 11):  # one of 12 test images is left over
        monkeypatch.setattr(evaluation, "BATCH", size)
        net = build_network(NetSpec.parse("res-8-w4"), 0, 3, 3)
        steps = list(train(net, data, recipe, device=torch.device("cpu")))
        found.append(steps[-1].evaluation)
        assert all(np.isfinite(step.loss) for step in steps)
    assert found[0].accuracy == found[1].accuracy
    assert found[0].loss == pytest.approx(found[1].loss, rel=1e-5)
