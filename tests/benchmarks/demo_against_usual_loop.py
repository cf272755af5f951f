"""Our four-net demo against what its arithmetic costs and against the loop that most tutorials show.

Floor: forward, backward and optimizer alone on one batch, two nets at a time in two processes of one thread. Bare:
`train` with all that it records and evaluates, in the same two processes. Ours: the same in the app's engine, workers
and store. Usual: a Dataset of PIL images with torchvision transforms in a DataLoader, NCHW, the default optimizer,
``.item()`` in every step, PyTorch's own thread count, one net after the other, no recording.

"CPU s" adds up what all processes computed: where others compute too its ratios are the steadier ones. Same nets, batch
size, steps and optimizer; alternating in one run. Run it alone on a quiet machine:

    python -m tests.benchmarks.demo_against_usual_loop [--steps 400] [--repeats 3] [--loaders 0] [--without usual]
        [--before CHECKOUT]

A smoke run: ``--steps 8 --repeats 1``. `CHECKOUT` is another working tree, whose `train` takes part too.
"""

import argparse
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack, contextmanager
from multiprocessing import get_context
from pathlib import Path

import psutil

PROCESSES = 2
NAMES = ("plain-56", "res-56", "plain-20", "res-20")  # the longest first, as the app queues them
PEAK = 768  # rows and columns of the matrices whose product shows what one core can do
Seconds = tuple[float, ...]  # on the clock, and computed
KINDS = ("floor", "before", "bare", "ours", "usual")


def prepared(seconds: float) -> str:
    """In a process of ours: one thread, everything imported; returns which checkout it is."""
    import torch

    import resnet
    import resnet.training.loop
    from resnet.datasets import load_dataset

    torch.set_num_threads(1)
    load_dataset("shapes")
    time.sleep(seconds)  # so that the other process gets such a task too
    return str(resnet.__file__)


class Watch:
    """Seconds on the clock, and those that this process and its children computed, since it was started."""

    def __init__(self) -> None:
        self.start = self._now()

    def __call__(self) -> Seconds:
        return tuple(now - then for now, then in zip(self._now(), self.start, strict=True))

    def _now(self) -> Seconds:
        me = psutil.Process()
        times = [process.cpu_times() for process in (me, *me.children(recursive=True))]
        return time.perf_counter(), sum(one.user + one.system for one in times)


def floor(name: str, steps: int, _seed: int) -> Seconds:
    """Forward, backward and optimizer alone."""
    step = _step(name)
    taken = Watch()
    for _ in range(steps):
        step()
    return taken()


def _step(name: str) -> Callable[[], None]:
    import torch

    from resnet import NetSpec, Recipe, build_network, load_dataset
    from resnet.datasets.batches import Batches
    from resnet.training.optimizers import make_optimizer

    dataset, recipe = load_dataset("shapes"), Recipe()
    net = build_network(NetSpec.parse(name)).to(memory_format=torch.channels_last).train()
    images, labels = Batches(dataset, dataset.train, torch.device("cpu")).take(slice(recipe.batch))
    optimizer = make_optimizer(net, recipe)

    def step() -> None:
        optimizer.zero_grad()
        torch.nn.functional.cross_entropy(net(images), labels).backward()
        optimizer.step()

    step()
    return step


def bare(name: str, steps: int, seed: int) -> Seconds:
    """A whole run, its net built anew, without the app around it."""
    from resnet import NetSpec, Recipe, build_network, load_dataset, train

    taken = Watch()
    for _ in train(build_network(NetSpec.parse(name), seed), load_dataset("shapes"), Recipe(steps=steps, seed=seed)):
        pass
    return taken()


def convolutions(name: str, steps: int) -> tuple[float, float]:
    """GFLOP/s of the convolutions of a training step, and of a matrix product, on one thread."""
    import torch
    from torch.profiler import ProfilerActivity, profile

    from resnet import NetSpec, Recipe
    from resnet.training.estimates import cost

    step = _step(name)
    with profile(activities=[ProfilerActivity.CPU]) as seen:
        for _ in range(steps):
            step()
    microseconds = sum(event.self_cpu_time_total for event in seen.key_averages() if "convolution" in event.key)
    operations = 3 * 2 * cost(NetSpec.parse(name), "shapes").multiply_adds * Recipe().batch * steps  # backward: twice
    a, b = torch.rand(2, PEAK, PEAK)
    products = []
    for _ in range(20):
        start = time.perf_counter()
        a @ b
        products.append(2 * PEAK**3 / (time.perf_counter() - start) / 1e9)
    return operations / microseconds / 1e3, statistics.median(products)


@contextmanager
def processes(checkout: str = "") -> Iterator[ProcessPoolExecutor]:
    """Two warm processes with the code of this checkout or of another."""
    with ProcessPoolExecutor(PROCESSES, mp_context=get_context("spawn")) as pool:
        if checkout:
            sys.path.insert(0, checkout)  # a new process takes over this list
        try:
            found = set(pool.map(prepared, [2.0] * PROCESSES))
        finally:
            sys.path[:] = sys.path[1:] if checkout else sys.path
        assert not checkout or all(path.startswith(checkout) for path in found), found
        yield pool


def side_by_side(pool: ProcessPoolExecutor, work: Callable[..., Seconds], steps: int, seed: int) -> Seconds:
    """Until the last of the four nets is done, two at a time."""
    from resnet.training.estimates import total_seconds

    clock, computed = zip(*pool.map(work, NAMES, [steps] * len(NAMES), [seed] * len(NAMES)), strict=True)
    return total_seconds(clock, PROCESSES), sum(computed)


@contextmanager
def engine_of_the_app() -> Iterator[Callable[[int, int], Seconds]]:
    """From the click to the last net's end, of the engine with its workers and store."""
    from resnet import NetSpec, Recipe
    from resnet.runs.engine import Engine
    from resnet.runs.store import Store
    from resnet.training.estimates import longest_first

    def ours(steps: int, seed: int) -> Seconds:
        recipe, watch = Recipe(steps=steps, seed=seed), Watch()
        nets = longest_first(map(NetSpec.parse, NAMES), recipe)
        ids = [engine.submit(net, recipe, "benchmark") for net in nets]
        while any(run.status in ("queued", "running") for run in engine.store.runs(ids).values()):
            time.sleep(0.1)
        taken = watch()
        assert all(run.status == "done" for run in engine.store.runs(ids).values())
        return taken

    with tempfile.TemporaryDirectory() as folder:
        engine = Engine(Store(Path(folder) / "runs.sqlite"))
        engine.start()
        try:
            engine.call(time.sleep, 0).result()
            ours(2, 999)
            yield ours
        finally:
            engine.close()


def usual(steps: int, loaders: int) -> Seconds:
    """The loop that most tutorials show."""
    import torch
    from torch import nn

    from resnet import NetSpec, build_network

    train, test = _loaders(loaders)
    watch = Watch()
    for name in NAMES:
        net = build_network(NetSpec.parse(name))
        optimizer = torch.optim.Adam(net.parameters(), lr=3e-3)
        done, losses = 0, []
        while done < steps:
            for images, labels in train:
                optimizer.zero_grad()
                loss = nn.functional.cross_entropy(net(images), labels)
                loss.backward()
                optimizer.step()
                losses.append(loss.item())
                done += 1
                if done == steps:
                    break
        net.eval()
        with torch.no_grad():
            sum((net(images).argmax(1) == labels).sum().item() for images, labels in test)
    return watch()


class Pictures:
    """A split as a map-style data set of PIL images, as tutorials write it."""

    def __init__(self, split, transform):
        from PIL import Image

        self.images = [Image.fromarray(image.transpose(1, 2, 0)) for image in split.images]
        self.labels, self.transform = split.labels, transform

    def __len__(self):
        return len(self.labels)

    def __getitem__(self, index):
        return self.transform(self.images[index]), int(self.labels[index])


def _loaders(loaders: int):
    from torch.utils.data import DataLoader
    from torchvision import transforms

    from resnet import load_dataset

    data = load_dataset("shapes")
    scale = [transforms.ToTensor(), transforms.Normalize(data.mean.tolist(), data.std.tolist())]
    augment = transforms.Compose([transforms.RandomCrop(32, padding=2), transforms.RandomHorizontalFlip(), *scale])
    train = DataLoader(Pictures(data.train, augment), batch_size=32, shuffle=True, drop_last=True, num_workers=loaders)
    return train, DataLoader(Pictures(data.test, transforms.Compose(scale)), batch_size=250)


def spread(values: list[float]) -> str:
    """Median, 95th percentile, lowest and highest."""
    ordered = sorted(values)
    high = ordered[round(0.95 * (len(ordered) - 1))]
    return "".join(f"{value:9.2f}" for value in (statistics.median(values), high, ordered[0], ordered[-1]))


RATIOS = (("bare", "floor"), ("ours", "floor"), ("before", "bare"), ("usual", "ours"), ("usual", "floor"))


def report(seen: dict[str, list[Seconds]], steps: int) -> None:
    """The tables of seconds, and of the ratios within each repeat."""
    for index, unit in enumerate(("s", "CPU s")):
        taken = {kind: [seconds[index] for seconds in values] for kind, values in seen.items()}
        head = f"four nets, {steps} steps, n = {len(taken['floor'])}"
        print(f"\n{head:30}   median      p95      min      max")
        for kind, values in taken.items():
            print(f"{kind + ', ' + unit:30}{spread(values)}")
        for above, below in RATIOS:
            if above in seen and below in seen:
                ratios = [a / b for a, b in zip(taken[above], taken[below], strict=True)]
                print(f"{above + ' / ' + below + ', ' + unit:30}{spread(ratios)}")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--steps", type=int, default=400)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--loaders", type=int, default=0)
    parser.add_argument("--without", nargs="*", default=[], choices=KINDS[1:])
    parser.add_argument("--before", default="")
    options = parser.parse_args()
    os.environ.setdefault("KINETO_LOG_LEVEL", "9")  # the profiler looks for GPUs, and says so
    steps = options.steps
    with ExitStack() as stack:
        pool = stack.enter_context(processes())
        work = {"floor": lambda seed: side_by_side(pool, floor, steps, seed)}
        if options.before:
            other = stack.enter_context(processes(options.before))
            work["before"] = lambda seed: side_by_side(other, bare, steps, seed)
        work["bare"] = lambda seed: side_by_side(pool, bare, steps, seed)
        if "ours" not in options.without:
            ours = stack.enter_context(engine_of_the_app())
            work["ours"] = lambda seed: ours(steps, seed)
        work["usual"] = lambda _seed: usual(steps, options.loaders)
        work = {kind: run for kind, run in work.items() if kind not in options.without}
        seen: dict[str, list[Seconds]] = {kind: [] for kind in work}
        for seed in range(options.repeats):
            for kind, run in work.items():
                seen[kind].append(run(seed))
            print("  ".join(f"{kind} {values[-1][0]:.2f}" for kind, values in seen.items()), flush=True)
        report(seen, steps)
        for name in NAMES[1:3]:
            reached, peak = pool.submit(convolutions, name, 10).result()
            print(
                f"convolutions of {name}: {reached:.0f} GFLOP/s, {reached / peak:.0%} of a matrix product's {peak:.0f}"
            )


if __name__ == "__main__":
    __spec__ = None  # run by ``python -m`` too, new processes read this very file, whatever checkout they use
    main()
