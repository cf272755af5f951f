"""Zip archives from outside: looked at before anything is unpacked, and unpacked in memory, a picture at a time."""

import stat
import zipfile
from dataclasses import dataclass
from io import BytesIO
from pathlib import PurePosixPath

from resnet.catalog import DataError
from resnet.catalog.data import hidden
from resnet.i18n import _
from resnet.specs.limits import LIMITS

MOST_RATIO = 200  # of unpacking; pictures hardly get smaller in an archive
UNPACKED = 10  # times as large as the largest archive everything together may become


@dataclass(frozen=True)
class Archive:
    """The names of files and folders in an archive that is fit to be unpacked."""

    opened: zipfile.ZipFile
    files: tuple[str, ...]
    folders: tuple[str, ...]

    def read(self, name: str) -> bytes:
        """One file. Raises an OSError, or what zipfile and zlib raise, for a damaged one."""
        return self.opened.read(name)


def open_archive(content: bytes) -> Archive:
    """The archive, checked: size, number of files, what they unpack to, where they want to lie. Raises DataError."""
    if len(content) > LIMITS.max_zip_mb * 1_000_000:
        raise DataError(_("an archive has at most {most} MB", most=LIMITS.max_zip_mb))
    try:
        opened = zipfile.ZipFile(BytesIO(content))
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise DataError(_("this is no zip archive that can be read: pack the class folders anew")) from error
    entries = opened.infolist()
    _check_sizes(entries)
    for entry in entries:
        _check_entry(entry)
    files = tuple(entry.filename for entry in entries if not entry.is_dir())
    folders = {entry.filename.rstrip("/") for entry in entries if entry.is_dir()}
    return Archive(opened, files, tuple(sorted(folders)))


def _check_sizes(entries: list[zipfile.ZipInfo]) -> None:
    shown = sum(not entry.is_dir() and not hidden(entry.filename.rsplit("/", 1)[-1]) for entry in entries)
    if shown > LIMITS.max_files or len(entries) > 4 * LIMITS.max_files:  # a Mac adds a hidden one for each
        raise DataError(_("an archive has at most {most} files", most=LIMITS.max_files))
    if sum(entry.file_size for entry in entries) > UNPACKED * LIMITS.max_zip_mb * 1_000_000:
        raise DataError(_("the archive unpacks to more than {most} MB", most=UNPACKED * LIMITS.max_zip_mb))


def _check_entry(entry: zipfile.ZipInfo) -> None:
    """Raises DataError for what no archive of pictures contains."""
    name = entry.filename
    if (
        name.startswith(("/", "\\"))
        or ":" in name.split("/")[0]
        or ".." in PurePosixPath(name.replace("\\", "/")).parts
    ):
        raise DataError(_("the archive has a file that wants to lie elsewhere: pack the class folders anew"))
    if stat.S_ISLNK(entry.external_attr >> 16):
        raise DataError(_("the archive has a link instead of a file: pack the pictures themselves"))
    if entry.flag_bits & 1:
        raise DataError(_("the archive is locked by a password: pack it without one"))
    if entry.file_size > 1_000_000 and entry.file_size > MOST_RATIO * entry.compress_size:
        raise DataError(_("the archive has a file that unpacks to far more than a picture"))
