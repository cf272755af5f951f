"""A net as a Jupyter notebook that builds, counts and trains it. Format: nbformat 4.5."""

import json
from typing import Any

from resnet import catalog
from resnet.export.code import module_code
from resnet.i18n import _
from resnet.specs import NetSpec, Recipe

_COUNT = """net = Net()
initialise(net, seed={seed})
print(f"{{sum(p.numel() for p in net.parameters()):,}} parameters")
net"""

_DATA = """# The built-in images: `pip install` ResNet Lab in this environment, or put your own tensors here.
from resnet import Recipe, load_dataset
from resnet.datasets.batches import Batches, default_device

recipe = {recipe!r}
dataset = load_dataset(recipe.data, recipe.level)
device = default_device()
train, test = (Batches(dataset, split, device) for split in (dataset.train, dataset.test))
print(len(train), "images to learn,", len(test), "to test:", ", ".join(dataset.classes))"""

_TRAIN = """steps = {steps}
net = net.to(device).train()
optimizer = {optimizer}
schedule = torch.optim.lr_scheduler.{schedule}
batches = train.shuffled(recipe.batch, recipe.seed, recipe.augment, flip={flip})
losses = []
for step, (images, labels) in zip(range(steps), batches):
    loss = F.cross_entropy(net(images), labels)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    schedule.step()
    losses.append(loss.item())
    if step % 50 == 0:
        print(f"step {{step}}: loss {{losses[-1]:.2f}} nats")
print(f"mean loss of the last 20 steps: {{sum(losses[-20:]) / len(losses[-20:]):.2f}} nats")"""

_TEST = """net.eval()
with torch.no_grad():
    right = sum((net(images).argmax(1) == labels).sum().item() for images, labels in test.in_order(250))
print(f"test accuracy {100 * right / len(test):.0f} %")"""

_OPTIMIZERS = {
    "adam": "torch.optim.Adam(net.parameters(), lr=recipe.lr, weight_decay=recipe.weight_decay)",
    "sgd": "torch.optim.SGD(net.parameters(), lr=recipe.lr, momentum=recipe.momentum, "
    "weight_decay=recipe.weight_decay)",
}
_SCHEDULES = {
    "cosine": "CosineAnnealingLR(optimizer, steps)",
    "constant": "ConstantLR(optimizer, factor=1.0)",
    "step": "MultiStepLR(optimizer, [steps // 2, steps * 3 // 4])",
}


def notebook(spec: NetSpec, recipe: Recipe) -> str:
    """The notebook's JSON text: the net's code, its count, the data, a training loop and the test."""
    data = catalog.DATASETS[recipe.data]
    channels, size, _width = data.shape
    code = module_code(spec, channels, len(data.classes), size).split('\n\n\nif __name__ == "__main__"')[0]
    functional = "from torch.nn import functional as F"
    code = (
        code if functional in code else code.replace("from torch import nn\n", f"from torch import nn\n{functional}\n")
    )
    train = _TRAIN.format(
        steps=recipe.steps,
        optimizer=_OPTIMIZERS[recipe.optimizer],
        schedule=_SCHEDULES[recipe.schedule],
        flip=data.flip,
    )
    cells = [
        _text(_("# {net}", net=spec.title), _("Written by ResNet Lab. Run the cells from the top.")),
        _code(code),
        _text(_("## Build and count")),
        _code(_COUNT.format(seed=recipe.seed)),
        _text(_("## Images")),
        _code(_DATA.format(recipe=recipe)),
        _text(_("## Train")),
        _code(train),
        _code(_TEST),
    ]
    cells = [{"id": f"cell-{number}", **cell} for number, cell in enumerate(cells)]
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    return json.dumps(
        {"cells": cells, "metadata": {"kernelspec": kernel}, "nbformat": 4, "nbformat_minor": 5}, indent=1
    )


def _text(*lines: str) -> dict[str, Any]:
    return {"cell_type": "markdown", "metadata": {}, "source": "\n\n".join(lines)}


def _code(text: str) -> dict[str, Any]:
    return {"cell_type": "code", "execution_count": None, "metadata": {}, "outputs": [], "source": text}
