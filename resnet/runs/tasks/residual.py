"""The question what the blocks of a residual net add."""

from resnet.analyses.results import Branches
from resnet.runs.store.states import State
from resnet.runs.tasks.loading import test_images, trained
from resnet.specs import NetSpec, Recipe

IMAGES = 100  # test images of the means


def branches(spec: NetSpec, recipe: Recipe, state: State | None, image: int) -> Branches:
    """For the test image with that number, and in the mean over the first ones."""
    from resnet.analyses.branches import branches as branches_of

    net, dataset = trained(spec, recipe, state)
    count = min(IMAGES, len(dataset.test.labels))
    images, _labels = test_images(dataset, [image, *range(count)])
    return branches_of(net, images)
