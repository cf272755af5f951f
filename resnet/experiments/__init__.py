"""What the papers measured, at class scale: one file a paper, each with its figures and tables. No torch."""

from resnet.experiments import demo, later, notes, paper_2015, paper_2016
from resnet.experiments.records import FAIL, Claim, Experiment, Number, Order, Row
from resnet.i18n import N_

__all__ = ["EXPERIMENTS", "FAIL", "GROUPS", "Claim", "Experiment", "Number", "Order", "Row", "in_group"]

GROUPS = {
    "demo": N_("Demo"),
    "2015": N_("Deep residual learning, 2015"),
    "2016": N_("Identity mappings, 2016"),
    "later": N_("Later work"),
    "notes": N_("Course notes"),
}

# In the order in which they are recorded: a run that several have stands with the first of them.
EXPERIMENTS = {
    experiment.name: experiment
    for experiment in (
        *demo.EXPERIMENTS,
        *paper_2015.EXPERIMENTS,
        *paper_2016.EXPERIMENTS,
        *later.EXPERIMENTS,
        *notes.EXPERIMENTS,
    )
}


def in_group(group: str) -> list[Experiment]:
    """The experiments of a group, in their order."""
    return [experiment for experiment in EXPERIMENTS.values() if experiment.group == group]
