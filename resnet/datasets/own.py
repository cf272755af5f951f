"""Pictures from outside: read once, brought to three sizes, split, and kept without anything that could be run."""

import hashlib
import json
import os
import uuid
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import numpy as np

from resnet import catalog
from resnet.catalog import DataError
from resnet.catalog.data import host_folders, is_own, own_path, visible_folders
from resnet.datasets import cache
from resnet.datasets.data import Split
from resnet.datasets.listing import EMPTY, Left, Listing, list_pictures
from resnet.datasets.pictures import PictureError, for_net, read_picture
from resnet.i18n import N_, _
from resnet.specs.limits import LIMITS
from resnet.specs.recipe import SIZES

DELETED = N_("the pictures of this data set were deleted: ask who sent the link, or upload them again")
ALONE = N_("its class has no other picture, and one has to be kept for the test")
UNREADABLE = N_("the file cannot be read")
FOLDER_FILES = 10_000  # of a folder of the host: 430 MB in the three sizes
AT_ONCE = 16  # pictures that are read by one call
EVERY = 5  # where there is no test folder, the last of so many pictures of a class tests
MOST_TOLD = 200  # of what was left out

Decoded = dict[int, np.ndarray] | PictureError  # by the side, (3, side, side) uint8
Decode = Callable[[list[bytes]], list[Decoded]]


def read_pictures(contents: list[bytes]) -> list[Decoded]:
    """Each picture in the three sizes, upright, in colour, its middle square; or what is wrong with it."""
    return [_read_picture(content) for content in contents]


def _read_picture(content: bytes) -> Decoded:
    try:
        picture = read_picture(content)
        return {side: for_net(picture, side) for side in SIZES}
    except PictureError as error:
        return error.with_traceback(None)


@dataclass
class _Pictures:
    """The pictures of one split while they are read."""

    images: list[dict[int, np.ndarray]] = field(default_factory=list)
    labels: list[int] = field(default_factory=list)

    def add(self, image: dict[int, np.ndarray], label: int) -> None:
        self.images.append(image)
        self.labels.append(label)

    def split(self, side: int, order: np.ndarray) -> Split:
        return Split(np.stack([self.images[place][side] for place in order]), np.array(self.labels, np.int64)[order])


def prepare(
    label: str,
    listing: Listing,
    read: Callable[[str], bytes],
    decode: Decode = read_pictures,
    report: Callable[[int, int], None] = lambda done, total: None,
    name: str = "",
) -> str:
    """Read the pictures and keep them; returns the name of the data set: `name`, else one made from the images.

    `report` gets how many pictures are read, and of how many. Raises DataError where fewer classes are left than a
    data set has, and OSError where it cannot be kept.
    """
    left = list(listing.left_out)
    train, test = _Pictures(), _Pictures()
    entries = [(name, number, train) for name, number in listing.train]
    entries += [(name, number, test) for name, number in listing.test]
    for done, (what, number, split, found) in enumerate(_decoded(entries, read, decode), start=1):
        if isinstance(found, PictureError):
            left.append(Left(what, found.text, tuple(found.values.items())))
        else:
            split.add(found, number)
        report(done, len(entries))
    if not test.labels:
        train, test = _halves(train, listing.classes, left)
    classes = _without_empty(listing.classes, train, test, left)
    _check(classes, test)
    return _keep(label, classes, train, test, left, name)


def _decoded(
    entries: Sequence[tuple[str, int, _Pictures]], read: Callable[[str], bytes], decode: Decode
) -> Iterator[tuple[str, int, _Pictures, Decoded]]:
    """A few pictures at a time: what is not read yet is not in memory."""
    for start in range(0, len(entries), AT_ONCE):
        some = entries[start : start + AT_ONCE]
        contents = [_content(read, entry[0]) for entry in some]
        decoded = iter(decode([content for content in contents if isinstance(content, bytes)]))
        for entry, content in zip(some, contents, strict=True):
            yield *entry, next(decoded) if isinstance(content, bytes) else content


def _content(read: Callable[[str], bytes], name: str) -> bytes | PictureError:
    try:
        return read(name)
    except Exception:  # a damaged archive can raise nearly anything
        return PictureError(UNREADABLE)


def _halves(pictures: _Pictures, classes: Sequence[str], left: list[Left]) -> tuple[_Pictures, _Pictures]:
    """Every fifth picture of each class tests, of fewer the last one; a class of a single picture is left out."""
    train, test = _Pictures(), _Pictures()
    counts, seen = Counter(pictures.labels), Counter[int]()
    for image, label in zip(pictures.images, pictures.labels, strict=True):
        seen[label] += 1
        if counts[label] == 1:
            left.append(Left(classes[label], ALONE))
            continue
        last = counts[label] < EVERY and seen[label] == counts[label]
        (test if last or seen[label] % EVERY == 0 else train).add(image, label)
    return train, test


def _without_empty(classes: Sequence[str], train: _Pictures, test: _Pictures, left: list[Left]) -> list[str]:
    """The classes of which a training picture could be read; labels are numbered anew."""
    there = sorted(set(train.labels))
    told = {one.name for one in left}
    left += [Left(name, EMPTY) for number, name in enumerate(classes) if number not in there and name not in told]
    numbers = {number: place for place, number in enumerate(there)}
    for split in (train, test):
        kept = [place for place, label in enumerate(split.labels) if label in numbers]
        split.images = [split.images[place] for place in kept]
        split.labels = [numbers[split.labels[place]] for place in kept]
    return [classes[number] for number in there]


def _check(classes: Sequence[str], test: _Pictures) -> None:
    least, most = catalog.CLASSES
    if not least <= len(classes) <= most:
        places = {"least": least, "most": most, "count": len(classes)}
        raise DataError(
            _("a data set needs {least}–{most} folders with pictures, one for each class; found {count}", **places)
        )
    if not test.labels:
        raise DataError(_("no picture of the test folder could be read"))


def _keep(label: str, classes: list[str], train: _Pictures, test: _Pictures, left: list[Left], name: str) -> str:
    """In an order in which the first ones shown are of mixed classes."""
    orders = [np.random.default_rng(0).permutation(len(split.labels)) for split in (train, test)]
    splits = {side: (train.split(side, orders[0]), test.split(side, orders[1])) for side in SIZES}
    name = name or f"own-{_digest(classes, splits[SIZES[0]])}"
    for side, both in splits.items():
        cache.save(_key(name, side), both)
    noted = {
        "label": label[:40],
        "classes": classes,
        "train": np.bincount(train.labels, minlength=len(classes)).tolist(),
        "test": np.bincount(test.labels, minlength=len(classes)).tolist(),
        "left_out": [[one.name[-80:], one.text, dict(one.values)] for one in left[:MOST_TOLD]],
        "left_out_count": len(left),
        "kept": not name.startswith("own-") or bool((catalog.about(name) or {}).get("kept")),
    }
    _note(name, noted)
    return name


def _digest(classes: list[str], splits: tuple[Split, Split]) -> str:
    """Nobody can guess it who has not got the pictures."""
    found = hashlib.sha256(json.dumps(classes).encode())
    for split in splits:
        found.update(split.labels.tobytes())
        found.update(split.images.tobytes())
    return found.hexdigest()[:12]


def _key(name: str, side: int) -> str:
    return f"own/{name}/{side}"


def _note(name: str, noted: dict[str, Any]) -> None:
    """Whole or not at all. Raises OSError."""
    path = own_path(name) / "about.json"
    part = path.with_name(f"{uuid.uuid4().hex}.tmp")
    part.write_text(json.dumps(noted), "utf-8")
    os.replace(part, path)


def state(name: str) -> Literal["here", "unread", "deleted"]:
    """Whether the images can be loaded, have to be read from the host's folder first, or are gone."""
    noted = catalog.about(name)
    if noted is not None and not noted.get("deleted") and all(cache.has(_key(name, side)) for side in SIZES):
        return "here"
    return "unread" if name in host_folders() else "deleted"


def load(name: str, pixels: int) -> tuple[Split, Split]:
    """Both splits with images of that side; a folder of the host is read first. Raises DataError."""
    if state(name) == "unread":
        read_folder(name)
    if state(name) == "deleted":
        raise DataError(_(DELETED))
    splits = cache.read(_key(name, pixels))
    if splits is None:
        raise DataError(_("the kept pictures of this data set are damaged: read or upload them again"))
    return splits


def read_folder(
    name: str, report: Callable[[int, int], None] = lambda done, total: None, decode: Decode = read_pictures
) -> None:
    """Read a folder of the host, again if it was read before. Raises DataError, and OSError."""
    folder = host_folders().get(name)
    if folder is None:
        raise DataError(_("RESNET_DATA has no folder {name}", name=name))
    files, folders = _inside(folder)
    if len(files) > FOLDER_FILES:
        raise DataError(_("a folder has at most {most} files; got more", most=FOLDER_FILES))
    listing = list_pictures(files, folders)
    prepare(folder.name, listing, lambda inner: _file(folder / inner), decode, report, name)


def _inside(folder: Path) -> tuple[list[str], list[str]]:
    """Files and folders below `folder`, as paths with slashes; links are not followed, hidden folders not entered."""
    files: list[str] = []
    folders: list[str] = []
    waiting = [folder]
    while waiting and len(files) <= FOLDER_FILES:
        here = waiting.pop()
        inner = visible_folders(here)
        waiting += inner
        folders += [one.relative_to(folder).as_posix() for one in inner]
        files += [
            one.relative_to(folder).as_posix() for one in here.iterdir() if one.is_file() and not one.is_symlink()
        ]
    return files, folders


def _file(path: Path) -> bytes:
    """Not more than a picture may have, and a byte, which tells that it has more."""
    with path.open("rb") as file:
        return file.read(LIMITS.max_upload_mb * 1_000_000 + 1)


def keep(name: str, wanted: bool) -> None:
    """Whether a visitor's pictures stay after the visit. Raises OSError."""
    noted = catalog.about(name)
    if noted is not None:
        _note(name, {**noted, "kept": wanted})


def delete(name: str) -> None:
    """Delete the pictures; what the curves of finished runs need stays: how many classes and pictures there were."""
    noted = catalog.about(name)
    if noted is None or not is_own(name):
        return
    numbers = [str(number + 1) for number in range(len(noted["classes"]))]
    counts = {part: noted[part] for part in ("train", "test")}
    with suppress(OSError):
        _note(name, {"label": "–", "classes": numbers, "deleted": True, **counts})
    for side in SIZES:
        (own_path(name) / f"{side}.npz").unlink(missing_ok=True)


def uploaded() -> Iterable[str]:
    """The visitors' data sets whose pictures are here."""
    folders = visible_folders(own_path(""))
    return [one.name for one in folders if one.name.startswith("own-") and state(one.name) == "here"]
