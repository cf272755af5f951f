"""Claims about the generated shapes: their geometry in closed form, and that the mask is the object."""

import math

import numpy as np
import numpy.typing as npt
import pytest

from resnet import catalog
from resnet.datasets import Split, load_dataset, shapes

GRID = np.linspace(-1.2, 1.2, 961)
X, Y = np.meshgrid(GRID, GRID)
PIXEL = (GRID[1] - GRID[0]) ** 2


def _moon(radius: float, bite: float, apart: float) -> float:
    """Area of a disk without the part that it shares with another one."""
    one = (apart**2 + radius**2 - bite**2) / (2 * apart * radius)
    two = (apart**2 + bite**2 - radius**2) / (2 * apart * bite)
    half_angles = math.acos(one), math.acos(two)
    shared = sum(r**2 * (a - math.sin(2 * a) / 2) for r, a in zip((radius, bite), half_angles, strict=True))
    return math.pi * radius**2 - shared


AREAS = {  # for a circle of radius 1 around the object
    "disk": math.pi,
    "square": 2.0,
    "triangle": 3 * math.sqrt(3) / 4,
    "plus": 2 * (1.86 * 0.72) - 0.72**2,
    "star": 5 * 0.5 * math.sin(math.pi / 5),
    "ring": math.pi * (1 - 0.5**2),
    "crescent": _moon(1, 0.75, 0.5),
    "heart": (1 / 2 + math.pi / 8) / 0.6306**2,
    "bars": 2 * 1.32 * 0.56,
    "hexagon": 3 * math.sqrt(3) / 2,
}


def _inside(name: str, x: float, y: float) -> bool:
    return bool(shapes.DISTANCES[name](np.array(x), np.array(y)) < 0)


def _rim(masks: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
    """The 2nd and 3rd pixel outside each mask; the 1st is mixed with the object by the soft edge."""
    grown = [masks]
    for _ in range(3):
        padded = np.pad(grown[-1], ((0, 0), (1, 1), (1, 1)))
        views = [padded[:, row : row + 32, column : column + 32] for row in range(3) for column in range(3)]
        grown.append(np.logical_or.reduce(views))
    rim: npt.NDArray[np.bool_] = grown[3] & ~grown[1]
    return rim


def _mean_colour(images: npt.NDArray[np.uint8], where: npt.NDArray[np.bool_]) -> npt.NDArray[np.float64]:
    """(N, 3), in 0..1."""
    total: npt.NDArray[np.float64] = (images * where[:, None]).sum(axis=(2, 3)) / 255
    return total / where.sum(axis=(1, 2))[:, None]


def _contrast(split: Split, masks: npt.NDArray[np.bool_]) -> npt.NDArray[np.float64]:
    """RGB distance between the means inside and outside of each mask, (N,)."""
    gap = _mean_colour(split.images, masks) - _mean_colour(split.images, ~masks)
    return np.asarray(np.linalg.norm(gap, axis=1))


def test_classes_stand_in_the_order_of_the_catalog() -> None:
    assert tuple(shapes.DISTANCES) == catalog.DATASETS["shapes"].classes
    assert set(shapes.LEVELS) == set(catalog.LEVELS)


def test_there_are_5000_images_to_learn_and_1000_to_test() -> None:
    data = load_dataset("shapes")
    assert (len(data.train.labels), len(data.test.labels)) == (5000, 1000)
    assert set(np.bincount(data.train.labels)) == {500}


@pytest.mark.parametrize("name", shapes.DISTANCES)
def test_the_area_is_that_of_the_closed_form(name: str) -> None:
    assert (shapes.DISTANCES[name](X, Y) < 0).sum() * PIXEL == pytest.approx(AREAS[name], rel=0.01)


@pytest.mark.parametrize("name", shapes.DISTANCES)
def test_the_object_lies_within_its_circle_and_reaches_it(name: str) -> None:
    reach = np.hypot(X, Y)[shapes.DISTANCES[name](X, Y) < 0].max()
    assert 0.98 < reach < 1.005


@pytest.mark.parametrize("name", shapes.DISTANCES)
def test_the_value_is_the_distance_to_the_outline(name: str) -> None:
    distance = shapes.DISTANCES[name](X, Y)
    slope = np.hypot(*np.gradient(distance, GRID, GRID))[np.abs(distance) < 0.05]
    assert np.median(slope) == pytest.approx(1, abs=0.01)
    assert slope.max() < 1.05


def test_shapes_are_the_right_way_up() -> None:
    assert _inside("triangle", 0, 0.97)
    assert not _inside("triangle", 0, -0.6)
    assert _inside("star", 0, 0.97)
    assert not _inside("star", 0, -0.6)
    assert _inside("heart", 0, -0.97)
    assert not _inside("heart", 0, 0.8)  # the notch
    assert _inside("square", 0.69, 0.69)
    assert _inside("plus", 0, 0.9)
    assert _inside("bars", 0.6, 0.5)
    assert not _inside("bars", 0, 0)
    assert not _inside("ring", 0, 0)
    assert _inside("crescent", -0.9, 0)
    assert not _inside("crescent", 0.9, 0)


def test_masks_at_level_quick_cover_three_tenths_of_the_image() -> None:
    masks = load_dataset("shapes").train.masks
    assert masks is not None
    assert 0.26 < masks.mean() < 0.36


@pytest.mark.parametrize(("name", "low", "high"), [("heart", 0.0, 0.5), ("triangle", 0.65, 1.0)])
def test_objects_in_the_images_are_the_right_way_up(name: str, low: float, high: float) -> None:
    """By the widest row, from 0 at the object's top to 1 at its bottom."""
    train = load_dataset("shapes").train
    assert train.masks is not None
    for mask in train.masks[train.labels == catalog.DATASETS["shapes"].classes.index(name)]:
        widths = np.trim_zeros(mask.sum(axis=1))
        assert low <= widths.argmax() / (len(widths) - 1) <= high


@pytest.mark.parametrize(
    ("level", "smallest", "largest"), [("quick", 0.32, 0.44), ("easy", 0.27, 0.42), ("medium", 0.22, 0.40)]
)
def test_disks_are_whole_and_as_large_as_the_level_says(level: str, smallest: float, largest: float) -> None:
    train = load_dataset("shapes", level).train
    assert train.masks is not None
    disks = train.masks[train.labels == 0]
    width, height = disks.any(axis=1).sum(axis=1), disks.any(axis=2).sum(axis=1)
    assert abs(width - height).max() <= 1
    radius = np.sqrt(disks.sum(axis=(1, 2)) / math.pi) / shapes.SIDE
    assert radius.min() == pytest.approx(smallest, abs=0.008)  # a quarter of a pixel
    assert radius.max() == pytest.approx(largest, abs=0.008)


@pytest.mark.parametrize(("level", "most"), [("quick", 14), ("easy", 20)])
def test_objects_are_turned_no_further_than_the_level_says(level: str, most: float) -> None:
    """By the main axis of the two bars, which together are taller than wide."""
    train = load_dataset("shapes", level).train
    assert train.masks is not None
    masks = train.masks[train.labels == catalog.DATASETS["shapes"].classes.index("bars")]
    angles = []
    for mask in masks:
        (down_var, mixed), (_, across_var) = np.cov(np.nonzero(mask))
        angles.append(math.degrees(math.atan2(2 * mixed, down_var - across_var)) / 2)
    assert max(angles) == pytest.approx(most, abs=3)  # degrees that pixels blur
    assert min(angles) == pytest.approx(-most, abs=3)


def test_objects_at_level_quick_are_brighter_than_the_background_around_them() -> None:
    data = load_dataset("shapes")
    for split in (data.train, data.test):
        assert split.masks is not None
        inside = _mean_colour(split.images, split.masks).mean(axis=1)
        around = _mean_colour(split.images, _rim(split.masks)).mean(axis=1)
        assert (inside > around).mean() > 0.995  # a bright stroke along the rim may outshine it
        assert (inside - around).mean() > 0.15


@pytest.mark.parametrize("level", ["easy", "medium"])
def test_brightness_does_not_give_the_object_away_at_the_harder_levels(level: str) -> None:
    train = load_dataset("shapes", level).train
    assert train.masks is not None
    brighter = _mean_colour(train.images, train.masks).mean(axis=1) > _mean_colour(train.images, ~train.masks).mean(
        axis=1
    )
    assert 0.4 < brighter.mean() < 0.6


@pytest.mark.parametrize(("level", "least"), [("quick", 0.40), ("easy", 0.45), ("medium", 0.28)])
def test_objects_stand_out_by_the_contrast_of_the_level(level: str, least: float) -> None:
    train = load_dataset("shapes", level).train
    assert train.masks is not None
    contrast = _contrast(train, train.masks)
    assert contrast.mean() > least
    assert (contrast > 0.5 * least).mean() > 0.99


@pytest.mark.parametrize("level", shapes.LEVELS)
@pytest.mark.parametrize(("axis", "shift"), [(1, 1), (1, -1), (2, 1), (2, -1)])
def test_the_mask_lies_on_its_object_to_the_pixel(level: str, axis: int, shift: int) -> None:
    train = load_dataset("shapes", level).train
    assert train.masks is not None
    moved = np.roll(train.masks, shift, axis)
    assert (_contrast(train, train.masks) > _contrast(train, moved)).mean() > 0.9


def test_training_and_test_images_are_drawn_from_the_same_distribution() -> None:
    data = load_dataset("shapes")
    np.testing.assert_allclose(data.test.images.mean(axis=(0, 2, 3)) / 255, data.mean, atol=0.02)
