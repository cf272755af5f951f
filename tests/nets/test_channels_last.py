"""Gradients of 1x1 convolutions with stride, channels last as in training: oneDNN's own are wrong or end the process.

A process of its own, so that its end is a failed test and not the end of all tests.
"""

import subprocess
import sys

import pytest

SCRIPT = """
import sys, types
import torch
from torch.nn import functional as F
from resnet.export.code import module_code
from resnet.nets.network import build_network
from resnet.specs import NetSpec

torch.set_num_threads(1)
spec = NetSpec.parse(sys.argv[1])
module = types.ModuleType("generated")
exec(compile(module_code(spec, classes=11), "generated.py", "exec"), module.__dict__)
images = torch.randn(16, 3, 32, 32, generator=torch.Generator().manual_seed(0))
labels = torch.arange(16) % 10


def exported():
    net = module.Net()
    module.initialise(net)
    return net


def gradients(net, layout):
    net.to(memory_format=layout).train()
    batch = images.to(next(net.parameters()).dtype).contiguous(memory_format=layout)
    F.cross_entropy(net(batch), labels).backward()
    return {name: weight.grad.double() for name, weight in net.named_parameters()}


reference = gradients(build_network(spec, classes=11).double(), torch.contiguous_format)
for net in (build_network(spec, classes=11), exported()):
    for _ in range(5):
        net.zero_grad()
        found = gradients(net, torch.channels_last)
        for name, expected in reference.items():
            error, size = (found[name] - expected).norm().item(), expected.norm().item()
            assert error <= 1e-4 * size + 1e-7, (name, error, size)
print("equal")
"""


# With tanh: rounding can carry a value over the kink of a ReLU, and then gradients differ by more.
@pytest.mark.parametrize("shortcut", ["optb", "exgate", "gate", "conv1x1"])
def test_gradients_channels_last_equal_those_of_the_usual_layout(shortcut):
    result = subprocess.run(
        [sys.executable, "-c", SCRIPT, f"res-8-w4-{shortcut}-tanh"], capture_output=True, text=True, check=False
    )
    assert result.returncode == 0, f"ended with {result.returncode}: {result.stderr[-2000:]}"
    assert result.stdout == "equal\n"
