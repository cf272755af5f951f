"""Questions about the faults of the course notes' net that no training shows."""

from resnet.runs.store.states import State
from resnet.runs.tasks.loading import test_images, trained
from resnet.specs import NetSpec, Recipe

WRONG_CLASS = "class Net34:\n    def __init__(self):\n        super(Net, self).__init__()\n\nNet34()\n"


def functional(
    spec: NetSpec, recipe: Recipe, state: State | None, indices: list[int]
) -> dict[str, tuple[float, float]]:
    """What functional ReLU does to the maps of some test images; see `attributions.functional.effects`."""
    from resnet.attributions.functional import effects

    net, dataset = trained(spec, recipe, state)
    return effects(net, *test_images(dataset, indices))


def wrong_class() -> str:
    """What Python says when a class names another one in `super`."""
    try:
        exec(WRONG_CLASS, {})
    except NameError as error:
        return f"{type(error).__name__}: {error}"
    return ""
