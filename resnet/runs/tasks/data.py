"""The question what is on a visitor's pictures; they are unpacked here, not in the pages' process."""

from resnet.datasets import own


def read_pictures(contents: list[bytes]) -> list[own.Decoded]:
    """Each picture file in the sizes of recipes, or what is wrong with it."""
    return own.read_pictures(contents)
