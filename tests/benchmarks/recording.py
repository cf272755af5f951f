"""What recording costs: the training loop as it is against the same loop without any probe, alternating.

python tests/benchmarks/recording.py [--net res-56] [--steps 60] [--repeats 5]
"""

import argparse
import statistics
import time

import torch

import resnet.probes
import resnet.training.loop
from resnet.datasets import load_dataset
from resnet.nets.network import build_network
from resnet.probes import PROBES
from resnet.specs import NetSpec, Recipe


def seconds(net: str, recipe: Recipe) -> float:
    """Time of the steps alone, evaluations not counted: from the first record to the last but one."""
    steps = resnet.training.loop.train(build_network(NetSpec.parse(net)), load_dataset("shapes"), recipe)
    next(steps)
    start = time.perf_counter()
    for step in steps:
        if step.step == recipe.steps - 1:
            break
    return time.perf_counter() - start


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--net", default="res-56")
    parser.add_argument("--steps", type=int, default=60)
    parser.add_argument("--repeats", type=int, default=5)
    options = parser.parse_args()
    torch.set_num_threads(1)
    recipe = Recipe(steps=options.steps, evaluate_every=options.steps)
    ratios = []
    for _ in range(options.repeats):
        resnet.probes.PROBES = PROBES
        recorded = seconds(options.net, recipe)
        resnet.probes.PROBES = {}
        bare = seconds(options.net, recipe.but(record_every=1_000))
        ratios.append(recorded / bare)
        print(f"recorded {recorded:.2f} s, bare {bare:.2f} s, ratio {ratios[-1]:.3f}", flush=True)
    print(f"recording costs {100 * (statistics.median(ratios) - 1):.1f} % of a step (median of {options.repeats})")


if __name__ == "__main__":
    main()
