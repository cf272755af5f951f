import importlib
import math
from dataclasses import replace

import numpy as np
import pytest
import torch
from torch import nn
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_leaves

from resnet import catalog
from resnet.datasets import load_dataset
from resnet.datasets.batches import Batches
from resnet.nets.network import build_network
from resnet.nets.statistics import calibrate
from resnet.specs import NetSpec, Recipe
from resnet.training import loop
from resnet.training.loop import Diverged, train
from resnet.training.optimizers import OPTIMIZERS, make_optimizer
from resnet.training.schedules import SCHEDULES, learning_rate

CPU = torch.device("cpu")
RECIPE = Recipe(data="digits", steps=6, batch=16, record_every=2, evaluate_every=3)


@pytest.fixture(scope="module")
def digits():
    return load_dataset("digits")


def run(name, recipe, dataset, **options):
    net = build_network(NetSpec.parse(name), recipe.seed, channels=1)
    return net, list(train(net, dataset, recipe, device=CPU, **options))


def test_there_is_a_record_for_every_number_of_updates_from_none_to_all(digits):
    _, steps = run("res-8-w4", RECIPE, digits)
    assert [step.step for step in steps] == list(range(7))
    assert [step.step for step in steps if step.profiles] == [0, 2, 4, 6]
    assert [step.step for step in steps if step.evaluation] == [0, 3, 6]
    assert all(step.gradient_norms.shape == (8,) for step in steps)
    assert set(steps[0].profiles) == set(catalog.PROBES)


def test_first_loss_is_the_cross_entropy_of_the_first_batch_at_the_initial_weights(digits):
    recipe = RECIPE.but(augment=False)
    _, steps = run("res-8-w4", recipe, digits)
    net = build_network(NetSpec.parse("res-8-w4"), recipe.seed, channels=1)
    images, labels = next(Batches(digits, digits.train, CPU).shuffled(16, recipe.seed, False, False))
    expected = nn.functional.cross_entropy(net(images), labels)
    assert steps[0].loss == pytest.approx(expected.item(), rel=1e-5)


def test_one_step_of_sgd_moves_the_weights_by_the_learning_rate_times_the_gradient(digits):
    recipe = RECIPE.but(steps=1, optimizer="sgd", lr=0.1, momentum=0.0, schedule="constant", augment=False)
    net, _ = run("res-8-w4-nobn", recipe, digits)
    reference = build_network(NetSpec.parse("res-8-w4-nobn"), recipe.seed, channels=1)
    images, labels = next(Batches(digits, digits.train, CPU).shuffled(16, recipe.seed, False, False))
    nn.functional.cross_entropy(reference(images), labels).backward()
    for weight, start in zip(net.parameters(), reference.parameters(), strict=True):
        torch.testing.assert_close(weight, start - 0.1 * start.grad, rtol=1e-4, atol=1e-6)


def test_the_same_run_twice_is_bitwise_equal(digits):
    (_, first), (_, again) = (run("res-8-w4", RECIPE, digits) for _ in range(2))
    assert [step.loss for step in first] == [step.loss for step in again]
    assert all(np.array_equal(a.gradient_norms, b.gradient_norms) for a, b in zip(first, again, strict=True))


@pytest.mark.parametrize("name", ["res-8-w4", "plain-8-w4-nobn"])
def test_recorded_and_evaluated_a_run_is_bit_for_bit_the_plain_loop(digits, name):
    recipe = RECIPE.but(steps=8)
    net, steps = run(name, recipe, digits, check=lambda: None, keep=(0, 4))
    plain = build_network(NetSpec.parse(name), recipe.seed, channels=1).to(memory_format=torch.channels_last).train()
    optimizer, losses = make_optimizer(plain, recipe), []
    batches = Batches(digits, digits.train, CPU).shuffled(recipe.batch, recipe.seed, recipe.augment, False)
    for step, (images, labels) in zip(range(recipe.steps), batches, strict=False):
        if kept := steps[step].state:
            assert all(torch.equal(value, kept[name]) for name, value in plain.state_dict().items())
        optimizer.zero_grad()
        loss = nn.functional.cross_entropy(plain(images), labels)
        loss.backward()
        for group in optimizer.param_groups:
            group["lr"] = learning_rate(recipe, step)
        optimizer.step()
        losses.append(loss.item())
    assert [step.loss for step in steps[:-1]] == losses
    assert all(torch.equal(a, b) for a, b in zip(net.parameters(), plain.parameters(), strict=True))


def test_while_training_a_run_is_tested_on_fewer_images_and_at_its_end_on_all(digits, monkeypatch):
    monkeypatch.setattr("resnet.specs.recipe.TESTED", 200)
    counts, whole = [], loop.evaluate
    monkeypatch.setattr(loop, "evaluate", lambda *args, **kw: counts.append(args[3]) or whole(*args, **kw))
    net, steps = run("res-8-w4", RECIPE, digits)
    assert counts == [RECIPE.tested(step) for step in (0, 3, 6)] == [200, 200, 300]
    assert steps[-1].evaluation == whole(net, *(Batches(digits, split, CPU) for split in (digits.train, digits.test)))


def test_a_trained_net_has_statistics_that_fit_its_last_weights(digits):
    net, _ = run("res-8-w4", RECIPE, digits)
    before = {name: value.clone() for name, value in net.state_dict().items()}
    calibrate(net, Batches(digits, digits.train, CPU))
    assert all(torch.equal(value, before[name]) for name, value in net.state_dict().items())


@pytest.mark.parametrize("name", ["res-8-w4-p0.5", "res-8-w4-dropout"])
def test_runs_with_random_parts_repeat_whatever_else_draws_random_numbers(digits, name):
    first = [step.loss for step in run(name, RECIPE, digits)[1]]
    again = []
    for step in train(build_network(NetSpec.parse(name), 0, channels=1), digits, RECIPE, device=CPU):
        again.append(step.loss)
        torch.rand(7)  # as another part of the same program might
    other = [step.loss for step in run(name, RECIPE.but(seed=1), digits)[1]]
    assert first == again
    assert first != other


def test_every_option_trains_without_a_number_that_is_not_finite(digits, small_spec):
    net = build_network(small_spec, 0, channels=1)
    steps = list(train(net, digits, RECIPE.but(steps=2, evaluate_every=2), device=CPU))
    assert all(math.isfinite(step.loss) for step in steps)
    assert steps[-1].evaluation.loss > 0
    assert all(weight.isfinite().all() for weight in net.parameters())


def test_a_net_learns_the_digits(digits):
    recipe = Recipe(data="digits", steps=100, evaluate_every=100)
    _, steps = run("res-8-w16", recipe, digits)
    assert np.mean([step.loss for step in steps[-10:]]) < 0.6
    assert steps[-1].evaluation.accuracy > 0.9


def test_divergence_ends_the_run_and_names_the_step(digits):
    recipe = RECIPE.but(optimizer="sgd", lr=10.0, steps=200, evaluate_every=200)
    steps = []
    net = build_network(NetSpec.parse("res-56-w4-nobn"), channels=1)
    with pytest.raises(Diverged, match=r"diverged at step \d+: the loss is not a finite number") as error:
        steps.extend(train(net, digits, recipe, device=CPU))
    assert not math.isfinite(steps[-1].loss)
    assert error.value.step == steps[-1].step > 0
    assert all(math.isfinite(step.loss) for step in steps[:-1])


class Enough(Exception):
    """What the tests' check raises."""


@pytest.mark.parametrize(("long", "done"), [(0.0, 0), (loop.LONG, 5)])
def test_check_stops_between_steps_and_in_a_long_one_within_it_and_no_hook_is_left(digits, monkeypatch, long, done):
    monkeypatch.setattr(loop, "LONG", long)
    calls, steps = [], []

    def check():
        calls.append(1)
        if len(calls) > 5:
            raise Enough

    net = build_network(NetSpec.parse("res-8-w4"), channels=1)
    with pytest.raises(Enough):
        steps.extend(train(net, digits, RECIPE.but(steps=100, evaluate_every=100), device=CPU, check=check))
    assert len(calls) == 6
    assert len(steps) == done
    assert not any(module._forward_hooks for module in net.modules())


def test_twins_see_identical_batches(digits):
    # Without a norm and with zero residual branches the first losses of twins need not agree, but their first
    # images do: the gradient of the head's bias is the mean of (softmax - one-hot), which shows the labels.
    seen = []
    for name in ("plain-8-w4", "res-8-w4"):
        labels = []
        net = build_network(NetSpec.parse(name), channels=1)
        net.stem.register_forward_pre_hook(lambda _m, inputs, labels=labels: labels.append(inputs[0].clone()))
        list(train(net, digits, RECIPE.but(evaluate_every=6), device=CPU))
        seen.append([images for images in labels if images.shape[0] == 16])
    assert len(seen[0]) == 7
    assert all(torch.equal(a, b) for a, b in zip(*seen, strict=True))


@pytest.mark.parametrize(
    ("schedule", "expected"),
    [
        ("constant", [1.0, 1.0, 1.0, 1.0]),
        ("step", [1.0, 0.1, 0.01, 0.01]),
        ("cosine", [1.0, 0.5, (1 + math.cos(math.pi * 0.75)) / 2, 0.0]),
    ],
)
def test_schedules_have_the_stated_values_at_0_50_75_and_100_percent(schedule, expected):
    recipe = Recipe(steps=100, lr=1.0, schedule=schedule)
    assert [learning_rate(recipe, step) for step in (0, 50, 75, 100)] == pytest.approx(expected)


def test_warm_up_rises_linearly_to_the_learning_rate():
    recipe = Recipe(steps=100, lr=1.0, schedule="constant", warmup=4)
    assert [learning_rate(recipe, step) for step in range(5)] == pytest.approx([0.25, 0.5, 0.75, 1.0, 1.0])


def test_weight_decay_acts_on_convolutions_and_head_only():
    net = build_network(NetSpec.parse("res-8-w4-optb"))
    decayed, free = make_optimizer(net, Recipe(weight_decay=1e-4)).param_groups
    weights = [m.weight for m in net.modules() if isinstance(m, nn.Conv2d | nn.Linear)]
    assert {id(p) for p in decayed["params"]} == {id(weight) for weight in weights}
    assert free["weight_decay"] == 0
    assert len(decayed["params"]) + len(free["params"]) == len(list(net.parameters()))


def test_every_optimizer_and_schedule_has_its_code_and_the_reverse():
    assert set(OPTIMIZERS) == set(catalog.OPTIMIZERS)
    assert set(SCHEDULES) == set(catalog.SCHEDULES)


def test_an_unknown_optimizer_or_schedule_raises_and_never_becomes_another():
    recipe = Recipe.model_construct(**{**Recipe().model_dump(), "optimizer": "lion", "schedule": "zigzag"})
    with pytest.raises(KeyError, match="lion"):
        make_optimizer(build_network(NetSpec(depth=8)), recipe)
    with pytest.raises(KeyError, match="zigzag"):
        learning_rate(recipe, 1)


def test_two_more_classes_than_the_net_knows_are_refused(digits):
    wrong = replace(digits, classes=digits.classes[:8])
    with pytest.raises(ValueError, match="labels must be 0–7"):
        next(train(build_network(NetSpec(depth=8), channels=1, classes=8), wrong, RECIPE, device=CPU))


@pytest.mark.gpu
@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a CUDA device")
def test_first_step_on_the_gpu_equals_the_cpu(digits):
    losses = []
    for device in (CPU, torch.device("cuda")):
        net = build_network(NetSpec.parse("res-20"), channels=1)
        losses.append(next(train(net, digits, RECIPE, device=device)).loss)
        assert next(net.parameters()).device.type == device.type
    assert losses[0] == pytest.approx(losses[1], rel=1e-4)


class Between(TorchDispatchMode):
    """Notes what goes from one device to another, and what the host reads of a device."""

    def __init__(self):
        super().__init__()
        self.seen = []

    def __torch_dispatch__(self, function, types, args=(), kwargs=None):
        result = function(*args, **(kwargs or {}))
        tensors = [value for value in tree_leaves((args, kwargs, result)) if isinstance(value, torch.Tensor)]
        devices = {tensor.device.type for tensor in tensors}
        if len(devices) > 1 or any(name in str(function) for name in ("_local_scalar_dense", "nonzero")):
            self.seen.append(str(function))
        return result


@pytest.mark.parametrize("name", ["plain-8-w4-nobn", "res-8-w4-p0.5"])
def test_no_step_reads_from_another_device_or_sends_to_it(digits, name, monkeypatch):
    """The device "meta" stands in for a GPU: whoever asks for a number that is there gets an error."""
    monkeypatch.setattr(loop, "evaluate", lambda *_, **__: None)
    monkeypatch.setattr(loop, "_fetched", lambda _pending: ())
    monkeypatch.setattr(loop, "SYNC_EVERY", 1000)
    optimizer = importlib.import_module("torch.optim.optimizer")
    monkeypatch.setattr(optimizer, "_get_fused_kernels_supported_devices", lambda: ["meta"])
    between = []
    for steps in (1, 8):
        recipe = RECIPE.but(steps=steps, optimizer="adam")  # there is no fused SGD for this device
        with Between() as seen:
            list(train(build_network(NetSpec.parse(name), channels=1), digits, recipe, device=torch.device("meta")))
        between.append(seen.seen)
    assert between[0] == between[1]  # data and net once, and the first batches' order and moves


@pytest.mark.gpu
@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a CUDA device")
def test_no_step_waits_for_the_gpu(digits, monkeypatch):
    recipe = RECIPE.but(steps=200, record_every=5, evaluate_every=200)
    fetched = loop._fetched

    def with_a_wait(pending):
        torch.cuda.set_sync_debug_mode("default")  # the values of ten steps are fetched at once: this one may wait
        yield from list(fetched(pending))
        torch.cuda.set_sync_debug_mode("error")

    monkeypatch.setattr(loop, "_fetched", with_a_wait)
    records = train(build_network(NetSpec.parse("res-20"), channels=1), digits, recipe, device=torch.device("cuda"))
    try:
        for _ in range(150):  # more than one epoch; set-up and the first evaluation come before the first record
            next(records)
    finally:
        torch.cuda.set_sync_debug_mode("default")
