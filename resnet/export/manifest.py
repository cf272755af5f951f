"""The manifest of a file of runs: what each run is, and the size and SHA-256 of every file in it. JSON."""

import json
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from resnet.errors import UserError
from resnet.i18n import _
from resnet.specs import NetSpec, Recipe, SpecError, run_id, short

NAME = "manifest.json"
VERSION = 1
MOST_RUNS, MOST_FILES = 1_000, 20_000
LATEST = 1e11  # unix seconds
Digest = Field(pattern="^[0-9a-f]{64}$")
Time = Field(ge=0, le=LATEST)


class ArchiveError(UserError, ValueError):
    """A file of runs that cannot be used."""


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)


class FileRecord(_Strict):
    """A file of the archive; `size` in bytes, unpacked."""

    name: str = Field(max_length=200)
    size: int = Field(ge=0)
    sha256: str = Digest


class RunRecord(_Strict):
    """A run that has ended; times in unix seconds. `message` is the sentence that says why it ended early."""

    id: str = Field(pattern="^[0-9a-f]{12}$")
    label: str = Field("", max_length=40)
    net: dict[str, Any]
    recipe: dict[str, Any]
    device: str = Field(pattern="^[a-z]{1,12}$")
    status: Literal["done", "stopped", "diverged", "failed"]
    message: str = Field("", max_length=400)
    created: float = Time
    started: float | None = Field(None, ge=0, le=LATEST)
    finished: float = Time
    step: int = Field(ge=0)
    seconds: float = Field(ge=0, le=1e9)
    numbers: FileRecord
    states: dict[int, FileRecord] = Field(default_factory=dict, max_length=1_000)  # by step

    def specs(self) -> tuple[NetSpec, Recipe]:
        """Net and recipe. Raises ArchiveError when this host does not allow them, or they are not those of the id."""
        try:
            net, recipe = NetSpec.from_json(json.dumps(self.net)), Recipe.from_json(json.dumps(self.recipe))
        except SpecError as error:
            raise ArchiveError(_("run {run} cannot be used here: {reason}", run=self.id, reason=error)) from error
        if run_id(net, recipe, self.device) != self.id:
            raise ArchiveError(_("run {run} is not the run of its net, recipe and device", run=self.id))
        if self.step > recipe.steps or any(not 0 <= step <= recipe.steps for step in self.states):
            raise ArchiveError(_("run {run} has more steps than its recipe", run=self.id))
        return net, recipe


class Manifest(_Strict):
    """All runs of a file; `app` is the version of ResNet Lab that made it, `made` when, in unix seconds."""

    format: Literal["resnet-lab-runs"] = "resnet-lab-runs"
    version: Literal[1] = 1
    app: str = Field(max_length=60)
    made: float = Time
    runs: list[RunRecord] = Field(max_length=MOST_RUNS)
    files: list[FileRecord] = Field(default_factory=list, max_length=MOST_FILES)  # for people; never read again

    def to_json(self) -> str:
        return self.model_dump_json(indent=1)

    @classmethod
    def from_json(cls, content: bytes) -> "Manifest":
        """Inverse of ``to_json``. Raises ArchiveError."""
        try:
            found = cls.model_validate_json(content)
        except (ValidationError, ValueError) as error:
            raise ArchiveError(_sentence(error)) from error
        if len({run.id for run in found.runs}) < len(found.runs):
            raise ArchiveError(_("the manifest names a run twice"))
        return found


def _sentence(error: Exception) -> str:
    """Where the first fault is."""
    if isinstance(error, ValidationError) and error.errors()[0]["loc"]:
        first = error.errors()[0]
        if first["loc"] == ("version",):
            places = {"found": short(first["input"]), "known": VERSION}
            return _("the file has format {found}, this version reads {known}; update ResNet Lab", **places)
        place = short(" › ".join(str(part) for part in first["loc"]), 80)
        return _("the manifest cannot be read: {place} is not what it should be", place=place)
    return _("the manifest is no JSON of ResNet Lab")
