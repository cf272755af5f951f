"""A net as a Jupyter notebook that builds, counts and trains it. Format: nbformat 4.5."""

import json
from typing import Any

from resnet import catalog
from resnet.export.code import net_code
from resnet.i18n import _
from resnet.specs import NetSpec, Recipe

_COUNT = """net = Net()
initialise(net, seed={seed})
print(f"{{sum(p.numel() for p in net.parameters()):,}} parameters")
net"""

_DATA = """# The built-in images: `pip install` ResNet Lab in this environment, or put your own tensors here.
from resnet import Recipe, load_dataset
from resnet.datasets.batches import Batches, default_device, memory_format

recipe = {recipe!r}
dataset = load_dataset(recipe.data, recipe.level, pixels=recipe.pixels)
device = default_device()
train, test = (Batches(dataset, split, device) for split in (dataset.train, dataset.test))
print(len(train), "images to learn,", len(test), "to test:", ", ".join(dataset.classes))"""

_TRAIN = """import math

from torch.nn import functional as F

STEPS, LR, WARMUP = {steps}, {lr}, {warmup}


def learning_rate(step):
    \"\"\"Of the update after `step` updates.\"\"\"
    {schedule}


net = net.to(device=device, memory_format=memory_format(device)).train()
weights = [parameter for parameter in net.parameters() if parameter.ndim > 1]
others = [parameter for parameter in net.parameters() if parameter.ndim <= 1]  # norms and biases do not decay
groups = [{{"params": weights, "weight_decay": {weight_decay}}}, {{"params": others, "weight_decay": 0.0}}]
optimizer = {optimizer}
batches = train.shuffled({batches})
losses = []
for step, (images, labels) in zip(range(STEPS), batches):
    for group in optimizer.param_groups:
        group["lr"] = learning_rate(step){draws}{more}
    {loss}
    optimizer.zero_grad()
    loss.backward(){clip}
    optimizer.step()
    losses.append({told}.item())
    if step % 50 == 0:
        print(f"step {{step}}: loss {{losses[-1]:.2f}} nats")
print(f"mean loss of the last 20 steps: {{sum(losses[-20:]) / len(losses[-20:]):.2f}} nats")"""

# Dropout and stochastic depth draw other numbers at every step, and the same ones in every run of the notebook.
_DRAWS = """
    torch.manual_seed({seed} + step * {stride:_})"""

_TEST = """net.eval()
with torch.no_grad():
    right = sum((net(images).argmax(1) == labels).sum().item() for images, labels in test.in_order(250))
print(f"test accuracy {100 * right / len(test):.0f} %")"""

_STATISTICS = """@torch.no_grad()
def estimate_statistics(net, images={images}):
    \"\"\"Batch norm's running averages lag behind the weights: take the mean over some training batches instead.\"\"\"
    norms = [module for module in net.modules() if isinstance(module, nn.BatchNorm2d)]
    net.eval()
    for norm in norms:
        norm.reset_running_stats()
        norm.momentum = None  # a plain mean over the batches
        norm.train()
    for batch, _labels in train.in_order(images // 4, limit=images):
        net(batch)
    for norm in norms:
        norm.momentum = 0.1


estimate_statistics(net)
"""

OPTIMIZERS = {
    "adam": "torch.optim.Adam(groups, lr=LR, fused=True)",
    "adamw": "torch.optim.AdamW(groups, lr=LR, fused=True)",
    "sgd": "torch.optim.SGD(groups, lr=LR, momentum={momentum}, nesterov={nesterov}, fused=True)",
    "rmsprop": "torch.optim.RMSprop(groups, lr=LR, foreach=True)",
    "adagrad": "torch.optim.Adagrad(groups, lr=LR, fused=True)",
}
_WARM_UP = """if step < WARMUP:
        return LR * (step + 1) / WARMUP
    """
SCHEDULES = {  # the body of `learning_rate(step)`
    "cosine": _WARM_UP
    + """progress = (step - WARMUP) / max(1, STEPS - WARMUP)
    return LR * (1 + math.cos(math.pi * min(progress, 1.0))) / 2""",
    "constant": _WARM_UP + "return LR",
    "step": _WARM_UP
    + "return LR * 0.1 ** ((step >= STEPS // 2) + (step >= STEPS * 3 // 4))  # He et al. 2015, Sec. 4.2",
    "one_cycle": """peak, last = (WARMUP or 0.3 * STEPS) - 1, STEPS - 1  # as torch's OneCycleLR
    if step <= peak:
        start, end, progress = 1 / 25, 1.0, step / peak if peak else 1.0
    else:
        start, end, progress = 1.0, 1 / 25e4, (step - peak) / (last - peak) if last > peak else 1.0
    return LR * (end + (start - end) * (1 + math.cos(math.pi * progress)) / 2)""",
}
# A run that was extended: its first steps go by the schedule that was planned for them.
_EXTENDED = """planned = {extended} if step < {extended} else STEPS  # the run was extended
    """
_CLIP = """
    nn.utils.clip_grad_norm_(net.parameters(), {clip})"""
# The loss that is told is that of the labels as they are: smoothed labels have another one.
_SMOOTHED = """logits = net(images)
    loss = F.cross_entropy(logits, labels, label_smoothing={label_smoothing})"""
_MORE = """
    labels = F.pad(labels, (0, {more}))  # shares of the classes; the net has more outputs than that"""
IMAGES = 512  # from which the statistics are estimated; as nets.statistics.CALIBRATION
STRIDE = 1_000_003  # between the seeds of two steps; as in training.loop


def notebook(spec: NetSpec, recipe: Recipe) -> str:
    """The notebook's JSON text: the net's code, its count, the data, training by the recipe as in the app, the test."""
    data = catalog.data_choice(recipe.data, recipe.pixels)
    channels, size, _width = data.shape
    cells = [
        _text(_("# {net}", net=spec.title), _("Written by ResNet Lab. Run the cells from the top.")),
        _code(net_code(spec, channels, len(data.classes), size, recipe).rstrip("\n")),
        _text(_("## Build and count")),
        _code(_COUNT.format(seed=recipe.seed)),
        _text(_("## Images")),
        _code(_DATA.format(recipe=recipe)),
        _text(_("## Train")),
        _code(_training(spec, recipe)),
        _code((_STATISTICS.format(images=IMAGES) if spec.norm == "batch" else "") + _TEST),
    ]
    cells = [{"id": f"cell-{number}", **cell} for number, cell in enumerate(cells)]
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    return json.dumps(
        {"cells": cells, "metadata": {"kernelspec": kernel}, "nbformat": 4, "nbformat_minor": 5}, indent=1
    )


def _training(spec: NetSpec, recipe: Recipe) -> str:
    """The training loop, with the recipe's numbers in their places."""
    smoothed = _SMOOTHED.format(label_smoothing=recipe.label_smoothing)
    more = spec.outputs(recipe.data) - len(catalog.data_choice(recipe.data).classes)
    return _TRAIN.format(
        steps=recipe.steps,
        lr=recipe.lr,
        warmup=recipe.warmup,
        weight_decay=recipe.weight_decay,
        optimizer=OPTIMIZERS[recipe.optimizer].format(momentum=recipe.momentum, nesterov=recipe.nesterov),
        schedule=_schedule(recipe),
        batches=_batches(recipe),
        draws=_DRAWS.format(seed=recipe.seed, stride=STRIDE) if spec.random_steps else "",
        more=_MORE.format(more=more) if more and recipe.mixup else "",
        loss=smoothed if recipe.label_smoothing else "loss = F.cross_entropy(net(images), labels)",
        told="F.cross_entropy(logits, labels)" if recipe.label_smoothing else "loss",
        clip=_CLIP.format(clip=recipe.clip) if recipe.clip else "",
    )


def _schedule(recipe: Recipe) -> str:
    body = SCHEDULES[recipe.schedule]
    return _EXTENDED.format(extended=recipe.extended) + body.replace("STEPS", "planned") if recipe.extended else body


def _batches(recipe: Recipe) -> str:
    """The arguments of `Batches.shuffled`; what is not asked for is left out."""
    flip = recipe.flip and catalog.data_choice(recipe.data).flip
    text = f"{recipe.batch}, seed={recipe.seed}, augment={recipe.augment}, flip={flip}"
    more = {"cutout": recipe.cutout, "mixup": recipe.mixup}
    return text + "".join(f", {name}={value}" for name, value in more.items() if value)


def _text(*lines: str) -> dict[str, Any]:
    return {"cell_type": "markdown", "metadata": {}, "source": "\n\n".join(lines)}


def _code(text: str) -> dict[str, Any]:
    return {"cell_type": "code", "execution_count": None, "metadata": {}, "outputs": [], "source": text}
