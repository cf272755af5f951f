"""A file of runs: a zip with a manifest, written piece by piece and read with suspicion.

Reading unpacks nothing to the disk and runs nothing: only the files that the manifest names are looked at, each within
bounds and by its checksum, and all are numbers as safetensors.
"""

import hashlib
import json
import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import safetensors

from resnet import catalog
from resnet.export.manifest import MOST_FILES, NAME, ArchiveError, FileRecord, Manifest, RunRecord
from resnet.export.numbers import Numbers, NumbersError
from resnet.i18n import _
from resnet.specs import NetSpec, Recipe, short

MOST_BYTES = 20 * 10**9  # unpacked, of all files that are read
MOST_OF_ONE = 10**9  # bytes of a state, SQLite's limit for one value
MOST_OF_MANIFEST = 20 * 10**6
MOST_TIMES = 200  # an honest text is packed to a hundredth, weights to nine tenths
CHUNK = 1 << 20
_PACKED = {".safetensors": zipfile.ZIP_STORED, ".parquet": zipfile.ZIP_STORED}
_NAMED = re.compile(r"runs/[0-9a-f]{12}/(numbers|weights-\d{1,8})\.safetensors")
_BROKEN = (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, OSError, ValueError)


class Writer:
    """Writes a zip to a path; memory holds one piece of it."""

    def __init__(self, path: Path) -> None:
        self._zip = zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED)
        self._files: list[FileRecord] = []
        self._runs: list[RunRecord] = []

    def add(self, name: str, pieces: Iterable[bytes | str]) -> None:
        """A file for people."""
        self._files.append(self._write(name, pieces))

    def add_run(self, words: dict[str, Any], numbers: Numbers, states: Iterable[tuple[int, bytes]]) -> None:
        """A run that another machine can bring back; `words` are the other fields of its record."""
        folder = f"runs/{words['id']}"
        kept = {step: self._write(f"{folder}/weights-{step}.safetensors", [state]) for step, state in states}
        own = self._write(f"{folder}/numbers.safetensors", [numbers.to_bytes()])
        self._runs.append(RunRecord(**words, numbers=own, states=kept))

    def close(self, app: str, made: float) -> None:
        """Write the manifest and end the file."""
        manifest = Manifest(app=app, made=made, runs=self._runs, files=self._files)
        self._write(NAME, [manifest.to_json()])
        self._zip.close()

    def _write(self, name: str, pieces: Iterable[bytes | str]) -> FileRecord:
        info = zipfile.ZipInfo(name)  # with one date for all: the same runs give the same file
        info.compress_type = _PACKED.get(Path(name).suffix, zipfile.ZIP_DEFLATED)
        digest, size = hashlib.sha256(), 0
        with self._zip.open(info, "w", force_zip64=True) as file:
            for piece in pieces:
                content = piece.encode() if isinstance(piece, str) else piece
                file.write(content)
                digest.update(content)
                size += len(content)
        return FileRecord(name=name, size=size, sha256=digest.hexdigest())


@dataclass(frozen=True)
class Brought:
    """A run out of a file; every state is read from it when it is asked for, and checked."""

    record: RunRecord
    net: NetSpec
    recipe: Recipe
    numbers: Numbers
    source: "Reader"

    def states(self) -> Iterator[tuple[int, bytes]]:
        """The weights by step. Raises ArchiveError."""
        for step, file in sorted(self.record.states.items()):
            yield step, self.source.state(self, file)


class Reader:
    """Reads what `Writer` wrote; every method may raise ArchiveError."""

    def __init__(self, file: Path | IO[bytes], most: int = MOST_BYTES) -> None:
        """At most `most` bytes are unpacked, the same file as often as it is read."""
        self._most = most
        with _sentences():
            self._zip = zipfile.ZipFile(file)
        self.manifest = self._checked()

    def close(self) -> None:
        self._zip.close()

    def runs(self) -> Iterator[Brought]:
        """All runs of the file but the `absent` ones, each checked as a whole but for its states."""
        absent = self.absent()
        for record in self.manifest.runs:
            if record.id in absent:
                continue
            net, recipe = record.specs()
            try:
                numbers = Numbers.from_bytes(self._content(record.numbers), record.step)
            except NumbersError as error:
                raise ArchiveError(_("run {run} is damaged: {reason}", run=record.id, reason=error)) from error
            yield Brought(record, net, recipe, numbers, self)

    def absent(self) -> list[str]:
        """The runs on pictures that somebody brought to the other computer, and nobody to this one."""
        return [record.id for record in self.manifest.runs if not _is_here(str(record.recipe.get("data", "")))]

    def require_sound(self) -> None:
        """Look at everything once."""
        for run in self.runs():
            for _step, _state in run.states():
                pass

    def state(self, run: Brought, file: FileRecord) -> bytes:
        """Weights as safetensors that name this net, or none."""
        content = self._content(file)
        try:
            safetensors.deserialize(content)
            size = int.from_bytes(content[:8], "little")
            said = json.loads(content[8 : 8 + size]).get("__metadata__", {})
        except Exception as error:  # what safetensors raises has no common name
            raise ArchiveError(_("the weights of run {run} are no safetensors", run=run.record.id)) from error
        if "net" in said and said["net"] != run.net.to_json():
            raise ArchiveError(_("the weights of run {run} are those of another net", run=run.record.id))
        return content

    def _checked(self) -> Manifest:
        with _sentences():
            entries = self._zip.infolist()
        if len(entries) > MOST_FILES:
            text = _("the file holds {count} files; at most {most} are read", count=len(entries), most=MOST_FILES)
            raise ArchiveError(text)
        if len({entry.filename for entry in entries}) < len(entries):
            raise ArchiveError(_("the file holds two files of one name"))
        if NAME not in self._zip.NameToInfo:
            raise ArchiveError(_("this is no file of runs: it has no {name}", name=NAME))
        manifest = Manifest.from_json(self._unpacked(NAME, MOST_OF_MANIFEST))
        total = sum(file.size for run in manifest.runs for file in (run.numbers, *run.states.values()))
        if total > self._most:
            places = {"size": total / 1e6, "most": self._most / 1e6}
            raise ArchiveError(_("the runs take {size:,.0f} MB; at most {most:,.0f} MB are brought here", **places))
        return manifest

    def _content(self, file: FileRecord) -> bytes:
        if not _NAMED.fullmatch(file.name):
            raise ArchiveError(_("the manifest names “{name}”, which is no file of a run", name=short(file.name, 60)))
        if file.name not in self._zip.NameToInfo:
            raise ArchiveError(_("“{name}” is missing in the file", name=file.name))
        content = self._unpacked(file.name, min(file.size, MOST_OF_ONE))
        if len(content) != file.size or hashlib.sha256(content).hexdigest() != file.sha256:
            raise ArchiveError(_("“{name}” is damaged: its checksum is wrong", name=file.name))
        return content

    def _unpacked(self, name: str, most: int) -> bytes:
        """One file of the zip, which says itself how long it is: that is looked at first, and never believed."""
        entry = self._zip.NameToInfo[name]
        if entry.file_size > most or entry.file_size > CHUNK + MOST_TIMES * entry.compress_size:
            raise ArchiveError(_("“{name}” would be larger than it may be", name=name))
        with _sentences(), self._zip.open(entry) as file:
            content = file.read(most + 1)
        if len(content) > most:
            raise ArchiveError(_("“{name}” would be larger than it may be", name=name))
        return content


def _is_here(data: str) -> bool:
    """Whether that is no data set from outside, or one that is known here."""
    try:
        return not catalog.is_own(data) or bool(catalog.data_choice(data))
    except catalog.DataError:
        return False


@contextmanager
def _sentences() -> Iterator[None]:
    """What the zip's reader says of a broken file, as one sentence."""
    try:
        yield
    except ArchiveError:
        raise
    except _BROKEN as error:
        raise ArchiveError(_("the file is no zip, is damaged or needs a password")) from error
