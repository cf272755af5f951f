"""Which pictures of a folder or an archive belong to which class, and what is left out, from their names alone."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

from resnet.catalog.data import hidden, natural
from resnet.i18n import N_

SUFFIXES = (".png", ".jpg", ".jpeg", ".webp", ".gif", ".bmp", ".tif", ".tiff")
TRAIN, TEST = ("train", "training"), ("test", "testing", "val", "valid", "validation")

EMPTY = N_("this class has no picture")
NO_PICTURE = N_("no picture")
NO_CLASS = N_("it lies in no class folder")
UNKNOWN_CLASS = N_("a test class that is not among the training classes")
BESIDE = N_("it lies beside the folders for training and test")

Parts = tuple[str, ...]


@dataclass(frozen=True)
class Left:
    """Something that is left out: its name, and a marked text with places for `values` that says why."""

    name: str
    text: str
    values: tuple[tuple[str, Any], ...] = ()


@dataclass(frozen=True)
class Listing:
    """The names of pictures with the number of their class; without `test` the pictures are to be split."""

    classes: tuple[str, ...]
    train: tuple[tuple[str, int], ...]
    test: tuple[tuple[str, int], ...]
    left_out: tuple[Left, ...]


def list_pictures(files: Iterable[str], folders: Iterable[str] = ()) -> Listing:
    """Sort out paths like ``photos/train/cat/1.jpg``: one folder a class, perhaps below ``train`` and ``test``.

    Hidden files and folders are passed over without a word. The training pictures alone decide about the classes and
    their order, in which numbers count as numbers.
    """
    shown = [parts for parts in map(_parts, files) if not any(map(hidden, parts))]
    left = [Left("/".join(parts), NO_PICTURE) for parts in shown if not _is_picture(parts)]
    pictures = [parts for parts in shown if _is_picture(parts)]
    inside = [parts for parts in map(_parts, folders) if not any(map(hidden, parts))]
    depth = _wrapping(pictures)
    split = any(parts[depth].lower() in TRAIN for parts in pictures if len(parts) > depth + 1)
    tests = (
        next((name for name in TEST if any(parts[depth].lower() == name for parts in pictures)), "") if split else ""
    )
    train = [parts for parts in pictures if not split or parts[depth].lower() in TRAIN]
    test = [parts for parts in pictures if tests and parts[depth].lower() == tests]
    known = {*train, *test}
    left += [Left("/".join(parts), BESIDE) for parts in pictures if parts not in known]
    level = depth + split
    classes = sorted(
        {parts[level] for parts in train if len(parts) > level + 1}, key=lambda name: (natural(name), name)
    )
    left += [
        Left(name, EMPTY)
        for name in _empty(inside, level, split, {parts[level] for parts in pictures if len(parts) > level})
    ]
    numbered = {name: number for number, name in enumerate(classes)}
    both = [_labelled(group, level, numbered, left) for group in (train, test)]
    return Listing(tuple(classes), both[0], both[1], tuple(left))


def _parts(name: str) -> Parts:
    return PurePosixPath(name).parts


def _is_picture(parts: Parts) -> bool:
    return bool(parts) and parts[-1].lower().endswith(SUFFIXES)


def _wrapping(pictures: list[Parts]) -> int:
    """How many folders are around everything."""
    depth = 0
    while pictures and all(len(parts) > depth + 2 and parts[depth] == pictures[0][depth] for parts in pictures):
        depth += 1
    return depth


def _empty(folders: list[Parts], level: int, split: bool, filled: set[str]) -> list[str]:
    """Class folders of the training in which no picture lies."""
    found = [parts for parts in folders if len(parts) == level + 1 and (not split or parts[level - 1].lower() in TRAIN)]
    return [parts[level] for parts in found if parts[level] not in filled]


def _labelled(
    pictures: list[Parts], level: int, numbered: dict[str, int], left: list[Left]
) -> tuple[tuple[str, int], ...]:
    """The pictures with their class; what has none is added to `left`."""
    found = []
    for parts in sorted(pictures, key=lambda parts: ([natural(part) for part in parts], parts)):
        if len(parts) <= level + 1:
            left.append(Left("/".join(parts), NO_CLASS))
        elif parts[level] not in numbered:
            left.append(Left("/".join(parts), UNKNOWN_CLASS))
        else:
            found.append(("/".join(parts), numbered[parts[level]]))
    return tuple(found)
