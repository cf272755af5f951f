from itertools import islice

import pytest
import torch

from resnet.datasets import load_dataset
from resnet.datasets.augmentation import drawn_pairs, drawn_squares, hidden, mixed
from resnet.datasets.batches import AHEAD, Batches

CPU = torch.device("cpu")


@pytest.fixture(scope="module")
def batches():
    digits = load_dataset("digits")
    return Batches(digits, digits.train, CPU)


@pytest.fixture
def generator():
    return torch.Generator().manual_seed(0)


@pytest.mark.parametrize("side", [1, 4, 7])
def test_a_square_of_exactly_that_side_is_hidden_and_cut_at_the_edges(side):
    middles = torch.tensor([[4, 0, 9, 5], [5, 0, 11, 11]])  # rows, columns of images of 10 x 12
    images = hidden(torch.ones(4, 3, 10, 12), middles, side)
    for image, row, column in zip(images, *middles.tolist(), strict=True):
        expected = torch.ones(10, 12)
        top, left = row - side // 2, column - side // 2
        expected[max(top, 0) : top + side, max(left, 0) : left + side] = 0
        assert all(torch.equal(channel, expected) for channel in image)
    assert (images[0] == 0).sum() == 3 * side**2


def test_squares_lie_anywhere_in_the_image_each_place_alike(generator):
    rows, columns = drawn_squares(50, 100, generator, (8, 16)).movedim(1, 0)
    assert rows.shape == columns.shape == (50, 100)
    for places, side in ((rows, 8), (columns, 16)):
        counts = torch.bincount(places.flatten(), minlength=side)
        assert len(counts) == side
        assert (counts.float() / 5000 - 1 / side).abs().max() < 5 * (1 / side / 5000) ** 0.5  # five standard errors


@pytest.mark.parametrize("alpha", [0.2, 1.0])
def test_shares_follow_the_beta_distribution_and_each_image_is_a_partner_once(alpha, generator):
    shares, orders = drawn_pairs(4000, 6, generator, alpha)
    assert shares.dtype == torch.float32
    assert shares.mean().item() == pytest.approx(0.5, abs=0.03)
    assert shares.var().item() == pytest.approx(1 / (4 * (2 * alpha + 1)), rel=0.06)
    assert torch.equal(orders.sort(1).values, torch.arange(6).expand(4000, 6))


def test_two_images_and_their_labels_are_mixed_by_the_same_share():
    images, labels = torch.tensor([1.0, 2.0, 4.0]).reshape(3, 1, 1, 1), torch.tensor([0, 2, 1])
    order = torch.tensor([1, 2, 2])
    pictures, shares = mixed(images, labels, torch.tensor(0.75), order, 3)
    assert pictures.flatten().tolist() == [1.25, 2.5, 4.0]
    assert shares.tolist() == [[0.75, 0, 0.25], [0, 0.25, 0.75], [0, 1, 0]]


def stream(batches, cutout=0, mixup=0.0, seed=3):
    return batches.shuffled(16, seed, augment=True, flip=True, cutout=cutout, mixup=mixup)


def test_hidden_and_mixed_batches_show_the_images_of_the_same_batches_without(batches):
    """Up to AHEAD batches, after which the generator has given other numbers."""
    for (plain, labels), (cut, same), (blend, shares) in islice(
        zip(stream(batches), stream(batches, cutout=9), stream(batches, mixup=1.0), strict=True), 5
    ):
        left = cut != 0
        assert torch.equal(labels, same)
        assert torch.equal(cut[left], plain[left])
        assert not torch.equal(cut, plain)
        assert shares.sum(1).allclose(torch.ones(16))
        share = shares[torch.arange(16), labels].min()  # of an image whose partner has another label
        differences = (blend - share * plain)[:, None] - (1 - share) * plain[None]
        assert differences.abs().amax((2, 3, 4)).amin(1).max() < 1e-5  # each has one partner in the batch


def test_twins_see_the_same_squares_and_pairs_and_another_seed_others(batches):
    first, again, other = (list(islice(stream(batches, 8, 0.5, seed), AHEAD + 3)) for seed in (3, 3, 4))
    assert all(torch.equal(a, b) for one, two in zip(first, again, strict=True) for a, b in zip(one, two, strict=True))
    assert not any(torch.equal(one[0], two[0]) for one, two in zip(first, other, strict=True))


def test_augmented_batches_keep_the_layout(batches):
    shapes = load_dataset("shapes")
    images, _ = next(stream(Batches(shapes, shapes.train, CPU), 8, 0.5))
    assert images.is_contiguous(memory_format=torch.channels_last)
