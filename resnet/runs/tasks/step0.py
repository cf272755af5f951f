"""Questions about a net at step 0: what the interactive worker measures before any training.

Everything handed over is plain: specs, numbers, numpy arrays. A net is built anew in every call and never shared.
"""

import numpy as np

from resnet.runs.tasks.loading import first_batch
from resnet.specs import NetSpec, Recipe


def profiles(spec: NetSpec, recipe: Recipe, update: bool = False, images: int = 0) -> dict[str, np.ndarray]:
    """Every probe, and the ``loss``, at step 0 on a training's first batch, or its first `images`; float32 per layer.

    With `update` also the probe that needs the optimiser's first step.
    """
    from resnet.nets.network import repeatable
    from resnet.training.measuring import measure_all

    net, batch, labels = first_batch(spec, recipe, images or recipe.batch)
    with repeatable(net, recipe.seed):  # as in the first step of a run
        return measure_all(net, batch, labels, recipe if update else None, recipe.label_smoothing)
