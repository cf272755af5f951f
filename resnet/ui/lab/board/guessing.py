"""One guess a row: whose gradient changes most; how good the guesses were, of this visitor and of all on one day."""

import datetime
import threading
from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np
import streamlit as st

from resnet.findings import board as findings
from resnet.findings.board import NONE, Guessed
from resnet.i18n import _
from resnet.specs import NetSpec
from resnet.ui.lab.board.cells import COLUMNS, TITLES, Row

_missed: Counter[tuple[datetime.date, Row, int]] = Counter()  # wrong guesses of all visitors of this server, by depth
_guessed: Counter[tuple[datetime.date, Row, int]] = Counter()
_lock = threading.Lock()


def options() -> dict[int, str]:
    """What can be guessed of a row: one of the columns by its place, or none of them."""
    return {**{place: _(TITLES[column]) for place, column in enumerate(COLUMNS)}, NONE: _("none of the four")}


def ask(rows: Sequence[Row], depth: int) -> None:
    """A menu for each row, two in a line."""
    words = options()
    for start in range(0, len(rows), 2):
        for place, row in zip(st.columns(2, gap="medium"), rows[start : start + 2], strict=False):
            place.selectbox(
                row.title,
                list(words),
                None,
                format_func=words.__getitem__,
                placeholder=_("Whose gradient changes most?"),
                key=_key(row, depth),
                persist_state="session",
            )


def told(rows: Sequence[Row], depth: int, measured: Mapping[NetSpec, np.ndarray]) -> dict[Row, Guessed]:
    """The rows that were guessed, with what was measured of them."""
    found = {}
    for row in rows:
        guess = st.session_state.get(_key(row, depth))
        if guess is not None:
            nets = [row.net(column, depth) for column in COLUMNS]
            found[row] = Guessed(row.title, tuple(map(str, nets)), tuple(measured[net] for net in nets), guess)
    return found


def remember(guessed: Mapping[Row, Guessed], depth: int) -> None:
    """Count the guesses of this reveal for the surprise of the day."""
    today = _today()
    with _lock:
        for row, own in guessed.items():
            _guessed[today, row, depth] += 1
            _missed[today, row, depth] += not own.right


def sentences(guessed: Mapping[Row, Guessed]) -> list[str]:
    """How good this visitor's guesses were, and the row that most visitors got wrong today; Markdown."""
    said = [findings.verdict(list(guessed.values()), options()), _surprise_of_the_day()]
    return [sentence for sentence in said if sentence]


def _surprise_of_the_day() -> str:
    """Empty before anybody guessed wrong."""
    today = _today()
    with _lock:
        todays = {key: count for key, count in _missed.items() if key[0] == today and count}
        if not todays:
            return ""
        key = max(todays, key=todays.__getitem__)
        guesses = _guessed[key]
    row = _("{row}, depth {depth}", row=key[1].title, depth=key[2])
    return findings.surprise_sentence(row, todays[key], guesses)


def _today() -> datetime.date:
    return datetime.datetime.now(tz=datetime.UTC).date()


def _key(row: Row, depth: int) -> str:
    return f"guess-{row.net(COLUMNS[0], depth)}"
