"""The field's words as the app uses them, by subject: each with one sentence."""

from dataclasses import dataclass

from resnet.i18n import N_


@dataclass(frozen=True)
class Term:
    """A word, and a sentence that says what it means here."""

    name: str
    text: str


SUBJECTS: dict[str, tuple[Term, ...]] = {
    N_("What nets are made of"): (
        Term(N_("block"), N_("The layers between two additions: a branch and, in a residual net, its shortcut.")),
        Term(N_("branch"), N_("The layers of a block that learn, F(x).")),
        Term(N_("shortcut"), N_("The way past the branch, on which a block's input reaches the addition.")),
        Term(N_("residual"), N_("What the branch has to add to x: F(x), the difference between output and input.")),
        Term(N_("residual block"), N_("A block that hands on x + F(x).")),
        Term(N_("plain net"), N_("The same layers without shortcuts: each block hands on F(x) alone.")),
        Term(N_("residual net"), N_("A net of residual blocks, in short ResNet.")),
        Term(N_("twin"), N_("The plain and the residual net that differ in the shortcuts alone.")),
        Term(N_("identity mapping"), N_("What hands on its input unchanged.")),
        Term(
            N_("projection shortcut"),
            N_("A 1x1 convolution on the shortcut, where size or channels change (option B) or everywhere (option C)."),
        ),
        Term(
            N_("bottleneck"),
            N_("A branch of 1x1, 3x3 and 1x1 convolutions that narrows the channels and widens them again."),
        ),
        Term(N_("stem"), N_("The first convolution, before the first block.")),
        Term(
            N_("stage"),
            N_("Blocks of equal size and channels; the next stage has half the side and twice the channels."),
        ),
        Term(N_("head"), N_("Average pooling and the last layer, which gives a number for each class.")),
        Term(N_("depth"), N_("How many layers with weights lie between image and classes.")),
        Term(N_("width"), N_("Channels of the first stage.")),
        Term(
            N_("batch norm"),
            N_("Brings each channel of a batch to mean 0 and standard deviation 1, then scales and shifts it."),
        ),
        Term(N_("pre-activation"), N_("Norm and activation before each convolution, and nothing after the addition.")),
        Term(N_("receptive field"), N_("The pixels that one output can see.")),
    ),
    N_("How nets learn"): (
        Term(N_("degradation"), N_("A deeper net ends with a higher training error than a shallower one.")),
        Term(N_("overfitting"), N_("Good on the training images, poor on test images.")),
        Term(N_("loss"), N_("Cross-entropy: −ln of the probability that the net gives to the right class, in nats.")),
        Term(N_("training error"), N_("The share of wrong answers on images that the net learns from.")),
        Term(N_("test error"), N_("The share of wrong answers on images that the net never sees in training.")),
        Term(N_("chance level"), N_("What guessing gives: with ten classes a loss of ln 10 = 2.30 and 90 % wrong.")),
        Term(N_("step"), N_("One update of all weights, by one batch.")),
        Term(N_("batch"), N_("The images of one step.")),
        Term(N_("epoch"), N_("As many steps as it takes to see every training image once.")),
        Term(N_("learning rate"), N_("How far a step moves the weights.")),
        Term(N_("warm-up"), N_("First steps in which the learning rate rises from near zero.")),
        Term(N_("momentum"), N_("The part of the last step that goes into the next one.")),
        Term(N_("weight decay"), N_("A pull of all weights towards zero.")),
        Term(N_("seed"), N_("The number that all random choices follow: start weights, order of the images.")),
        Term(N_("recipe"), N_("All that says how nets are trained: data, steps, optimizer, learning rate.")),
    ),
    N_("What becomes of the gradient"): (
        Term(N_("gradient"), N_("How the loss would change with each weight or each output.")),
        Term(N_("vanishing gradient"), N_("A gradient that is far smaller at the first block than at the last one.")),
        Term(N_("exploding gradient"), N_("A gradient that is far larger at the first block than at the last one.")),
        Term(
            N_("shattered gradients"), N_("Gradients of neighbouring images that have nothing to do with each other.")
        ),
        Term(N_("initialisation"), N_("The weights before the first step.")),
        Term(N_("probe"), N_("A measurement at every layer or block of a net.")),
    ),
    N_("Looking into a trained net"): (
        Term(N_("attribution"), N_("Which pixels speak for a class, and how strongly.")),
        Term(N_("saliency map"), N_("The gradient of a class score by each pixel, as a picture.")),
        Term(N_("baseline"), N_("The picture that stands for “nothing there”, against which pixels are weighed.")),
        Term(N_("control"), N_("An untrained net, explained in the same way: what it shows, training has not made.")),
        Term(N_("ablation"), N_("Something is taken away, and what is lost says what it was good for.")),
        Term(N_("lesion"), N_("A block is taken out of a trained net, and nothing is trained again.")),
        Term(N_("loss surface"), N_("The loss when the weights are moved along two directions.")),
        Term(N_("logit"), N_("The number that the head gives for a class, before softmax.")),
    ),
}
