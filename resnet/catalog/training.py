"""Data sets and how to train on them."""

from resnet.catalog.pictures import FETCHED
from resnet.catalog.records import HE_2015, Choice, DataChoice, by_name
from resnet.i18n import N_

DATASETS = by_name(
    DataChoice(
        "shapes",
        N_("Shapes"),
        N_("Ten generated classes, 32x32 colour, with the exact mask of each object: 5,000 to learn, 1,000 to test."),
        shape=(3, 32, 32),
        train=5_000,
        test=1_000,
        classes=(
            N_("disk"),
            N_("square"),
            N_("triangle"),
            N_("plus"),
            N_("star"),
            N_("ring"),
            N_("crescent"),
            N_("heart"),
            N_("bars"),
            N_("hexagon"),
        ),
        has_masks=True,
        levels=True,
    ),
    DataChoice(
        "digits",
        N_("Digits"),
        N_("Handwritten digits of scikit-learn, enlarged to 32x32 grey: 1,497 to learn, 300 to test."),
        shape=(1, 32, 32),
        train=1_497,
        test=300,
        classes=tuple("0123456789"),
        flip=False,
        source="Alpaydin and Kaynak 1998, UCI optical recognition of handwritten digits",
    ),
    *FETCHED,
)

LEVELS = by_name(
    Choice("quick", N_("Quick"), N_("Large bright objects: small residual nets learn them within 400 steps.")),
    Choice("easy", N_("Easy"), N_("Bright or dark objects, more turned.")),
    Choice("medium", N_("Medium"), N_("Small, low contrast, any rotation: needs minutes or a GPU.")),
)

OPTIMIZERS = by_name(
    Choice(
        "adam",
        N_("Adam"),
        N_("Each weight gets its own step size. The demo's optimiser."),
        source="arXiv 1412.6980",
    ),
    Choice(
        "adamw",
        N_("AdamW"),
        N_("Adam whose weight decay shrinks the weights directly, past the step sizes."),
        source="arXiv 1711.05101",
    ),
    Choice(
        "sgd",
        N_("SGD with momentum"),
        N_("The papers' optimiser, from a learning rate of 0.1."),
        source=f"{HE_2015}, Sec. 4.2",
    ),
    Choice(
        "rmsprop",
        N_("RMSprop"),
        N_("Divides by the recent size of each weight's gradient: Adam without its momentum."),
        source="Tieleman and Hinton 2012, Coursera lecture 6.5",
    ),
    Choice(
        "adagrad",
        N_("Adagrad"),
        N_("Divides by the size of all gradients so far: the steps get smaller and smaller."),
        source="Duchi et al. 2011, JMLR 12",
    ),
)

SCHEDULES = by_name(
    Choice("cosine", N_("Cosine"), N_("Falls smoothly to zero at the last step."), source="arXiv 1608.03983"),
    Choice("constant", N_("Constant"), N_("The same learning rate from the first to the last step.")),
    Choice(
        "step",
        N_("Step decay"),
        N_("Divided by 10 at one half and at three quarters of the steps."),
        source=f"{HE_2015}, Sec. 4.2",
    ),
    Choice(
        "one_cycle",
        N_("One cycle"),
        N_(
            "Rises from 1/25 of the learning rate for 30 % of the steps, or as long as the warm-up, then falls to "
            "almost zero."
        ),
        source="arXiv 1708.07120",
    ),
)
