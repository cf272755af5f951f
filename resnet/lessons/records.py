"""What a lesson consists of; the texts stand in ``assets/lessons/<number>-<name>.toml``, one file a lesson.

Texts are English here and translated where they are shown, so that one record serves every visitor.
"""

import tomllib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

FOLDER = Path(__file__).parents[2] / "assets" / "lessons"


class _Record(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Option(_Record):
    """One answer of a guess or of a task: its name in code and links, and what it says."""

    name: str
    label: str


class Task(_Record):
    """Something to find out: `kind` says how it is answered, `page` and `query` which page opens with which bench."""

    name: str
    text: str
    kind: Literal["bench", "choice", "number"] = "bench"
    options: tuple[Option, ...] = ()
    page: str = ""
    query: str = ""
    answer: str = ""  # for the teacher: what to expect, in words


class Teacher(_Record):
    """What a teacher wants to know before the lesson."""

    ask: str
    guesses: str
    shows: str
    end: str


class Lesson(_Record):
    """One question, a guess, what is measured, what texts say, tasks and sources."""

    number: int
    name: str  # of its page
    notes: str  # the section of the course notes
    minutes: int
    title: str
    setting: str
    question: str
    options: tuple[Option, ...] = Field(min_length=2)
    said: str
    tasks: tuple[Task, ...] = Field(min_length=1)
    sources: tuple[str, ...] = Field(min_length=1)
    teacher: Teacher
    words: tuple[str, ...] = ()  # of the picture's own controls in the address
    slides: tuple[str, ...] = ()  # page?query, prepared for a projector

    def option(self, name: str) -> Option | None:
        """The option with that name; None for one that the lesson has not."""
        return next((option for option in self.options if option.name == name), None)


@dataclass(frozen=True)
class Reveal:
    """What the numbers on screen answer: `right` names the option, empty where they bear out none of them."""

    right: str
    text: str


@dataclass(frozen=True)
class Verdict:
    """Whether a task is solved, and the sentence that says by which numbers."""

    done: bool
    text: str


@lru_cache
def lessons() -> tuple[Lesson, ...]:
    """All lessons in their order."""
    return tuple(_read(path) for path in sorted(FOLDER.glob("[0-9][0-9]-*.toml")))


def lesson(name: str) -> Lesson:
    """The lesson of that name. Raises LookupError."""
    for record in lessons():
        if record.name == name:
            return record
    raise LookupError(f"no lesson is called {name}")


def _read(path: Path) -> Lesson:
    number, _dash, name = path.stem.partition("-")
    return Lesson(number=int(number), name=name, **tomllib.loads(path.read_text("utf-8")))
