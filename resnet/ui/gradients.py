"""What the Gradients page draws: per-layer values of every net at one step, and over all steps."""

import numpy as np

from resnet import catalog
from resnet.bench import Bench, Entry
from resnet.charts.look import Look, looks
from resnet.charts.profiles import Profile
from resnet.charts.steps import History
from resnet.findings import profile_sentence
from resnet.layers import output_names, weight_names
from resnet.runs.store import Run
from resnet.specs import NetSpec, Recipe
from resnet.ui import live


def at(history: History, step: int) -> tuple[int, Profile]:
    """The last recorded step up to `step`, and its profile."""
    place = max(0, int(np.searchsorted(history.steps, step, side="right")) - 1)
    return int(history.steps[place]), Profile(history.look, history.names, history.values[place])


def recorded(table: Bench, found: dict[NetSpec, Run], probe: str) -> list[History]:
    """Every net on the bench; what was never trained is measured at step 0 now."""
    entries = zip(looks(table), table.entries, strict=True)
    return [_recorded(look, entry, table.recipe, found.get(entry.net), probe) for look, entry in entries]


def sentence(profile: Profile, probe: str) -> str:
    """Direction and size of one profile; of the weights, the convolutions alone: the head is of another kind."""
    record = catalog.PROBES[probe]
    last = -1 if record.of == "weight" else None
    return profile_sentence(
        profile.values[:last], profile.names[:last], record.backward, "block" if record.of == "block" else "layer"
    )


def _recorded(look: Look, entry: Entry, recipe: Recipe, run: Run | None, probe: str) -> History:
    names = output_names(entry.net) if catalog.PROBES[probe].of == "block" else weight_names(entry.net)
    if run:
        steps, values = live.profiles(run, probe)
        if len(steps):
            return History(look, names, steps, values)
    start = live.profile_at_start(entry.net, recipe, probe)
    return History(look, names, np.array([0]), start[None])
