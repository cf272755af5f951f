"""What there is to choose from: frozen records, no torch.

Menus, axis titles, captions and names in links come from these records; a contract test holds that every record has
its code and every code its record.
"""

from resnet.catalog.attribution import BASELINES, METHODS, SCORES
from resnet.catalog.data import CLASSES, DataError, about, data_choice, data_choices, host_folders, is_own
from resnet.catalog.nets import (
    ACTIVATIONS,
    BLOCKS,
    BRANCHES,
    FAMILIES,
    INITS,
    NORMS,
    ORDERS,
    SHORTCUTS,
    STRIDES,
    SWITCHES,
)
from resnet.catalog.presets import FAULTS, PRESETS
from resnet.catalog.probes import CLIPPED, PROBES
from resnet.catalog.recipes import RECIPES
from resnet.catalog.records import (
    HE_2015,
    HE_2016,
    Choice,
    DataChoice,
    Method,
    Preset,
    Probe,
    RecipePreset,
    Score,
    Switch,
)
from resnet.catalog.training import DATASETS, LEVELS, OPTIMIZERS, SCHEDULES

__all__ = [
    "ACTIVATIONS",
    "BASELINES",
    "BLOCKS",
    "BRANCHES",
    "CLASSES",
    "CLIPPED",
    "DATASETS",
    "FAMILIES",
    "FAULTS",
    "HE_2015",
    "HE_2016",
    "INITS",
    "LEVELS",
    "METHODS",
    "NORMS",
    "OPTIMIZERS",
    "ORDERS",
    "PRESETS",
    "PROBES",
    "RECIPES",
    "SCHEDULES",
    "SCORES",
    "SHORTCUTS",
    "STRIDES",
    "SWITCHES",
    "Choice",
    "DataChoice",
    "DataError",
    "Method",
    "Preset",
    "Probe",
    "RecipePreset",
    "Score",
    "Switch",
    "about",
    "data_choice",
    "data_choices",
    "host_folders",
    "is_own",
]
