"""Recipes with a name."""

from resnet.catalog.records import HE_2015, RecipePreset, by_name
from resnet.i18n import N_

RECIPES = by_name(
    RecipePreset("demo", N_("Class demo"), N_("Adam at 0.003: plain-56 fails and res-56 learns within 400 steps.")),
    RecipePreset(
        "cifar-2015",
        N_("2015's CIFAR recipe"),
        N_("SGD at 0.1 with momentum, batches of 128, divided by 10 at one half and at three quarters of your steps."),
        source=f"{HE_2015}, Sec. 4.2",
        words="batch=128&optimizer=sgd&lr=0.1&schedule=step&weight_decay=0.0001",
    ),
    RecipePreset(
        "warm-up-2015",
        N_("2015's warm-up for deep nets"),
        N_(
            "The same, after a warm-up. At depth 110 the paper began with 0.01, for about 400 of 64,000 steps; here "
            "the learning rate rises evenly to 0.1 in 40 steps."
        ),
        source=f"{HE_2015}, Sec. 4.2",
        words="batch=128&optimizer=sgd&lr=0.1&schedule=step&warmup=40&weight_decay=0.0001",
    ),
    RecipePreset(
        "no-norm",
        N_("No batch norm"),
        N_("Adam at 0.001: without batch norm larger steps throw nets off. Set the norm of each net to none."),
        words="lr=0.001",
    ),
)
