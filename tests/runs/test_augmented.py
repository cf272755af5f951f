import numpy as np
import pytest

from resnet.datasets import load_dataset
from resnet.nets.network import build_network
from resnet.runs.tasks import step0
from resnet.runs.tasks.augmented import SHOWN, augmented
from resnet.specs import NetSpec, Recipe
from resnet.training.loop import train
from resnet.ui.parts import backend

PLAIN = Recipe(data="digits", batch=16, augment=False)


@pytest.fixture(scope="module")
def digits():
    return load_dataset("digits")


def test_without_augmentation_the_images_are_the_data_sets_own_pixel_by_pixel(digits):
    images = augmented(PLAIN)
    assert images.shape == (SHOWN, 1, 32, 32)
    own = {image.tobytes() for image in digits.train.images}
    assert all(image.tobytes() in own for image in images)


def test_what_is_hidden_has_the_mean_colour_and_the_rest_stays(digits):
    plain, cut = augmented(PLAIN), augmented(PLAIN.but(cutout=8))
    changed = cut != plain
    assert set(np.unique(cut[changed])) == {round(255 * float(digits.mean[0]))}
    assert 0 < changed.reshape(SHOWN, -1).sum(1).max() <= 64


def test_mixed_images_lie_between_two():
    plain, blend = augmented(PLAIN.but(batch=8)).astype(float), augmented(PLAIN.but(batch=8, mixup=1.0)).astype(float)
    low, high = np.minimum(plain[:, None], plain[None]), np.maximum(plain[:, None], plain[None])
    inside = ((blend[:, None] >= low - 1) & (blend[:, None] <= high + 1)).all((2, 3, 4))  # with any image of the batch
    assert inside.any(1).all()
    assert not np.array_equal(plain, blend)


@pytest.mark.parametrize("words", ["flip=no", "label_smoothing=0.3", "cutout=12&augment=no", "pixels=32&seed=4"])
def test_the_profile_of_step_0_is_the_one_that_a_run_records_first(words, digits):
    recipe = Recipe.parse(f"data=digits&batch=16&steps=1&{words}")
    net = NetSpec.parse("res-8-w4")
    (first, *_) = train(build_network(net, recipe.seed, 1), digits, recipe)
    measured = step0.profiles(net, backend.first_batch(recipe), images=16)
    assert measured["gradient_norm"] == pytest.approx(first.profiles["gradient_norm"], rel=0.02)  # float64, float32
    assert measured["loss"][0] == pytest.approx(first.loss, rel=1e-4)
