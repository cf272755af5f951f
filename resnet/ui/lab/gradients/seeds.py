"""Profiles of nets with several seeds: each seed by itself, then their mean and a band around it."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from resnet import catalog
from resnet.charts.bands import QUARTILES_FROM, edges, mean
from resnet.charts.look import looks
from resnet.charts.steps import History
from resnet.findings.text import paragraph
from resnet.i18n import _
from resnet.specs import Recipe
from resnet.specs.bench import Bench
from resnet.ui.lab.gradients import profiles
from resnet.ui.parts import backend


def histories(bench: Bench, probe: str, begin: profiles.Start, divided: bool) -> list[History]:
    """Every net on the bench over all its seeds, `divided` by where the signal begins, each seed by its own value.

    Step 0 is measured for the first seed; of the others it is what their runs recorded, where that is comparable.
    """
    whole, record = begin.whole(bench.recipe), catalog.PROBES[probe]
    found = []
    for first, own in zip(
        profiles.recorded(bench, backend.runs(bench), probe, begin), _others(bench, probe), strict=True
    ):
        seeds = [first, *(other if whole else after_start(other) for other in own)]
        if divided:
            seeds = [profiles.relative(one, record.backward) for one in seeds]
        found.append(merged(seeds, record.log))
    return found


def _others(bench: Bench, probe: str) -> list[list[History]]:
    """What the runs behind the first seed have recorded, for every net on the bench."""
    found = backend.seed_runs(bench)
    return [
        [
            history
            for seed, run in found[entry.net].items()
            if seed != bench.recipe.seed and (history := profiles.record(look, entry, run, probe))
        ]
        for look, entry in zip(looks(bench), bench.entries, strict=True)
    ]


def after_start(history: History) -> History:
    """Without step 0, where that was measured on another batch."""
    later = history.steps > 0
    return replace(history, steps=history.steps[later], values=history.values[later])


def merged(seeds: Sequence[History], log: bool) -> History:
    """One history of the mean over the seeds that have come to a step; a geometric one on a logarithmic axis.

    There the arithmetic mean would be that of the largest seed alone.
    """
    if len(seeds) == 1:
        return seeds[0]
    steps = np.unique(np.concatenate([one.steps for one in seeds]))
    shape = len(seeds), len(steps), seeds[0].values.shape[1]
    values, there = np.full(shape, np.nan), np.zeros(shape, dtype=bool)
    for row, one in enumerate(seeds):
        at = np.searchsorted(steps, one.steps)
        values[row, at], there[row, at] = one.values, True
    low, high = edges(values, there)
    spread = {"low": low, "high": high, "seeds": there[:, :, 0].sum(axis=0)}
    return replace(seeds[0], steps=steps, values=mean(values, there, log), **spread)


def about(recipe: Recipe, log: bool) -> str:
    """What the lines and bands are; empty for one seed."""
    if recipe.seeds == 1:
        return ""
    text = _("Lines: mean of the seeds that have come so far.")
    if log:
        text = _("Lines: geometric mean of the seeds that have come so far, the middle one on this axis.")
    few = recipe.seeds < QUARTILES_FROM
    whole, half = _("Band: lowest to highest seed."), _("Band: the middle half of five seeds, of fewer all.")
    text += " " + (whole if few else half)
    return paragraph(text, _("What is said of causes is of seed {seed}.", seed=recipe.seed))
