"""What a recipe does to a training, against loops that are written out with torch's own optimisers and losses."""

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn import functional as F

from resnet import catalog
from resnet.datasets import load_dataset
from resnet.datasets.batches import Batches
from resnet.nets.network import build_network
from resnet.specs import NetSpec, Recipe
from resnet.training.loop import train
from resnet.training.loss import accuracy, losses
from resnet.training.measuring import measure_all

CPU = torch.device("cpu")
RECIPE = Recipe(data="digits", steps=4, batch=16, record_every=2, evaluate_every=4)
RATES = {"adam": 3e-3, "adamw": 3e-3, "sgd": 0.1, "rmsprop": 3e-4, "adagrad": 0.01}

# As a reader of torch's documentation would write them: no fused or foreach form.
PLAIN = {
    "adam": lambda groups, recipe: torch.optim.Adam(groups, lr=recipe.lr, foreach=False),
    "adamw": lambda groups, recipe: torch.optim.AdamW(groups, lr=recipe.lr, foreach=False),
    "sgd": lambda groups, recipe: torch.optim.SGD(
        groups, lr=recipe.lr, momentum=recipe.momentum, nesterov=recipe.nesterov, foreach=False
    ),
    "rmsprop": lambda groups, recipe: torch.optim.RMSprop(groups, lr=recipe.lr, foreach=False),
    "adagrad": lambda groups, recipe: torch.optim.Adagrad(groups, lr=recipe.lr, foreach=False),
}


@pytest.fixture(scope="module")
def digits():
    return load_dataset("digits")


def net_of(recipe, name="res-8-w4"):
    return build_network(NetSpec.parse(name), recipe.seed, channels=1)


def ours(recipe, digits, name="res-8-w4"):
    net = net_of(recipe, name)
    return net, list(train(net, digits, recipe, device=CPU))


def scheduler_of(optimizer, recipe):
    steps, rates = recipe.steps, torch.optim.lr_scheduler
    match recipe.schedule:
        case "constant":
            return rates.ConstantLR(optimizer, factor=1.0)
        case "step":
            return rates.MultiStepLR(optimizer, [steps // 2, steps * 3 // 4])
        case "cosine":
            return rates.CosineAnnealingLR(optimizer, steps)
    return rates.OneCycleLR(optimizer, recipe.lr, steps, cycle_momentum=False)


def by_hand(recipe, digits, name="res-8-w4"):
    """Losses and weights of torch's usual loop: zero_grad, backward, clip, step, schedule."""
    net = net_of(recipe, name).to(memory_format=torch.channels_last).train()
    weights = [p for module in net.modules() if isinstance(module, nn.Conv2d | nn.Linear) for p in [module.weight]]
    known = {id(weight) for weight in weights}
    others = [p for p in net.parameters() if id(p) not in known]
    groups = [{"params": weights, "weight_decay": recipe.weight_decay}, {"params": others, "weight_decay": 0.0}]
    optimizer = PLAIN[recipe.optimizer](groups, recipe)
    schedule, told = scheduler_of(optimizer, recipe), []
    batches = Batches(digits, digits.train, CPU).shuffled(
        recipe.batch, recipe.seed, recipe.augment, False, recipe.cutout, recipe.mixup
    )
    for _step, (images, labels) in zip(range(recipe.steps), batches, strict=False):
        optimizer.zero_grad()
        logits = net(images)
        told.append(F.cross_entropy(logits, labels).item())
        F.cross_entropy(logits, labels, label_smoothing=recipe.label_smoothing).backward()
        if recipe.clip:
            nn.utils.clip_grad_norm_(net.parameters(), recipe.clip)
        optimizer.step()
        schedule.step()
    return net, told


def agree(recipe, digits, name="res-8-w4"):
    """The loss of every step within 2e-6, before each of which the weights were updated; and then the steps."""
    (_, steps), (_, told) = ours(recipe, digits, name), by_hand(recipe, digits, name)
    assert [step.loss for step in steps[:-1]] == pytest.approx(told, rel=2e-6)
    return steps


@pytest.mark.parametrize("schedule", list(catalog.SCHEDULES))
@pytest.mark.parametrize("optimizer", list(catalog.OPTIMIZERS))
def test_first_steps_equal_those_of_torchs_own_optimizer_and_schedule(optimizer, schedule, digits):
    recipe = RECIPE.but(optimizer=optimizer, schedule=schedule, lr=RATES[optimizer], weight_decay=0.05)
    steps = agree(recipe, digits)
    assert steps[0].loss != steps[1].loss


@pytest.mark.parametrize(
    "words",
    [
        "optimizer=sgd&lr=0.1&nesterov=yes&momentum=0.8",
        "label_smoothing=0.2",
        "clip=0.5&optimizer=sgd&lr=0.1",
        "cutout=12",
        "mixup=0.5",
        "mixup=1.0&cutout=8&label_smoothing=0.1&clip=2.0&optimizer=adamw",
    ],
)
def test_first_steps_equal_torchs_own_with_every_option(words, digits):
    recipe = Recipe(**{**RECIPE.model_dump(), **Recipe.parse(words).changed()})
    agree(recipe, digits)
    assert ours(recipe, digits)[1][-1].loss != ours(RECIPE.but(**rest(recipe)), digits)[1][-1].loss


def rest(recipe):
    """The optimiser alone, without the option that is tried."""
    return {"optimizer": recipe.optimizer, "lr": recipe.lr}


def test_every_optimizer_is_tried():
    assert set(PLAIN) == set(RATES) == set(catalog.OPTIMIZERS)


def test_equal_outputs_have_the_loss_of_guessing_however_labels_are_smoothed_or_mixed():
    labels, ones = torch.tensor([1, 3]), torch.eye(5)
    for targets in (labels, 0.7 * ones[labels] + 0.3 * ones[labels.flip(0)]):
        for smoothing in (0.0, 0.3):
            learned, told = losses(torch.zeros(2, 5), targets, smoothing)
            assert told.item() == pytest.approx(np.log(5))
            assert learned.item() == pytest.approx(np.log(5))


def test_smoothing_by_s_takes_1_minus_s_of_the_loss_and_s_of_the_mean_over_all_classes():
    logits, labels = torch.randn(6, 4, generator=torch.Generator().manual_seed(1)), torch.tensor([0, 1, 2, 3, 3, 0])
    learned, told = losses(logits, labels, 0.2)
    all_classes = -logits.log_softmax(1).mean()
    assert told.item() == pytest.approx(F.cross_entropy(logits, labels).item())
    assert learned.item() == pytest.approx(0.8 * told.item() + 0.2 * all_classes.item(), rel=1e-6)


def test_a_net_with_more_outputs_than_classes_learns_mixed_images():
    shares = torch.tensor([[0.75, 0.25], [0.0, 1.0]])
    logits = torch.tensor([[1.0, 0.0, 2.0], [0.0, 3.0, 1.0]])
    expected = -(torch.cat([shares, torch.zeros(2, 1)], 1) * logits.log_softmax(1)).sum(1).mean()
    assert losses(logits, shares)[0].item() == pytest.approx(expected.item())
    assert accuracy(logits, shares).item() == 0.5  # the second is right; the first says the class that is no label


def test_without_options_the_loss_that_is_told_is_the_one_to_learn_by():
    learned, told = losses(torch.zeros(2, 5, requires_grad=True), torch.tensor([1, 3]))
    assert learned.data_ptr() == told.data_ptr()


@pytest.mark.parametrize("clip", [0.1, 3.0, 1000.0])
def test_each_update_says_whether_it_was_clipped_and_the_norms_are_those_before(clip, digits):
    recipe = RECIPE.but(clip=clip, optimizer="sgd", lr=0.1, steps=6, record_every=6)
    name = "res-8-w4-nobn"  # whose only parameters without a layer of its own are biases
    steps = ours(recipe, digits, name)[1]
    assert ["clipped" in step.profiles for step in steps] == [True] * 6 + [False]
    net, batches = net_of(recipe, name), Batches(digits, digits.train, CPU).shuffled(16, 0, True, False)
    images, labels = next(batches)
    F.cross_entropy(net(images), labels).backward()
    norm = nn.utils.get_total_norm([p.grad for p in net.parameters()])
    assert steps[0].profiles["clipped"].tolist() == [float(norm > clip)]
    norms = [weight.grad.norm().item() for weight in net.weights()]
    assert steps[0].gradient_norms == pytest.approx(norms, rel=1e-4)
    assert steps[0].profiles["gradient_norm"] == pytest.approx(norms, rel=1e-4)


def test_what_does_not_clip_records_no_such_thing(digits):
    assert not any("clipped" in step.profiles for step in ours(RECIPE, digits)[1])


def test_the_first_update_at_step_0_is_the_runs_own_clipped_and_smoothed(digits):
    recipe = RECIPE.but(optimizer="sgd", lr=0.1, clip=0.3, label_smoothing=0.2)
    steps = ours(recipe, digits, "res-8-w4-nobn")[1]
    net = net_of(recipe, "res-8-w4-nobn").train()
    images, labels = next(Batches(digits, digits.train, CPU).shuffled(16, 0, True, False))
    measured = measure_all(net, images, labels, recipe, recipe.label_smoothing)
    for probe in ("update_to_weight", "gradient_norm", "gradient_to_weight"):
        assert measured[probe] == pytest.approx(steps[0].profiles[probe], rel=1e-3)
    assert measured["loss"][0] == pytest.approx(steps[0].loss, rel=1e-5)
