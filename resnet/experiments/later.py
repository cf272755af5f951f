"""What later work says of the same nets: without norm, initialisation, stochastic depth, gradients that are healthy."""

from collections.abc import Iterator

from resnet.catalog.records import HE_2015
from resnet.experiments.records import Claim, Experiment, Number, Row
from resnet.i18n import N_

_RECTIFIERS = "He et al. 2015b, arXiv 1502.01852"
_FIXUP = "Zhang et al. 2019, arXiv 1901.09321"
_ZERO_GAMMA = "Goyal et al. 2017, arXiv 1706.02677"
_STOCHASTIC = "Huang et al. 2016, arXiv 1603.09382"


def _stochastic(error: float) -> tuple[Number, ...]:
    return (Number(error, "ResNet-110", f"{_STOCHASTIC}, Table 1"),)


# What has a page of its own: the page, and who measured it first.
ELSEWHERE = (
    ("paths", "Veit et al. 2016, arXiv 1605.06431"),
    ("lesions", "Veit et al. 2016, arXiv 1605.06431"),
    ("shattered", "Balduzzi et al. 2017, arXiv 1702.08591"),
    ("surface", "Li et al. 2018, arXiv 1712.09913"),
)
_SGD = "optimizer=sgd&lr=0.1"


def _cures() -> Iterator[Row]:
    """The net that the course notes warn of, each of their cures alone, and all of them with and without shortcuts."""
    for depth in (20, 56):
        ill, cured = f"plain-{depth}-nobn-sigmoid-torchinit", f"plain-{depth}"
        first = f"{ill}?{_SGD}"
        yield Row(ill, N_("none of the cures"), words=_SGD, against=first)
        yield Row(f"{cured}-nobn-torchinit", N_("ReLU alone"), words=_SGD, against=first)
        yield Row(f"{cured}-sigmoid-torchinit", N_("batch norm alone"), words=_SGD, against=first)
        yield Row(f"{cured}-nobn-sigmoid", N_("He initialisation alone"), words=_SGD, against=first)
        yield Row(ill, N_("Adam alone"), words="lr=0.001", against=first)
        yield Row(f"res-{depth}-nobn-sigmoid-torchinit", N_("shortcuts alone"), words=_SGD, against=first)
        yield Row(cured, N_("all four"), against=first)
        yield Row(f"res-{depth}", N_("all four and shortcuts"), against=first)


EXPERIMENTS = (
    Experiment(
        name="no-norm",
        group="later",
        title=N_("Degradation without batch norm"),
        question=N_("From which depth on does a plain net without norm learn nothing?"),
        rows=tuple(
            Row(f"{kind}-{depth}-nobn-torchinit", f"{kind}-{depth}", against=f"{kind}-8-nobn-torchinit")
            for kind in ("plain", "res")
            for depth in (8, 14, 20, 56)
        ),
        why=N_(
            "No paper prints these nets: they are the course notes' way of building, without any norm and with "
            "PyTorch's own initialisation. Adam with a rate of 0.001."
        ),
        words="lr=0.001",
        also="gradient",
    ),
    Experiment(
        name="init",
        group="later",
        title=N_("He against default initialisation"),
        question=N_("What does the initialisation do where no norm repairs it?"),
        rows=(
            Row("plain-14-nobn-torchinit", N_("plain-14 (PyTorch default)")),
            Row("plain-14-nobn", N_("plain-14 (He)"), claim=Claim("below", _RECTIFIERS)),
            Row("plain-20-nobn-torchinit", N_("plain-20 (PyTorch default)"), against="plain-20-nobn-torchinit"),
            Row(
                "plain-20-nobn",
                N_("plain-20 (He)"),
                against="plain-20-nobn-torchinit",
                claim=Claim("below", _RECTIFIERS),
            ),
            Row("res-20-nobn-torchinit", N_("res-20 (PyTorch default)"), against="res-20-nobn-torchinit"),
            Row("res-20-nobn", N_("res-20 (He)"), against="res-20-nobn-torchinit"),
        ),
        why=N_(
            "He et al. 2015b compare with Xavier's initialisation in plain nets on ImageNet: with 22 layers both "
            "learn, He's earlier, with 30 only He's. PyTorch's default is smaller still than Xavier's. In residual "
            "nets without norm the branches add up, so that with He's the signal grows from block to block."
        ),
        words="lr=0.001",
        also="gradient",
    ),
    Experiment(
        name="fixup",
        group="later",
        title=N_("Fixup and zero-γ"),
        question=N_("Can a residual net do without norm, or start as the identity?"),
        rows=(
            Row("res-56", N_("batch norm")),
            Row("res-56-zerogamma", N_("batch norm and zero-γ"), claim=Claim("below", f"{_ZERO_GAMMA}, Sec. 5.1")),
            Row("res-56-nobn-fixup", N_("Fixup without norm"), claim=Claim("level", _FIXUP)),
            Row("res-56-nobn", N_("no norm"), claim=Claim("above", _FIXUP)),
        ),
        why=N_(
            "Goyal et al. train on ImageNet and find that zero-γ helps all models, those with large batches most; "
            "Zhang et al. find Fixup as stable as norm. Here every net has the same 400 steps of one recipe, in which "
            "a net that starts as the identity first has to find its branches."
        ),
    ),
    Experiment(
        name="stochastic-depth",
        group="later",
        title=N_("Stochastic depth"),
        question=N_("Do nets err less when their branches are left out at random in training?"),
        rows=(
            Row("res-56", N_("res-56 (every branch)")),
            Row("res-56-p0.5", N_("res-56 (last branch by half)")),
            Row("res-110", N_("res-110 (every branch)"), _stochastic(6.41), against="res-110"),
            Row("res-110-p0.5", N_("res-110 (last branch by half)"), _stochastic(5.25), against="res-110"),
        ),
        why=N_(
            "Huang et al. train 110 layers on CIFAR-10 for 500 epochs, in which a net can overfit. In two and a half "
            "epochs nothing overfits, and what is left out is not trained."
        ),
        measured="error",
        also="loss",
    ),
    Experiment(
        name="healthy-gradient",
        group="later",
        title=N_("A healthy gradient is not enough"),
        question=N_("Does a plain net learn when its gradient reaches the first layers?"),
        rows=(
            Row("res-56", N_("res-56 (batch norm)")),
            Row("plain-56", N_("plain-56 (batch norm)"), claim=Claim("above", f"{HE_2015}, Sec. 4.1")),
            Row("res-56-ln", N_("res-56 (layer norm)")),
            Row("plain-56-ln", N_("plain-56 (layer norm)"), against="res-56-ln"),
        ),
        why=N_(
            "The paper says of its own plain nets that their gradients have healthy norms, and that vanishing is "
            "unlikely to be the cause. The column of the gradient shows how many times larger or smaller it is at the "
            "first block than at the last one, before the first step; compare it with what the nets have learned."
        ),
        also="gradient",
        pages=("gradients",),
    ),
    Experiment(
        name="cures",
        group="later",
        title=N_("The course notes' cures, one at a time"),
        question=N_("Which change alone makes a plain net learn?"),
        rows=tuple(_cures()),
        why=N_(
            "No paper prints these nets. The first of each depth is what the course notes warn of: sigmoid, no norm, "
            "PyTorch's own initialisation, SGD with a rate of 0.1. Adam has a rate of 0.001 where there is no norm, "
            "and the usual 0.003 where there is."
        ),
        also="gradient",
        pages=("board",),
    ),
)
