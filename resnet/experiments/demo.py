"""The nets that lie on the bench at first."""

from resnet.catalog.records import HE_2015
from resnet.experiments.records import Claim, Experiment, Row
from resnet.i18n import N_

EXPERIMENTS = (
    Experiment(
        name="demo",
        group="demo",
        title=N_("Demo: two depths, with and without shortcuts"),
        question=N_("Does a deeper net learn better?"),
        rows=(
            Row("plain-20", against="res-20", claim=Claim("above", f"{HE_2015}, Fig. 6")),
            Row("plain-56", against="plain-20", claim=Claim("above", f"{HE_2015}, Fig. 6 left")),
            Row("res-20", against="res-20"),
            Row("res-56", against="res-20", claim=Claim("below", f"{HE_2015}, Table 6")),
        ),
        why=N_(
            "Generated shapes instead of CIFAR-10, width 8 instead of 16, 400 steps of Adam instead of 64,000 of SGD: "
            "in this budget plain-56 learns nothing, in the paper it learns more slowly than plain-20."
        ),
        weights=("plain-20", "plain-56", "res-20", "res-56"),
    ),
)
