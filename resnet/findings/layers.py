"""What the layers of nets add up to."""

from resnet.i18n import _


def twins_sentence(residual: str, plain: str, residual_count: int, plain_count: int) -> str:
    """Whether two twins have equally many parameters, and what the others are."""
    places = {"residual": residual, "plain": plain, "count": residual_count, "more": residual_count - plain_count}
    if residual_count == plain_count:
        return _("{residual} and {plain} have the same {count:,} parameters: the shortcut adds none.", **places)
    return _("{residual} has {more:,} parameters more than {plain}: those of its shortcuts.", **places)


def sums_sentence(parameters: int, multiply_adds: int, megabytes: float, batch: int) -> str:
    """What the layers of one net add up to."""
    return _(
        "Sum: {parameters:,} parameters, {cost:,.1f} M multiply-adds an image, {memory:,.1f} MB of outputs at batch "
        "{batch} in float32.",
        parameters=parameters,
        cost=multiply_adds / 1e6,
        memory=megabytes,
        batch=batch,
    )
