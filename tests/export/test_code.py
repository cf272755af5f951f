"""The generated code is executed and gives what our net gives, bit for bit."""

import types

import pytest
import torch

from resnet import catalog
from resnet.__main__ import main
from resnet.export.code import module_code
from resnet.nets.network import Network, build_network
from resnet.specs import NetSpec

IMAGES = torch.randn(2, 3, 32, 32, generator=torch.Generator().manual_seed(0))


def run(code):
    """The module that the text makes; `__main__` is not run."""
    module = types.ModuleType("generated")
    exec(compile(code, "generated.py", "exec"), module.__dict__)
    return module


def check(spec):
    code = module_code(spec)
    module = run(code)
    net, ours = module.Net(), build_network(spec, seed=5)
    module.initialise(net, seed=5)
    expected = ours.state_dict()
    assert net.state_dict().keys() == expected.keys()
    assert all(torch.equal(tensor, expected[name]) for name, tensor in net.state_dict().items())
    assert torch.equal(net.eval()(IMAGES), ours.eval()(IMAGES))
    if not spec.random_steps:
        assert torch.equal(net.train()(IMAGES), ours.train()(IMAGES))
    assert "resnet" not in code.lower().replace("resnet lab", "")


def test_code_of_every_option_equals_our_net(small_spec):
    check(small_spec)


def test_code_of_pairs_of_options_equals_our_net(paired_spec):
    check(paired_spec)


@pytest.mark.parametrize("record", catalog.PRESETS.values(), ids=lambda record: record.name)
def test_code_of_every_preset_builds_the_same_tensors(record):
    spec = NetSpec.parse(record.net)
    with torch.device("meta"):
        net, ours = run(module_code(spec, classes=1_000)).Net(), Network(spec, 3, 1_000)
    shapes, expected = ({name: tensor.shape for name, tensor in one.state_dict().items()} for one in (net, ours))
    assert shapes == expected


def test_code_is_short_formatted_and_says_what_it_counts():
    code = module_code(NetSpec.parse("res-20"))
    lines = code.splitlines()
    assert len(lines) < 125
    assert max(map(len, lines)) <= 120
    assert "20 weighted layers, 68,050 parameters" in code


def test_the_main_part_runs(capsys):
    code = module_code(NetSpec.parse("plain-8-w4"))
    exec(compile(code, "generated.py", "exec"), {"__name__": "__main__"})
    assert "torch.Size([2, 10])" in capsys.readouterr().out


@pytest.mark.parametrize("words", [["code", "res-8"], ["code", "res-8", "--notebook"]])
def test_the_command_line_prints_the_code(words, capsys):
    assert main(words) == 0
    assert "class Block" in capsys.readouterr().out


def test_the_command_line_refuses_a_wrong_name_in_one_sentence(capsys):
    assert main(["code", "res-9"]) == 2
    assert capsys.readouterr().err == "resnet: depth must be an even number, 8–1202; got 9; try 8 or 10\n"
