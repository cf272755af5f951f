"""How far a visitor has come: guesses and solved tasks, kept in the session and, as one short word, in the address.

``course=1b12-6a`` reads: in lesson 1 the second option was guessed and tasks 1 and 2 are solved; in lesson 6 the first
option was guessed.
"""

import re
from dataclasses import dataclass, field

import streamlit as st

from resnet.lessons import Lesson, Task, Verdict, lessons
from resnet.ui.app import carried

_KEY = "course progress"
_UNGUESSED = "z"  # the answer was shown without a guess
_PART = re.compile(r"(\d{1,2})([a-z])?([1-9]*)")


@dataclass
class Progress:
    """By lessons' names: the option guessed (empty: shown without a guess), and what became of the tasks."""

    guesses: dict[str, str] = field(default_factory=dict)
    verdicts: dict[tuple[str, str], Verdict] = field(default_factory=dict)
    read: bool = False  # the address was looked at


def follow() -> None:
    """Read the address once, and keep the word in it from then on; call in each run, before a page is drawn."""
    own = current()
    if not own.read:
        own.read = True
        _read(own, st.query_params.get(carried.PROGRESS, ""))
    carried.keep(carried.PROGRESS, word(own))


def current() -> Progress:
    """This visitor's progress."""
    kept: Progress = st.session_state.setdefault(_KEY, Progress())
    return kept


def take(text: str) -> None:
    """Take what a prepared address says on top of what is known."""
    _read(current(), text)


def guess(lesson: Lesson, option: str | None) -> None:
    """Remember a guess; an empty one shows the answer without; None takes it back."""
    if option is None:
        current().guesses.pop(lesson.name, None)
    else:
        current().guesses[lesson.name] = option


def judge(lesson: Lesson, task: Task, verdict: Verdict) -> None:
    """Remember what became of a task; what was solved once stays solved."""
    before = current().verdicts.get((lesson.name, task.name))
    done = verdict.done or bool(before and before.done)
    current().verdicts[lesson.name, task.name] = Verdict(done, verdict.text)


def solved(lesson: Lesson) -> int:
    """How many of its tasks are solved."""
    return sum(_done(current(), lesson, task) for task in lesson.tasks)


def finished(lesson: Lesson) -> bool:
    """Whether its answer was seen: the tasks are for those who want more."""
    return lesson.name in current().guesses


def next_lesson() -> Lesson | None:
    """The first lesson that is not finished after the last one that is; None at the end."""
    known = lessons()
    last = max((place for place, lesson in enumerate(known) if finished(lesson)), default=-1)
    return next((lesson for lesson in known[last + 1 :] if not finished(lesson)), None)


def word(own: Progress) -> str:
    """The progress as it stands in the address."""
    return "-".join(part for lesson in lessons() if (part := _part(own, lesson)))


def _part(own: Progress, lesson: Lesson) -> str:
    known, letter = [option.name for option in lesson.options], ""
    if (guessed := own.guesses.get(lesson.name)) is not None:
        letter = chr(ord("a") + known.index(guessed)) if guessed in known else _UNGUESSED
    tasks = "".join(str(place) for place, task in enumerate(lesson.tasks, 1) if _done(own, lesson, task))
    return f"{lesson.number}{letter}{tasks}" if letter or tasks else ""


def _done(own: Progress, lesson: Lesson, task: Task) -> bool:
    verdict = own.verdicts.get((lesson.name, task.name))
    return bool(verdict and verdict.done)


def _read(own: Progress, text: str) -> None:
    """Take what can be understood; the rest of a broken link is passed over."""
    by_number = {lesson.number: lesson for lesson in lessons()}
    for part in text.split("-"):
        found = _PART.fullmatch(part)
        if found and (lesson := by_number.get(int(found[1]))):
            _take(own, lesson, found[2] or "", found[3])


def _take(own: Progress, lesson: Lesson, letter: str, tasks: str) -> None:
    place = ord(letter) - ord("a") if letter else -1
    if letter == _UNGUESSED or 0 <= place < len(lesson.options):
        own.guesses[lesson.name] = "" if letter == _UNGUESSED else lesson.options[place].name
    for digit in tasks:
        if int(digit) <= len(lesson.tasks):
            own.verdicts[lesson.name, lesson.tasks[int(digit) - 1].name] = Verdict(True, "")
