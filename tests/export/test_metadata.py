"""Weights that leave the app say what they are and how a picture becomes their input."""

import json
import types

import numpy as np
import pytest
import torch
from safetensors import safe_open
from safetensors.torch import save_file

from resnet import catalog
from resnet.datasets import load_dataset
from resnet.datasets.batches import Batches
from resnet.export.code import module_code
from resnet.export.metadata import IMAGENET, metadata
from resnet.nets.network import build_network
from resnet.specs import NetSpec, Recipe

NET = NetSpec.parse("res-8-w4")


def module(code):
    made = types.ModuleType("generated")
    exec(compile(code, "generated.py", "exec"), made.__dict__)
    return made


def test_metadata_survive_a_file_and_give_back_net_recipe_classes_and_input(tmp_path):
    recipe = Recipe(data="digits", steps=7)
    save_file(build_network(NET, channels=1).state_dict(), tmp_path / "net.safetensors", metadata(NET, recipe))
    with safe_open(tmp_path / "net.safetensors", "pt") as file:
        told = file.metadata()
    assert NetSpec.parse(told["name"]) == NetSpec.from_json(told["net"]) == NET
    assert Recipe.from_json(told["recipe"]) == recipe
    assert json.loads(told["classes"]) == list(catalog.DATASETS["digits"].classes)
    dataset = load_dataset("digits")
    assert np.array_equal(np.array(json.loads(told["mean"]), np.float32), dataset.mean)
    assert np.array_equal(np.array(json.loads(told["std"]), np.float32), dataset.std)
    assert "(N, 1, 32, 32)" in told["input"]
    assert told["version"]


@pytest.mark.parametrize("recipe", [Recipe(), Recipe(level="medium"), Recipe(data="digits")], ids=str)
def test_the_exported_normalise_gives_what_the_net_was_trained_on(recipe):
    data, dataset = catalog.DATASETS[recipe.data], load_dataset(recipe.data, recipe.level)
    made = module(module_code(NET, data.shape[0], len(data.classes), data.shape[1], recipe))
    expected, _labels = Batches(dataset, dataset.test, torch.device("cpu")).take(slice(0, 4))
    found = made.normalise(torch.from_numpy(dataset.test.images[:4].copy()) / 255)
    torch.testing.assert_close(found, expected, rtol=1e-5, atol=2e-6)


def test_code_counted_for_imagenet_has_torchvisions_constants_and_for_unknown_images_none():
    from torchvision.models import ResNet50_Weights

    made = module(module_code(NetSpec.parse("resnet-50"), 3, 1_000, 224))
    preset = ResNet50_Weights.IMAGENET1K_V1.transforms()
    assert (made.MEAN, made.STD) == (preset.mean, preset.std) == (list(IMAGENET.mean), list(IMAGENET.std))
    assert "MEAN" not in module_code(NET, 3, 7, 48)
