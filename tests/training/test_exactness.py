"""What is set once in a training process. All of it is global, so every test has a process of its own."""

import os
import subprocess
import sys

import pytest
import torch

from resnet.training.exactness import wants_speed

SETTINGS = """
import os, sys
import torch
from resnet.training.exactness import prepare


def settings():
    return {
        "matmul": torch.backends.cuda.matmul.fp32_precision,
        "conv": torch.backends.cudnn.conv.fp32_precision,
        "benchmark": torch.backends.cudnn.benchmark,
        "deterministic": torch.are_deterministic_algorithms_enabled(),
        "fill": torch.utils.deterministic.fill_uninitialized_memory,
        "workspace": os.environ.get("CUBLAS_WORKSPACE_CONFIG"),
        "cpu": torch.backends.mkldnn.fp32_precision,
    }


before = settings()
for device in sys.argv[1:]:
    prepare(torch.device(device))
print({name: value for name, value in settings().items() if value != before[name]})
"""

EXACT = {"matmul": "ieee", "conv": "ieee", "deterministic": True, "fill": False, "workspace": ":4096:8"}


def answer(script, *arguments, **environment):
    names = {
        name: value for name, value in os.environ.items() if name not in ("RESNET_FAST", "CUBLAS_WORKSPACE_CONFIG")
    }
    command = [sys.executable, "-W", "error", "-c", script, *arguments]
    result = subprocess.run(command, env={**names, **environment}, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stderr[-2000:]
    return result.stdout.strip()


def test_runs_on_a_gpu_repeat_and_round_nothing_to_tf32():
    assert answer(SETTINGS, "cuda", "cuda") == str(EXACT)  # for every run again


def test_a_host_may_prefer_speed(monkeypatch):
    assert answer(SETTINGS, "cuda", RESNET_FAST="Yes") == str(
        {"matmul": "tf32", "benchmark": True}
    )  # convolutions are anyway
    monkeypatch.setenv("RESNET_FAST", "no")
    assert not wants_speed()


def test_other_devices_are_left_as_they_are():
    assert answer(SETTINGS, "cpu", "mps") == "{}"


TWICE = """
import os, sys
import numpy as np
import torch
from resnet.datasets import load_dataset
from resnet.nets.network import build_network
from resnet.specs import NetSpec, Recipe
from resnet.training.exactness import prepare
from resnet.training.loop import train

torch.set_num_threads(1)
prepare(torch.device("cuda", 0))
digits, recipe = load_dataset("digits"), Recipe(data="digits", steps=20, batch=16, record_every=10, evaluate_every=20)


def run(device, steps=21):
    net = build_network(NetSpec.parse(sys.argv[1]), channels=1)
    return [step for step, _ in zip(train(net, digits, recipe, device=torch.device(device)), range(steps))]


first, again, (exact,) = run("cuda"), run("cuda"), run("cpu", 1)
assert [step.loss for step in first] == [step.loss for step in again]
for a, b in zip(first, again):
    assert all(np.array_equal(a.profiles[name], b.profiles[name], equal_nan=True) for name in a.profiles)
for name in ("gradient_norm", "response_std"):
    np.testing.assert_allclose(first[0].profiles[name], exact.profiles[name], rtol=1e-3, atol=1e-7)
print("equal")
"""


@pytest.mark.gpu
@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a CUDA device")
@pytest.mark.parametrize("name", ["plain-20", "res-20", "res-20-optb", "res-20-group", "res-8-w4-p0.5", "resnet-18"])
def test_a_run_repeats_on_the_gpu_and_its_profiles_at_step_0_are_those_of_the_cpu(name):
    assert answer(TWICE, name) == "equal"
