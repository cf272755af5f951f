"""A training goes on from a checkpoint as if it had never been interrupted, bit for bit."""

import json
from contextlib import suppress
from dataclasses import replace

import numpy as np
import pytest
import torch

from resnet.datasets import load_dataset
from resnet.export.metadata import metadata
from resnet.nets.network import build_network
from resnet.specs import NetSpec, Recipe
from resnet.training import loop
from resnet.training.checkpoint import DAMAGED, OTHER, Checkpoint, CheckpointError, Position, read, write
from resnet.training.loop import train
from resnet.training.optimizers import OPTIMIZERS
from resnet.training.schedules import SCHEDULES

CPU = torch.device("cpu")
NET = "res-8-w4"
RECIPE = Recipe(data="digits", steps=8, batch=24, record_every=2, evaluate_every=5)


class Ended(Exception):
    """Somebody wanted the training to end."""


@pytest.fixture(scope="module")
def digits():
    """Few of them: two batches are an epoch."""
    found = load_dataset("digits")
    train, test = (
        replace(split, images=split.images[:60], labels=split.labels[:60]) for split in (found.train, found.test)
    )
    return replace(found, train=train, test=test)


def fresh(name, recipe):
    return build_network(NetSpec.parse(name), recipe.seed, channels=1)


def whole(name, recipe, digits):
    """The net and its steps, never interrupted."""
    net = fresh(name, recipe)
    return net, list(train(net, digits, recipe, device=CPU))


def stopped(name, recipe, digits, step):
    """The checkpoint of a training that ended when `step` was due, or had done them all, as it is written and read."""
    net, position = fresh(name, recipe), Position()

    def check():
        if position.step == step < recipe.steps:
            raise Ended

    with suppress(Ended):
        list(train(net, digits, recipe, device=CPU, check=check, position=position))
    assert position.step == step
    return through_bytes(position.checkpoint(), name, recipe)


def through_bytes(checkpoint, name, recipe, later=None):
    net = NetSpec.parse(name)
    return read(write(checkpoint, metadata(net, recipe)), net, later or recipe)


def gone_on(name, recipe, digits, checkpoint):
    net = fresh(name, recipe)
    return net, list(train(net, digits, recipe, device=CPU, resume=checkpoint))


def same(found, expected):
    """Two records of one step, but for the time."""
    for name in ("step", "loss", "accuracy", "lr", "evaluation"):
        assert getattr(found, name) == getattr(expected, name)
    assert np.array_equal(found.gradient_norms, expected.gradient_norms)
    assert found.profiles.keys() == expected.profiles.keys()
    assert all(np.array_equal(found.profiles[name], values) for name, values in expected.profiles.items())


def same_run(found, expected, step):
    """Nets and steps: the later steps of the one are those of the other, and both end with the same net."""
    assert [record.step for record in found[1]] == [record.step for record in expected[1]][step:]
    for pair in zip(found[1], expected[1][step:], strict=True):
        same(*pair)
    ends = found[0].state_dict(), expected[0].state_dict()
    assert all(torch.equal(ends[0][name], value) for name, value in ends[1].items())


CHANGES = [
    *({"optimizer": name, "lr": 1e-3} for name in OPTIMIZERS),
    *({"schedule": name, "warmup": 3} for name in SCHEDULES),
    {"augment": False},
    {"cutout": 8, "mixup": 0.4, "label_smoothing": 0.1, "clip": 1.0},
    {"optimizer": "sgd", "nesterov": True, "weight_decay": 1e-4},
    {"optimizer": "sgd", "momentum": 0.0},
]


@pytest.mark.parametrize("changes", CHANGES, ids=str)
def test_a_training_goes_on_bit_for_bit(changes, digits):
    recipe = RECIPE.but(**changes)
    expected = whole(NET, recipe, digits)
    same_run(gone_on(NET, recipe, digits, stopped(NET, recipe, digits, 5)), expected, 5)


@pytest.mark.parametrize("step", [0, 1, 2, 4, 7, 8])
def test_from_any_step_also_at_the_edge_of_an_epoch_and_at_the_last_one(step, digits):
    checkpoint = stopped(NET, RECIPE, digits, step)
    assert checkpoint.step == step
    same_run(gone_on(NET, RECIPE, digits, checkpoint), whole(NET, RECIPE, digits), step)


@pytest.mark.parametrize("name", ["res-8-w4-p0.5", "res-8-w4-dropout", "plain-8-w4-nobn", "res-8-w4-preact"])
def test_with_parts_that_draw_random_numbers_too(name, digits):
    same_run(gone_on(name, RECIPE, digits, stopped(name, RECIPE, digits, 5)), whole(name, RECIPE, digits), 5)


@pytest.mark.parametrize("step", [0, 3, 8])
def test_a_constant_rate_run_that_is_extended_is_the_longer_one(step, digits):
    short, long = (RECIPE.but(schedule="constant", warmup=2, steps=steps) for steps in (8, 13))
    checkpoint = through_bytes(stopped(NET, short, digits, step), NET, short, long)
    same_run(gone_on(NET, long, digits, checkpoint), whole(NET, long, digits), step)


def test_an_extended_run_of_a_schedule_is_the_run_of_its_recipe(digits):
    long = RECIPE.but(steps=13, extended=8)
    checkpoint = through_bytes(stopped(NET, RECIPE, digits, 8), NET, RECIPE, long)
    same_run(gone_on(NET, long, digits, checkpoint), whole(NET, long, digits), 8)


def interrupted(digits, monkeypatch, after):
    """The checkpoint of a training of long steps that was stopped at its `after`-th look whether it should."""
    monkeypatch.setattr(loop, "LONG", 0.0)
    looks = iter(range(after))
    position = Position()

    def check():
        if next(looks, None) is None:
            raise Ended

    with pytest.raises(Ended):
        list(train(fresh(NET, RECIPE), digits, RECIPE, device=CPU, check=check, position=position))
    monkeypatch.undo()
    return position.checkpoint()


@pytest.mark.parametrize("after", [1, 4, 9, 12, 60, 75])
def test_a_step_that_ends_in_its_middle_leaves_no_trace_in_the_checkpoint(after, digits, monkeypatch):
    checkpoint = interrupted(digits, monkeypatch, after)
    clean = stopped(NET, RECIPE, digits, checkpoint.step)
    assert all(torch.equal(checkpoint.net[name], value) for name, value in clean.net.items())
    same_run(gone_on(NET, RECIPE, digits, checkpoint), whole(NET, RECIPE, digits), checkpoint.step)


@pytest.mark.parametrize(("error", "told"), [(Ended, 7), (RuntimeError, 6)])
def test_what_was_measured_before_a_stop_is_told_though_it_was_still_on_the_device(error, told, digits):
    def steps():
        """Seven steps, and then somebody stops the training, or the device fails."""
        for number in range(7):
            values = {name: torch.ones(1) for name in ("loss", "accuracy", "norms")}
            yield loop._Measured(number, 0.1, 0.0, values, None, None)
        raise error

    seen = []

    def follow():
        for record in loop._handed_on(steps(), 3):
            seen.append(record.step)

    with pytest.raises(error):
        follow()
    assert seen == list(range(told))


def test_a_checkpoint_is_read_as_it_was_written(digits):
    checkpoint = stopped(NET, RECIPE, digits, 3)
    again = through_bytes(checkpoint, NET, RECIPE)
    assert (again.step, again.seconds, again.batches[1]) == (3, checkpoint.seconds, 1)
    assert torch.equal(again.batches[0], checkpoint.batches[0])
    assert all(torch.equal(again.net[name], value) for name, value in checkpoint.net.items())
    assert len(again.optimizer) == len(list(fresh(NET, RECIPE).parameters()))
    assert all(set(state) == {"step", "exp_avg", "exp_avg_sq"} for state in again.optimizer.values())
    assert all(
        torch.equal(again.optimizer[number][name], value)
        for number, state in checkpoint.optimizer.items()
        for name, value in state.items()
    )


def test_a_checkpoint_is_as_large_as_it_says(digits):
    position = Position()
    next(train(fresh(NET, RECIPE), digits, RECIPE, device=CPU, position=position))
    content = write(position.checkpoint(), {})
    size = int.from_bytes(content[:8], "little")
    assert position.size() == len(content) - 8 - size - len(position.checkpoint().batches[0])


@pytest.mark.parametrize(
    ("net", "changes"),
    [
        ("res-10-w4", {}),
        ("plain-8-w4", {}),
        (NET, {"lr": 0.1}),
        (NET, {"seed": 1}),
        (NET, {"steps": 20}),  # the cosine of 20 steps had other rates before step 3
        (NET, {"steps": 20, "extended": 7}),
        (NET, {"steps": 2}),  # it ends before
        (NET, {"cutout": 4}),
    ],
)
def test_a_checkpoint_of_another_training_is_told(net, changes, digits):
    content = write(stopped(NET, RECIPE, digits, 3), metadata(NetSpec.parse(NET), RECIPE))
    with pytest.raises(CheckpointError) as told:
        read(content, NetSpec.parse(net), RECIPE.but(**changes))
    assert str(told.value) == OTHER


def altered(content, change):
    size = int.from_bytes(content[:8], "little")
    header = json.loads(content[8 : 8 + size])
    change(header["__metadata__"])
    text = json.dumps(header).encode()
    return len(text).to_bytes(8, "little") + text + content[8 + size :]


def test_damaged_bytes_are_told_whatever_is_wrong_with_them(digits):
    net = NetSpec.parse(NET)
    content = write(stopped(NET, RECIPE, digits, 3), metadata(net, RECIPE))
    broken = [b"", b"abc", content[:-1], content[:5000], bytes(len(content)), b"\xff" * 100]
    broken += [
        altered(content, lambda about, name=name: about.pop(name)) for name in ("step", "net", "recipe", "taken")
    ]
    broken += [altered(content, lambda about: about.update(step="x"))]
    for wrong in broken:
        with pytest.raises(CheckpointError) as told:
            read(wrong, net, RECIPE)
        assert str(told.value) == DAMAGED


def test_what_does_not_fit_the_net_changes_nothing(digits):
    good = stopped(NET, RECIPE, digits, 3)
    name, first = next((name, value) for name, value in good.net.items() if value.ndim == 4)
    missing = {key: value for key, value in good.net.items() if key != name}
    wrong = [
        Checkpoint(3, 0.0, missing, good.optimizer, good.batches),
        Checkpoint(3, 0.0, {**good.net, name: first[:1]}, good.optimizer, good.batches),
        Checkpoint(3, 0.0, good.net, {**good.optimizer, 99: good.optimizer[0]}, good.batches),
        Checkpoint(3, 0.0, good.net, {**good.optimizer, 0: {"exp_avg": torch.zeros(2)}}, good.batches),
        Checkpoint(3, 0.0, good.net, {**good.optimizer, 0: {}}, good.batches),
        Checkpoint(3, 0.0, good.net, good.optimizer, (good.batches[0], 10**6)),
        Checkpoint(3, 0.0, good.net, good.optimizer, (good.batches[0][:9], 1)),
    ]
    for checkpoint in wrong:
        net = fresh(NET, RECIPE)
        with pytest.raises(CheckpointError, match="damaged"):
            next(train(net, digits, RECIPE, device=CPU, resume=checkpoint))
        assert all(torch.equal(net.state_dict()[key], value) for key, value in fresh(NET, RECIPE).state_dict().items())
