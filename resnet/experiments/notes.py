"""The faults of the net that the course notes print, one by one and together, at a depth that trains in seconds."""

from resnet.experiments.records import Experiment, Row
from resnet.i18n import N_

FAULTS = "res-20-optb-nobn-torchinit-nostemact-softmax"  # all that change what is computed

EXPERIMENTS = (
    Experiment(
        name="notes",
        group="notes",
        title=N_("The course notes' net, fault by fault"),
        question=N_("What does each fault of the course notes' net cost?"),
        rows=(
            Row("res-20", N_("as in the paper")),
            Row("res-20-nobn-torchinit", N_("no batch norm")),
            Row("res-20-nostemact", N_("no ReLU after the first convolution")),
            Row("res-20-softmax", N_("softmax inside")),
            Row("res-20-optb", N_("option B only")),
            Row("res-20-optb-nobn-torchinit-nostemact", N_("all but the softmax")),
            Row(FAULTS, N_("all together")),
        ),
        why=N_("No paper has trained this net: each row is compared with the sound net of the same depth."),
    ),
)
