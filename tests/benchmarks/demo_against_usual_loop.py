"""Our four-net demo against the loop that most tutorials show; run it alone on a quiet machine.

Usual: a Dataset of PIL images with torchvision transforms in a DataLoader, NCHW, the default optimiser, ``.item()`` in
every step, PyTorch's own thread count, one net after the other, no recording. Ours: the engine with everything the app
records and evaluates. Same nets, batch size, steps and optimiser; alternating in one run.

    python tests/benchmarks/demo_against_usual_loop.py [--steps 100] [--repeats 3] [--loaders 0]
"""

import argparse
import statistics
import tempfile
import time
from pathlib import Path

import torch
from PIL import Image
from torch import nn
from torch.utils.data import DataLoader, Dataset
from torchvision import transforms

from resnet.datasets import load_dataset
from resnet.nets.network import build_network
from resnet.runs.engine import Engine
from resnet.runs.store import Store
from resnet.specs import NetSpec, Recipe
from resnet.training.estimates import longest_first

NETS = [NetSpec.parse(name) for name in ("plain-20", "plain-56", "res-20", "res-56")]


class Pictures(Dataset):
    def __init__(self, split, transform):
        self.images = [Image.fromarray(image.transpose(1, 2, 0)) for image in split.images]
        self.labels, self.transform = split.labels, transform

    def __len__(self):
        return len(self.labels)

    def __getitem__(self, index):
        return self.transform(self.images[index]), int(self.labels[index])


def usual(steps: int, loaders: int) -> float:
    data = load_dataset("shapes")
    scale = [transforms.ToTensor(), transforms.Normalize(data.mean.tolist(), data.std.tolist())]
    augment = transforms.Compose([transforms.RandomCrop(32, padding=2), transforms.RandomHorizontalFlip(), *scale])
    train = DataLoader(Pictures(data.train, augment), batch_size=32, shuffle=True, drop_last=True, num_workers=loaders)
    test = DataLoader(Pictures(data.test, transforms.Compose(scale)), batch_size=250)
    start = time.perf_counter()
    for spec in NETS:
        net = build_network(spec)
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
    return time.perf_counter() - start


def ours(engine: Engine, steps: int, seed: int) -> float:
    recipe = Recipe(steps=steps, seed=seed)
    start = time.perf_counter()
    ids = [engine.submit(net, recipe, "benchmark") for net in longest_first(NETS, recipe)]
    while len(done := [run for run in engine.store.runs(ids).values() if run.status not in ("queued", "running")]) < 4:
        time.sleep(0.02)
    assert all(run.status == "done" for run in done), [(run.status, run.sentence) for run in done]
    return time.perf_counter() - start


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--steps", type=int, default=100)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--loaders", type=int, default=0)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        engine = Engine(Store(Path(folder) / "runs.sqlite"))
        engine.start()
        try:
            engine.call(time.sleep, 0).result()
            ours(engine, 5, seed=999)  # imports and data are there
            pairs = []
            for repeat in range(options.repeats):
                pair = ours(engine, options.steps, repeat), usual(options.steps, options.loaders)
                pairs.append(pair)
                print(f"ours {pair[0]:.1f} s, usual {pair[1]:.1f} s, ratio {pair[1] / pair[0]:.2f}", flush=True)
        finally:
            engine.close()
    print(f"ratio usual / ours: {statistics.median(b / a for a, b in pairs):.2f} (median of {options.repeats})")


if __name__ == "__main__":
    main()
