"""What the workers run. Imported by the pages' process too, so torch is imported inside the functions only.

Everything handed over is plain: JSON texts, bytes, numpy arrays. A net is built anew in every call and never shared.
"""

import os
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from resnet.specs import NetSpec, Recipe
from resnet.words import N_

if TYPE_CHECKING:
    from torch import Tensor

    from resnet.analyses.results import Equations, PathLengths, Shattered
    from resnet.datasets import Dataset
    from resnet.network import Network

REPORT_EVERY = 0.2  # seconds between two events; a page reads the store about once a second
LAST = -1  # the weights at the end of a run
KEPT_PARAMETERS = 1_000_000  # of deeper and wider nets only the last weights are kept: eight more would fill the disk
PROFILE_IMAGES = 32  # at most so many images of the first batch for a profile at step 0

_stopped: set[str] = set()  # runs that this worker process was asked to stop


class RunEnd(Exception):
    """A run that ended before its last step; `text` is a sentence for the visitor, filled with `values`."""

    text = N_("The run ended.")

    def __init__(self, **values: Any) -> None:
        super().__init__(values)
        self.values = values

    def __reduce__(self) -> tuple[Any, ...]:
        return _rebuild, (type(self), self.values)


class Stopped(RunEnd):
    """Somebody pressed stop."""

    text = N_("Stopped.")


class RunDiverged(RunEnd):
    """The loss became NaN or infinite."""

    text = N_("Diverged at step {step}: the loss is not a finite number.")


class OutOfMemory(RunEnd):
    """The device ran out of memory; what the run held is given back."""

    text = N_("The device ran out of memory: choose a smaller batch, width or depth.")


def _rebuild(kind: type[RunEnd], values: dict[str, Any]) -> RunEnd:
    return kind(**values)


def warm_up() -> None:
    """Import what jobs need, once per worker, before the first visitor presses a button."""
    import torch

    import resnet.training

    if "RESNET_TRAIN_SLOT" not in os.environ:  # a worker that only trains needs no Captum: 35 MB
        import resnet.attributions  # noqa: F401

    torch.set_num_threads(1)


def device_info() -> dict[str, Any]:
    """What trains: ``type`` (cpu, cuda, mps), a ``label`` for people, the ``count`` of such devices.

    A CUDA device also tells its ``memory`` in bytes.
    """
    import torch

    from resnet.batches import default_device

    kind = default_device().type
    if kind == "cuda":
        memory = torch.cuda.get_device_properties(0).total_memory
        label, count = torch.cuda.get_device_name(0), torch.cuda.device_count()
        return {"type": kind, "label": label, "count": count, "memory": memory}
    return {"type": kind, "label": "Apple GPU" if kind == "mps" else "CPU", "count": 1}


def request_stop(run_id: str) -> None:
    """Executed in the worker process while it trains: the job sees it at its next block."""
    _stopped.add(run_id)


def train_run(run_id: str, net_json: str, recipe_json: str, topic: str) -> bytes:
    """Train one run, report its steps as events of `topic`, return the weights as safetensors.

    Raises `Stopped`, `RunDiverged` or `OutOfMemory`.
    """
    from distributed import get_worker

    worker = get_worker()

    def emit(message: dict[str, Any]) -> None:
        worker.log_event(topic, {"run": run_id, **message})

    _stopped.discard(run_id)
    emit({"kind": "started"})
    return _train(run_id, NetSpec.from_json(net_json), Recipe.from_json(recipe_json), emit)


def _train(run_id: str, spec: NetSpec, recipe: Recipe, emit: Callable[[dict[str, Any]], None]) -> bytes:
    from resnet.training import Diverged, train

    def check() -> None:
        if run_id in _stopped:
            raise Stopped

    net, dataset = _fresh(spec, recipe)
    report, kept = Report(emit), {}
    small = sum(weight.numel() for weight in net.parameters()) <= KEPT_PARAMETERS
    try:
        for step in train(net, dataset, recipe, check=check, keep=kept_steps(recipe.steps) if small else ()):
            report.add(step)
            if step.state:
                kept[step.step] = step.state
    except Diverged as error:
        raise RunDiverged(step=error.step) from error
    except RuntimeError as error:  # torch.cuda.OutOfMemoryError is one too
        raise _out_of_memory(error) from error
    finally:
        report.send()
    return _weights(net, dataset, kept)


def kept_steps(steps: int) -> list[int]:
    """The steps of a run whose weights are kept, closer together at the start; the last one is kept anyway."""
    return sorted({steps * share // 80 for share in (0, 1, 2, 5, 10, 20, 40, 60)} - {steps})


class Report:
    """Collects steps and sends them about five times a second: an event for every step would cost the pages more."""

    def __init__(self, emit: Callable[[dict[str, Any]], None]) -> None:
        self.emit = emit
        self.steps: list[dict[str, Any]] = []
        self.sent = 0.0  # the first step is sent at once

    def add(self, step: Any) -> None:
        """One `training.Step`."""
        evaluation = step.evaluation and [step.evaluation.loss, step.evaluation.accuracy]
        profiles = {name: values.astype("<f4").tobytes() for name, values in step.profiles.items()}
        record = {name: getattr(step, name) for name in ("step", "loss", "accuracy", "lr", "seconds")}
        self.steps.append({**record, "profiles": profiles, "evaluation": evaluation})
        if time.monotonic() - self.sent > REPORT_EVERY:
            self.send()

    def send(self) -> None:
        """Everything collected so far, as one event."""
        if self.steps:
            self.emit({"kind": "steps", "steps": self.steps})
        self.steps, self.sent = [], time.monotonic()


def _fresh(spec: NetSpec, recipe: Recipe) -> "tuple[Network, Dataset]":
    """A net with the weights of step 0, and its data."""
    import torch

    from resnet.datasets import load_dataset
    from resnet.network import build_network

    torch.set_num_threads(int(os.environ.get("OMP_NUM_THREADS", "1")))
    dataset = load_dataset(recipe.data, recipe.level)
    channels, classes = dataset.train.images.shape[1], len(dataset.classes)
    return build_network(spec, recipe.seed, channels, classes), dataset


def _out_of_memory(error: RuntimeError) -> Exception:
    """`OutOfMemory` if that is what happened, with the device's cache given back; else the error itself."""
    import torch

    if "out of memory" not in str(error).lower() and "can't allocate memory" not in str(error):
        return error
    if torch.cuda.is_available():
        torch.cuda.empty_cache()
    return OutOfMemory()


def _weights(net: "Network", dataset: "Dataset", kept: "dict[int, dict[str, Tensor]]") -> bytes:
    """The state dict with batch-norm statistics that fit the last weights, as safetensors.

    Those of the kept steps stand beside it, as ``@100/stem.conv.weight``.
    """
    from safetensors.torch import save

    from resnet.batches import Batches
    from resnet.evaluation import calibrate

    calibrate(net, Batches(dataset, dataset.train, next(net.parameters()).device))
    states = {name: tensor.contiguous().cpu() for name, tensor in net.state_dict().items()}
    for step, state in kept.items():
        states |= {f"@{step}/{name}": tensor.contiguous() for name, tensor in state.items()}
    return save(states)


def profiles_at_start(net_json: str, recipe_json: str, update: bool = False) -> dict[str, np.ndarray]:
    """Every probe, and the ``loss``, at step 0 on (up to 32 images of) a training's first batch; float32 per layer.

    With `update` also the probe that needs the optimiser's first step.
    """
    from resnet.network import repeatable
    from resnet.probes import measure_all

    recipe = Recipe.from_json(recipe_json)
    net, images, labels = _first_batch(net_json, recipe_json)
    with repeatable(net, recipe.seed):  # as in the first step of a run
        return measure_all(net, images, labels, recipe if update else None)


def _first_batch(net_json: str, recipe_json: str) -> "tuple[Network, Tensor, Tensor]":
    """The net of step 0, and (up to 32 images of) the first batch of its training with their labels."""
    recipe = Recipe.from_json(recipe_json)
    net, dataset = _fresh(NetSpec.from_json(net_json), recipe)
    images, labels = next(_first_batches(dataset, recipe))
    return net, images[:PROFILE_IMAGES], labels[:PROFILE_IMAGES]


def _first_batches(dataset: "Dataset", recipe: Recipe) -> Any:
    import torch

    from resnet import catalog
    from resnet.batches import Batches

    data = Batches(dataset, dataset.train, torch.device("cpu"))
    return data.shuffled(recipe.batch, recipe.seed, recipe.augment, catalog.DATASETS[dataset.name].flip)


def equations_at_start(net_json: str, recipe_json: str, stage: int) -> "dict[str, Equations]":
    """The equations of 2016 in one stage of the net at step 0, in "float32" and in "float64"."""
    import torch

    from resnet.analyses.equations import equations
    from resnet.network import repeatable

    net, images, labels = _first_batch(net_json, recipe_json)
    with repeatable(net, Recipe.from_json(recipe_json).seed):
        single = equations(net, images, labels, stage)
    with repeatable(net, Recipe.from_json(recipe_json).seed):
        double = equations(net.to(torch.float64), images.to(torch.float64), labels, stage)
    return {"float32": single, "float64": double}


def path_lengths_at_start(net_json: str, recipe_json: str) -> "PathLengths":
    """The gradient by path length of the net at step 0."""
    from resnet.analyses.paths import path_lengths
    from resnet.network import repeatable

    net, images, labels = _first_batch(net_json, recipe_json)
    with repeatable(net, Recipe.from_json(recipe_json).seed):
        return path_lengths(net, images, labels)


def shattered_at_start(net_json: str, recipe_json: str, first: int, second: int) -> "Shattered":
    """The gradient of the first image's class along the way between two test images, for the net at step 0."""
    import torch

    from resnet.analyses.shattered import shattered
    from resnet.batches import Batches
    from resnet.network import repeatable

    recipe = Recipe.from_json(recipe_json)
    net, dataset = _fresh(NetSpec.from_json(net_json), recipe)
    test = Batches(dataset, dataset.test, torch.device("cpu"))
    (start, end), labels = test.take(torch.tensor([first, second]))
    with repeatable(net, recipe.seed):
        return shattered(net, start, end, int(labels[0]))


def explain(
    net_json: str,
    recipe_json: str,
    weights: bytes | None,
    method: str,
    indices: list[int],
    explained: str,
    baseline: str = "mean",
    stage: int = 0,
    step: int = LAST,
) -> dict[str, np.ndarray]:
    """Maps of some test images by a net of its own: trained with `weights`, untrained (step 0) with None.

    `explained` is "label", "prediction" or the number of a class; `step` one of the kept ones, or LAST. Returns
    ``maps`` (N, H, W), channels summed;
    ``targets`` (N,); ``probabilities`` (N, classes); ``rise`` (N,), the explained logit above that of the baseline.
    """
    import torch

    from resnet.attributions import attribute
    from resnet.attributions import baseline as baseline_of
    from resnet.batches import Batches

    recipe = Recipe.from_json(recipe_json)
    net, dataset = _fresh(NetSpec.from_json(net_json), recipe)
    _load(net, dataset, weights, step)
    test = Batches(dataset, dataset.test, torch.device("cpu"))
    images, labels = test.take(torch.tensor(indices))
    x0 = baseline_of(baseline, images, torch.from_numpy(-dataset.mean / dataset.std))
    with torch.inference_mode():
        outputs, start = net(images), net(x0)
    targets = _targets(explained, labels, outputs)
    rise = (outputs - start).gather(1, targets[:, None])[:, 0]
    maps = attribute(method, net, images, targets, x0=x0, stage=stage).sum(1)
    found = {"maps": maps, "targets": targets, "probabilities": net.probabilities(outputs), "rise": rise}
    return {name: values.numpy() for name, values in found.items()}


def _targets(explained: str, labels: "Tensor", outputs: "Tensor") -> "Tensor":
    if explained == "label":
        return labels
    return outputs.argmax(1).clone() if explained == "prediction" else labels.new_full(labels.shape, int(explained))


def score(
    net_json: str, recipe_json: str, weights: bytes | None, method: str, indices: list[int], baseline: str
) -> dict[str, np.ndarray]:
    """Every score of one method's maps of some test images for their labels, (N,) each; see `catalog.SCORES`."""
    import torch

    from resnet.attributions import attribute, quality
    from resnet.attributions import baseline as baseline_of
    from resnet.batches import Batches
    from resnet.scores import energy_inside, mask_auc, pointing

    net, dataset = _fresh(NetSpec.from_json(net_json), Recipe.from_json(recipe_json))
    _load(net, dataset, weights)
    images, labels = Batches(dataset, dataset.test, torch.device("cpu")).take(torch.tensor(indices))
    x0 = baseline_of(baseline, images, torch.from_numpy(-dataset.mean / dataset.std))
    maps = attribute(method, net, images, labels, x0=x0)
    with torch.inference_mode():
        rise = (net(images) - net(x0)).gather(1, labels[:, None])[:, 0]
    error = (maps.sum((1, 2, 3)) - rise).abs() / rise.abs()
    deletion, insertion = quality.deletion_and_insertion(net, images, labels, maps, x0)

    def explain(inputs: torch.Tensor) -> torch.Tensor:
        repeats = len(inputs) // len(images)
        return attribute(method, net, inputs, labels.repeat_interleave(repeats), x0=x0.repeat_interleave(repeats, 0))

    found = {
        "completeness": error,
        "infidelity": quality.seeded(lambda: quality.infidelity(net, images, labels, maps)),
        "sensitivity": quality.seeded(lambda: quality.sensitivity(explain, images)),
        "deletion": deletion,
        "insertion": insertion,
    }
    scores = {name: values.detach().numpy().astype("f4") for name, values in found.items()}
    if dataset.test.masks is not None:
        flat, masks = maps.sum(1).numpy(), dataset.test.masks[indices]
        for name, measure in (("energy", energy_inside), ("pointing", pointing), ("mask_auc", mask_auc)):
            scores[name] = np.array([measure(one, mask) for one, mask in zip(flat, masks, strict=True)], dtype="f4")
    return scores


def sanity(
    net_json: str, recipe_json: str, weights: bytes | None, method: str, indices: list[int], cascading: bool
) -> dict[str, Any]:
    """Maps of the first image while the net is randomised from head to stem, and how like the first they stay.

    ``parts`` names; ``maps`` (parts + 1, H, W); ``rank`` and ``ssim`` (parts, N) against the maps of the trained net.
    """
    import torch

    from resnet.attributions import attribute
    from resnet.attributions.sanity import randomised, similarity
    from resnet.batches import Batches
    from resnet.evaluation import calibrate
    from resnet.network import build_network

    spec, recipe = NetSpec.from_json(net_json), Recipe.from_json(recipe_json)
    net, dataset = _fresh(spec, recipe)
    _load(net, dataset, weights)
    train = Batches(dataset, dataset.train, torch.device("cpu"))
    images, labels = Batches(dataset, dataset.test, torch.device("cpu")).take(torch.tensor(indices))
    channels, classes = images.shape[1], len(dataset.classes)
    fresh = build_network(spec, recipe.seed + 1, channels, classes)
    before = attribute(method, net, images, labels).sum(1)
    names, maps, likeness = [], [before[0]], []
    for name, other in randomised(net, fresh, cascading, lambda one: calibrate(one, train, images=128)):
        after = attribute(method, other, images, labels).sum(1)
        names.append(name)
        maps.append(after[0])
        likeness.append([similarity(one, two) for one, two in zip(before, after, strict=True)])
    rank, ssim = np.array(likeness).transpose(2, 0, 1)
    return {"parts": names, "maps": torch.stack(maps).numpy(), "rank": rank, "ssim": ssim}


def predictions(net_json: str, recipe_json: str, weights: bytes | None) -> np.ndarray:
    """Probabilities (N, classes) of every test image, float32."""
    import torch

    from resnet.batches import Batches

    net, dataset = _fresh(NetSpec.from_json(net_json), Recipe.from_json(recipe_json))
    _load(net, dataset, weights)
    test = Batches(dataset, dataset.test, torch.device("cpu"))
    with torch.inference_mode():
        found = torch.cat([net.probabilities(net(images)) for images, _labels in test.in_order(250)])
    return found.numpy()


def explain_picture(
    net_json: str, recipe_json: str, weights: bytes | None, method: str, picture: np.ndarray
) -> dict[str, np.ndarray]:
    """The map (H, W) of a picture (C, H, W) uint8 for the class that the net sees in it, and the probabilities."""
    import torch

    from resnet.batches import Batches

    net, dataset = _fresh(NetSpec.from_json(net_json), Recipe.from_json(recipe_json))
    _load(net, dataset, weights)
    test = Batches(dataset, dataset.test, torch.device("cpu"))
    return _explained(net, test.normalised(torch.from_numpy(picture.copy())[None]), method)


def pretrained_source(depth: int) -> tuple[str, str]:
    """Where torchvision has the ImageNet weights of that net, and the start of their SHA-256."""
    from torchvision.models import get_model_weights

    url = str(get_model_weights(f"resnet{depth}")["IMAGENET1K_V1"].url)
    return url, url.rsplit("-", 1)[1].removesuffix(".pth")


def explain_pretrained(depth: int, path: str, method: str, picture: np.ndarray) -> dict[str, Any]:
    """Like `explain_picture`, by torchvision's net with the weights at `path`; ``classes`` are the names of ImageNet.

    The picture is (3, 224, 224). The file is read without running anything that it might contain.
    """
    import torch
    from torchvision.models import get_model_weights

    from resnet.network import build_network
    from resnet.weights import from_torchvision

    torch.set_num_threads(int(os.environ.get("OMP_NUM_THREADS", "1")))
    weights = get_model_weights(f"resnet{depth}")["IMAGENET1K_V1"]
    net = build_network(NetSpec.parse(f"resnet-{depth}"), 0, 3, len(weights.meta["categories"]))
    net.load_state_dict(from_torchvision(torch.load(path, map_location="cpu", weights_only=True)))
    preset = weights.transforms()
    mean, std = (torch.tensor(values)[:, None, None] for values in (preset.mean, preset.std))
    image = (torch.from_numpy(picture.copy()) / 255 - mean) / std
    return {**_explained(net.eval(), image[None], method), "classes": list(weights.meta["categories"])}


def _explained(net: "Network", images: "Tensor", method: str) -> dict[str, np.ndarray]:
    import torch

    from resnet.attributions import attribute

    with torch.inference_mode():
        probabilities = net.probabilities(net(images))
    heatmap = attribute(method, net, images, probabilities.argmax(1).clone()).sum(1)
    return {"map": heatmap[0].numpy(), "probabilities": probabilities[0].numpy()}


def onnx_file(net_json: str, recipe_json: str, weights: bytes | None) -> bytes:
    """The net as ONNX: trained with `weights`, untrained (step 0) with None."""
    from resnet.export.onnx import to_onnx

    net, dataset = _fresh(NetSpec.from_json(net_json), Recipe.from_json(recipe_json))
    _load(net, dataset, weights)
    _count, *shape = dataset.train.images.shape
    return to_onnx(net, (shape[0], shape[1], shape[2]))


def _load(net: "Network", dataset: "Dataset", weights: bytes | None, step: int = LAST) -> None:
    """Weights of a run into `net`, or fitting batch-norm statistics for the fresh net; evaluation mode.

    Those of a kept step have the statistics of training, which lag: they are estimated anew.
    """
    import torch
    from safetensors.torch import load

    from resnet.batches import Batches
    from resnet.evaluation import calibrate
    from resnet.weights import from_first_layout

    if weights is not None:
        prefix = "" if step == LAST else f"@{step}/"
        states = {
            name.removeprefix(prefix): tensor for name, tensor in load(weights).items() if name.startswith(prefix)
        }
        net.load_state_dict(from_first_layout({n: tensor for n, tensor in states.items() if not n.startswith("@")}))
    if weights is None or step != LAST:
        calibrate(net, Batches(dataset, dataset.train, torch.device("cpu")))
    net.eval()
