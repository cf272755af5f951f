"""What a net is made of. The first record of each dict is the default."""

from resnet.catalog.records import HE_2015, HE_2016, Choice, Switch, by_name
from resnet.i18n import N_

BLOCKS = by_name(
    Choice(
        "plain",
        N_("Plain"),
        N_("The branch alone, no shortcut."),
        part="plain",
        formula=r"y = F(x)",
        source=f"{HE_2015}, Sec. 3.3",
    ),
    Choice(
        "residual",
        N_("Residual"),
        N_("The same branch, and the block's input is added to its output."),
        part="res",
        formula=r"y = F(x) + x",
        source=f"{HE_2015}, Eq. 1",
    ),
)

FAMILIES = by_name(
    Choice(
        "cifar",
        N_("CIFAR"),
        N_("3x3 stem, three stages: for images of 32 pixels. The paper's have n blocks in each: 6n + 2 layers."),
        source=f"{HE_2015}, Sec. 4.2",
    ),
    Choice(
        "imagenet",
        N_("ImageNet"),
        N_("7x7 stem with stride 2 and max pooling, four stages: made for images of 224 pixels."),
        part="imagenet",
        source=f"{HE_2015}, Table 1",
    ),
)

BRANCHES = by_name(
    Choice("basic", N_("Basic"), N_("Two 3x3 convolutions."), source=f"{HE_2015}, Fig. 5 left"),
    Choice(
        "bottleneck",
        N_("Bottleneck"),
        N_("1x1 to few channels, 3x3, and 1x1 to four times as many: three layers a block."),
        part="bottleneck",
        source=f"{HE_2015}, Fig. 5 right",
    ),
)

STRIDES = by_name(
    Choice("3x3", N_("Stride in the 3x3"), N_("As torchvision does (“v1.5”): a little dearer.")),
    Choice("1x1", N_("Stride in the first 1x1"), N_("As the paper does."), part="v1", source=f"{HE_2015}, Table 1"),
)

SHORTCUTS = by_name(
    Choice(
        "A",
        N_("A: zero padding"),
        N_("The identity; where the size changes, every second pixel, new channels filled with zeros. No parameters."),
        source=f"{HE_2015}, Sec. 4.2",
    ),
    Choice(
        "B",
        N_("B: projection"),
        N_("The identity; where the size changes, a 1x1 convolution with norm."),
        part="optb",
        formula=r"y = F(x) + W_s x",
        source=f"{HE_2015}, Eq. 2",
    ),
    Choice(
        "C",
        N_("C: projections only"),
        N_("A 1x1 convolution with norm in every block: no identity is left."),
        part="optc",
        formula=r"y = F(x) + W_s x",
        source=f"{HE_2015}, Sec. 4.1",
    ),
    Choice(
        "scale",
        N_("Constant scaling"),
        N_("Shortcut and branch are multiplied by two fixed factors."),
        part="scale",
        formula=r"y = \mu F(x) + \lambda x",
        source=f"{HE_2016}, Sec. 3.1",
    ),
    Choice(
        "exclusive",
        N_("Exclusive gating"),
        N_("A learned gate g shares out between branch (g) and shortcut (1 - g)."),
        part="exgate",
        formula=r"y = g(x) F(x) + (1 - g(x))\,x",
        source=f"{HE_2016}, Sec. 3.1",
    ),
    Choice(
        "gate",
        N_("Shortcut-only gating"),
        N_("A learned gate lets 1 - g of the shortcut pass; the branch passes whole."),
        part="gate",
        formula=r"y = F(x) + (1 - g(x))\,x",
        source=f"{HE_2016}, Sec. 3.1",
    ),
    Choice(
        "conv",
        N_("1x1 convolution"),
        N_("A bare 1x1 convolution in every block, without norm."),
        part="conv1x1",
        formula=r"y = F(x) + W_s x",
        source=f"{HE_2016}, Sec. 3.1",
    ),
    Choice(
        "dropout",
        N_("Dropout"),
        N_("Half of the shortcut's values are dropped while training."),
        part="dropout",
        formula=r"y = F(x) + \mathrm{dropout}_{0.5}(x)",
        source=f"{HE_2016}, Sec. 3.1",
    ),
)

ORDERS = by_name(
    Choice(
        "original",
        N_("Original"),
        N_("Norm and activation follow each convolution; the last activation stands after the addition."),
        source=f"{HE_2016}, Fig. 4a",
    ),
    Choice(
        "norm_after",
        N_("Norm after addition"),
        N_("The last norm stands after the addition, so it changes the shortcut's signal too."),
        part="bnafter",
        source=f"{HE_2016}, Fig. 4b",
    ),
    Choice(
        "act_before",
        N_("Activation before addition"),
        N_("The branch ends with its activation: with ReLU it can only add."),
        part="reluadd",
        source=f"{HE_2016}, Fig. 4c",
    ),
    Choice(
        "act_only",
        N_("Activation-only pre-activation"),
        N_("Activation, conv, norm, for each convolution; nothing after the addition."),
        part="relupre",
        source=f"{HE_2016}, Fig. 4d",
    ),
    Choice(
        "preact",
        N_("Full pre-activation"),
        N_("Norm, activation, conv, for each convolution; nothing after the addition to bend the shortcut's signal."),
        part="preact",
        formula=r"x_{l+1} = x_l + F(x_l)",
        source=f"{HE_2016}, Fig. 4e",
    ),
)

NORMS = by_name(
    Choice("batch", N_("Batch norm"), N_("Normalises each channel over the batch."), source="Ioffe and Szegedy 2015"),
    Choice(
        "group",
        N_("Group norm"),
        N_("Normalises groups of channels (four, where that divides them) within each image."),
        part="gn",
        source="Wu and He 2018, arXiv 1803.08494",
    ),
    Choice(
        "layer",
        N_("Layer norm"),
        N_("Normalises all channels of each image together."),
        part="ln",
        source="Ba et al. 2016, arXiv 1607.06450",
    ),
    Choice("none", N_("No norm"), N_("No normalisation; the convolutions keep their biases."), part="nobn"),
)

ACTIVATIONS = by_name(
    Choice("relu", N_("ReLU"), N_("Passes what is positive, stops the rest."), formula=r"\max(0, x)"),
    Choice("leaky", N_("Leaky ReLU"), N_("Lets 1 % of the negative side through."), "leaky", r"\max(0.01\,x, x)"),
    Choice(
        "prelu",
        N_("PReLU"),
        N_("Learns how much of the negative side passes; starts at 25 %."),
        "prelu",
        r"\max(a\,x, x)",
        "He et al. 2015b, arXiv 1502.01852",
    ),
    Choice("elu", N_("ELU"), N_("Bends to -1 on the negative side."), "elu", r"x<0: e^x-1", "arXiv 1511.07289"),
    Choice("gelu", N_("GELU"), N_("A smooth ReLU: x times the normal distribution."), "gelu", r"x\,\Phi(x)"),
    Choice("silu", N_("SiLU"), N_("A smooth ReLU: x times its sigmoid."), "silu", r"x\,\sigma(x)"),
    Choice("tanh", N_("Tanh"), N_("Saturates at -1 and 1."), "tanh", r"\tanh x"),
    Choice("sigmoid", N_("Sigmoid"), N_("Saturates at 0 and 1; its slope is at most 1/4."), "sigmoid", r"1/(1+e^{-x})"),
)

_HE_2015B = "He et al. 2015b, arXiv 1502.01852"

INITS = by_name(
    Choice(
        "he",
        N_("He, fan-out"),
        N_("Normal weights with variance 2 / fan-out: keeps the size of the gradient through ReLU layers."),
        formula=r"\mathrm{Var}\,w = 2/n_{out}",
        source=_HE_2015B,
    ),
    Choice(
        "he_in",
        N_("He, fan-in"),
        N_("Normal weights with variance 2 / fan-in: keeps the size of the signal through ReLU layers."),
        part="hein",
        formula=r"\mathrm{Var}\,w = 2/n_{in}",
        source=_HE_2015B,
    ),
    Choice(
        "xavier",
        N_("Xavier"),
        N_("Uniform weights with variance 2 / (fan-in + fan-out): made for tanh."),
        part="xavier",
        formula=r"\mathrm{Var}\,w = 2/(n_{in}+n_{out})",
        source="Glorot and Bengio 2010",
    ),
    Choice(
        "torch",
        N_("PyTorch default"),
        N_("Uniform weights with variance 1 / (3 fan-in): shrinks the signal in deep plain nets without norm."),
        part="torchinit",
        formula=r"\mathrm{Var}\,w = 1/(3 n_{in})",
        source="torch.nn.Conv2d.reset_parameters",
    ),
    Choice(
        "orthogonal",
        N_("Orthogonal"),
        N_("Each kernel, seen as one matrix, has orthogonal rows or columns."),
        part="orth",
        formula=r"W^{\top} W = g^2 I",
        source="Saxe et al. 2013, arXiv 1312.6120",
    ),
    Choice(
        "delta",
        N_("Delta-orthogonal"),
        N_("An orthogonal matrix in the kernel's middle, zeros around it: made for very deep plain nets with tanh."),
        part="delta",
        formula=r"W_{mid}^{\top} W_{mid} = g^2 I",
        source="Xiao et al. 2018, arXiv 1806.05393",
    ),
)

# Each is a field of NetSpec that is true or false; `part` stands in the name when it is not at its default.
SWITCHES = by_name(
    Switch(
        "zero_gamma",
        N_("Zero-γ"),
        N_("The last norm of every branch starts at 0: each block starts as its shortcut."),
        part="zerogamma",
        source="Goyal et al. 2017, arXiv 1706.02677",
    ),
    Switch(
        "fixup",
        N_("Fixup scaling"),
        N_("For nets without norm: branches start scaled by depth, their last layer and the head at 0."),
        part="fixup",
        formula=r"W \cdot L^{-1/(2m-2)}",
        source="Zhang et al. 2019, arXiv 1901.09321, Sec. 3",
    ),
    Switch(
        "stem_activation",
        N_("Activation after the stem"),
        N_("The course notes forget it."),
        part="nostemact",
        usual=True,
    ),
    Switch(
        "softmax",
        N_("Softmax inside the net"),
        N_("A fault of the course notes: the loss applies softmax again and cannot fall below a floor."),
        part="softmax",
    ),
)
