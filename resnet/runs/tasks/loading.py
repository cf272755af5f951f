"""What the questions to a worker begin with: a net of their own, its data, its weights.

Imported by the pages' process too, so torch is imported inside the functions only.
"""

import os
from collections import OrderedDict
from typing import TYPE_CHECKING, Any

from resnet.i18n import N_
from resnet.runs.errors import EngineError, NotHere
from resnet.runs.store.states import LAST as LAST
from resnet.runs.store.states import State, read
from resnet.specs import NetSpec, Recipe
from resnet.training import estimates

if TYPE_CHECKING:
    from torch import Tensor

    from resnet.datasets import Dataset
    from resnet.nets.network import Network

PROFILE_IMAGES = 32  # of the first batch, for questions of many passes, and where the whole batch is too much
FEWEST = 16  # in float64 as large as twice as many in float32
PATIENCE = 5.0  # seconds that the profile of one net may take for the sake of the whole batch
DOUBLE = 3.5  # times longer a pass takes in float64: 2.1-4.6 for depths 20-110, batch 32 and 128, one AVX2 thread
DAMAGED_WEIGHTS = N_("The weights of this run do not fit its net: they are damaged. Its curves can still be read.")
CACHE = 64_000_000  # bytes of weights that a worker keeps: the last states of 70 runs of res-56

_recent: "OrderedDict[State, bytes]" = OrderedDict()


def one_thread() -> None:
    """As many threads as this worker was given, which torch does not read again after its import."""
    import torch

    torch.set_num_threads(int(os.environ.get("OMP_NUM_THREADS", "1")))


def fresh(spec: NetSpec, recipe: Recipe) -> "tuple[Network, Dataset]":
    """A net with the weights of step 0, and its data."""
    from resnet.datasets import load_dataset
    from resnet.nets.network import build_network

    one_thread()
    dataset = load_dataset(recipe.data, recipe.level, pixels=recipe.pixels)
    channels, classes = dataset.train.images.shape[1], len(dataset.classes)
    return build_network(spec, recipe.seed, channels, classes), dataset


def first_batch(spec: NetSpec, recipe: Recipe, count: int = PROFILE_IMAGES) -> "tuple[Network, Tensor, Tensor]":
    """The net of step 0, and the first `count` images of the first batch of its training with their labels.

    Where images are mixed in training, these are not: each still has one label.
    """
    net, dataset = fresh(spec, recipe)
    return net, *first_images(dataset, recipe, count)


def first_images(dataset: "Dataset", recipe: Recipe, count: int) -> "tuple[Tensor, Tensor]":
    """The first `count` images of the first batch, none mixed, with their labels."""
    images, labels = next(first_batches(dataset, recipe.but(mixup=0.0)))
    return images[:count], labels[:count]


def step0_images(spec: NetSpec, recipe: Recipe, available: float) -> int:
    """How many images of the first batch a profile at step 0 looks at: all, unless that is too slow or too large.

    `available` bytes may be used. As many as a run's first step uses, so that both give one value.
    """
    one = estimates.cost(spec, recipe.data, recipe.pixels)
    image = estimates.SECONDS_PER_MULTIPLY_ADD * one.multiply_adds + estimates.SECONDS_PER_OUTPUT * one.outputs
    for count in (recipe.batch, PROFILE_IMAGES):
        seconds = DOUBLE * (estimates.SECONDS_PER_LAYER * spec.depth + count * image)
        single = estimates.memory(spec, recipe.but(batch=count))
        double = single + estimates.BYTES_PER_OUTPUT * one.outputs * count
        if count <= recipe.batch and double <= available and (seconds <= PATIENCE or count <= PROFILE_IMAGES):
            return count
    return min(recipe.batch, FEWEST)


def first_batches(dataset: "Dataset", recipe: Recipe) -> Any:
    """The batches of a training by the recipe, from the first one."""
    import torch

    from resnet import catalog
    from resnet.datasets.batches import Batches

    data = Batches(dataset, dataset.train, torch.device("cpu"))
    flip = recipe.flip and catalog.data_choice(dataset.name).flip
    return data.shuffled(recipe.batch, recipe.seed, recipe.augment, flip, recipe.cutout, recipe.mixup)


def trained(spec: NetSpec, recipe: Recipe, state: State | None) -> "tuple[Network, Dataset]":
    """The net with the weights of `state`, untrained for None, in evaluation mode; and its data. Raises `NotHere`.

    Statistics of batch norm fit the weights: those of step 0 and of a kept step, which lag, are estimated anew.
    """
    import torch

    from resnet.datasets.batches import Batches
    from resnet.nets.statistics import calibrate

    net, dataset = filled(spec, recipe, state)
    if state is None or state.step != LAST:
        calibrate(net, Batches(dataset, dataset.train, torch.device("cpu")))
    return net.eval(), dataset


def filled(spec: NetSpec, recipe: Recipe, state: State | None) -> "tuple[Network, Dataset]":
    """The net with the weights of `state`, or of step 0 for None, in training mode; and its data. Raises `NotHere`."""
    from safetensors.torch import load

    from resnet.nets.weights import from_first_layout

    tensors = load(tensors_of(state)) if state else None
    net, dataset = fresh(spec, recipe)
    if tensors is not None:
        _fill(net, from_first_layout(tensors))
    return net, dataset


def _fill(net: "Network", tensors: "dict[str, Tensor]") -> None:
    """Raises EngineError for weights of another net, or damaged ones."""
    try:
        net.load_state_dict(tensors)
    except RuntimeError as error:
        raise EngineError(DAMAGED_WEIGHTS) from error


def tensors_of(state: State) -> bytes:
    """The weights of `state`, kept here, sent along, or read from the store. Raises `NotHere`."""
    found = _recent.pop(state, None) or state.tensors or read(state)
    if found is None:
        raise NotHere(state.run)
    _recent[State(state.run, state.finished, state.step)] = found
    while sum(map(len, _recent.values())) > CACHE:
        _recent.popitem(last=False)
    return found


def test_images(dataset: "Dataset", indices: list[int]) -> "tuple[Tensor, Tensor]":
    """Normalised test images (N, C, H, W) and their labels (N,)."""
    import torch

    from resnet.datasets.batches import Batches

    return Batches(dataset, dataset.test, torch.device("cpu")).take(torch.tensor(indices))


def baselines_of(kind: str, images: "Tensor", dataset: "Dataset") -> "Tensor":
    """x₀ of that kind for normalised images of the data set, (N, C, H, W)."""
    import torch

    from resnet.attributions.attribute import baseline

    return baseline(kind, images, torch.from_numpy(-dataset.mean / dataset.std))
