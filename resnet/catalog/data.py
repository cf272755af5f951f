"""A data set by its name: those of the catalog, the host's folders, and what visitors brought."""

import json
import os
import re
from collections.abc import Iterable
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from resnet.catalog.records import DataChoice
from resnet.catalog.training import DATASETS
from resnet.errors import UserError
from resnet.files import home
from resnet.i18n import N_, _

CLASSES = (2, 200)  # of a data set from outside, fewest and most
_OWN = re.compile(r"own-[0-9a-f]{12}|folder-[\w-]{1,60}")
_PARTS = ("train", "training")  # what a sub-folder with the training images may be called


class DataError(UserError, ValueError):
    """A data set that is not here, or cannot be used."""


def data_choice(name: str, pixels: int = 32) -> DataChoice:
    """The record of a data set; of one from outside the images have the side `pixels`. Raises DataError."""
    if name in DATASETS:
        return DATASETS[name]
    record = _brought(name)
    if record is None:
        raise DataError(_("this data set is not on this computer: ask who sent the link, or upload it again"))
    return replace(record, shape=(3, pixels, pixels))


def is_own(name: str) -> bool:
    """Whether the name is one of a data set from outside, be it here or not."""
    return _OWN.fullmatch(name) is not None


def own_path(name: str) -> Path:
    """The folder in which a data set from outside is kept once it is read."""
    return home() / "data" / "own" / name


def about(name: str) -> dict[str, Any] | None:
    """What was noted when the data set was read; None for one that was not."""
    if not is_own(name):
        return None
    path = own_path(name) / "about.json"
    try:
        found = path.stat()
    except OSError:
        return None
    return _about(path, found.st_mtime_ns, found.st_size)


@lru_cache(maxsize=200)
def _about(path: Path, _changed: int, _size: int) -> dict[str, Any] | None:
    """Read once, until the file changes; None where it is damaged."""
    try:
        found = json.loads(path.read_text("utf-8"))
        _record(path.parent.name, found)
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return None
    return dict(found)


def host_folders() -> dict[str, Path]:
    """The data sets that the host registers by RESNET_DATA: its sub-folders, by the names that links have for them."""
    chosen = os.environ.get("RESNET_DATA", "").strip()
    if not chosen:
        return {}
    found: dict[str, Path] = {}
    for folder in visible_folders(Path(chosen).expanduser()):
        word = re.sub(r"[^\w]+", "-", folder.name.lower()).strip("-")[:60]
        if word:
            found.setdefault(f"folder-{word}", folder)
    return found


def visible_folders(folder: Path) -> list[Path]:
    """The sub-folders that are no hidden ones and no links, in natural order; none where it cannot be read."""
    try:
        inside = [entry for entry in folder.iterdir() if not hidden(entry.name)]
        return sorted(
            (one for one in inside if one.is_dir() and not one.is_symlink()), key=lambda one: natural(one.name)
        )
    except OSError:
        return []


def training_folder(folder: Path) -> Path:
    """Where the training classes of a data set lie: in a sub-folder of that name, else right there."""
    return next((one for one in visible_folders(folder) if one.name.lower() in _PARTS), folder)


def hidden(name: str) -> bool:
    """Whether programs left it: .ipynb_checkpoints, __MACOSX, ._photo.jpg, Thumbs.db and the like."""
    return name.startswith((".", "__")) or name.lower() in ("thumbs.db", "desktop.ini")


def natural(name: str) -> list[Any]:
    """What to sort names by: numbers in them count as numbers, 2 before 10."""
    return [int(part) if part.isdecimal() else part.lower() for part in re.split(r"(\d+)", name)]


def data_choices(own: Iterable[str] = ()) -> dict[str, DataChoice]:
    """What a visitor may choose: the catalog's, the host's folders, and those of `own` that are here."""
    found = dict(DATASETS)
    for name in dict.fromkeys([*host_folders(), *own]):
        record = found.get(name) or _brought(name)
        if record is not None:
            found[name] = record
    return found


def _brought(name: str) -> DataChoice | None:
    noted = about(name)
    if noted is not None:
        return _record(name, noted)
    folder = host_folders().get(name)
    if folder is None:
        return None
    classes = [one.name for one in visible_folders(training_folder(folder))]
    return _record(name, {"label": folder.name, "classes": classes, "train": [1], "test": [1]})


def _record(name: str, noted: dict[str, Any]) -> DataChoice:
    text = N_("Pictures of this computer") if name.startswith("folder-") else N_("Your own pictures")
    classes = tuple(map(str, noted["classes"]))
    train, test = (sum(map(int, noted[part])) for part in ("train", "test"))
    return DataChoice(name, str(noted["label"]), text, classes=classes, train=train, test=test, own=True)
