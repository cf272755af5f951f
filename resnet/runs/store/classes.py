"""A class: a word in the link under which the guesses and the runs of a room are kept, until they are forgotten.

Nobody is known here by name, but who typed one: a visitor is a hash with a salt of the class. A class begins with the
first thing that is kept of it; it has a teacher when somebody has opened it as one.
"""

import hashlib
import secrets
import time
import unicodedata
from dataclasses import dataclass
from sqlite3 import Connection
from typing import Any

from resnet.errors import UserError
from resnet.i18n import _
from resnet.runs.store.store import Store
from resnet.specs import short
from resnet.specs.limits import LIMITS

MOST_LETTERS = 40  # of a class's word
MOST_NAME = 24  # letters of a typed name
MOST_MEMBERS = 500  # visitors of a class who have typed a name or are its teacher
DAY = 24 * 3600.0  # seconds
ORPHAN = DAY  # after which an entry goes whose run is gone: one that is trained anew is away for a moment only


class ClassError(UserError, ValueError):
    """A word that is none, a full class, or something that is its teacher's."""


@dataclass(frozen=True)
class Class:
    """What a host sees of a class: how much is kept of it, and when (unix seconds) something was last written."""

    word: str
    seen: float
    guesses: int
    runs: int
    taught: bool


def checked_word(text: str) -> str:
    """The word as it is kept: small letters. Raises ClassError for one that cannot be used."""
    word = unicodedata.normalize("NFC", text.strip()).lower()
    if word and len(word) <= MOST_LETTERS and all(sign.isalnum() or sign == "-" for sign in word):
        return word
    places = {"most": MOST_LETTERS, "word": short(text)}
    raise ClassError(
        _("a class is one word of letters, digits and dashes, at most {most}, as in 9b; got “{word}”", **places)
    )


def checked_name(text: str) -> str:
    """The name without blanks around it. Raises ClassError for one that is too long or not printable."""
    name = " ".join(text.split())
    if len(name) > MOST_NAME or not name.isprintable():
        places = {"most": MOST_NAME, "name": short(text)}
        raise ClassError(_("a name has at most {most} printable characters; got “{name}”", **places))
    return name


def member(store: Store, word: str, visitor: str) -> str:
    """What stands for that visitor in the class; empty in a class that does not exist yet."""
    with store._database.reading() as connection:
        row = connection.execute("SELECT salt FROM classes WHERE word = ?", [word]).fetchone()
    return _hashed(row[0], visitor) if row else ""


def open_class(store: Store, word: str, visitor: str) -> None:
    """Make that visitor the teacher. Raises ClassError when the class has another one."""
    with store._database.writing() as connection:
        own = enter(connection, word, visitor)
        if is_taught(connection, word) and not is_teacher(connection, word, own):
            raise ClassError(_("the class {word} has a teacher already; choose another word", word=word))
        _put_member(connection, word, own, "teacher", 1)


def teacher_key(store: Store, word: str, visitor: str) -> str:
    """What makes one more browser the teacher's, once; the one before is void. Raises ClassError for others."""
    key = secrets.token_urlsafe(12)
    with store._database.writing() as connection:
        require_teacher(connection, word, visitor)
        connection.execute("UPDATE classes SET key = ? WHERE word = ?", [_hashed(word, key), word])
    return key


def use_key(store: Store, word: str, key: str, visitor: str) -> None:
    """Make that visitor a teacher too. Raises ClassError for a key that is void."""
    with store._database.writing() as connection:
        query = "UPDATE classes SET key = '' WHERE word = ? AND key = ?"
        if not connection.execute(query, [word, _hashed(word, key)]).rowcount:
            raise ClassError(_("this teacher's link was used already, or is not the newest; make another one"))
        _put_member(connection, word, enter(connection, word, visitor), "teacher", 1)


def taught(store: Store, word: str) -> bool:
    """Whether the class has a teacher."""
    with store._database.reading() as connection:
        return is_taught(connection, word)


def teaches(store: Store, word: str, visitor: str) -> bool:
    """Whether that visitor is its teacher."""
    own = member(store, word, visitor)
    with store._database.reading() as connection:
        return is_teacher(connection, word, own)


def show_slide(store: Store, word: str, slide: str, visitor: str) -> None:
    """What the room sees now. Raises ClassError for others than the teacher."""
    with store._database.writing() as connection:
        require_teacher(connection, word, visitor)
        connection.execute("UPDATE classes SET slide = ? WHERE word = ?", [slide[:200], word])


def slide(store: Store, word: str) -> str:
    """What the teacher shows; empty before the first slide."""
    with store._database.reading() as connection:
        row = connection.execute("SELECT slide FROM classes WHERE word = ?", [word]).fetchone()
    return str(row[0]) if row else ""


def set_name(store: Store, word: str, visitor: str, name: str) -> None:
    """Let the class see that visitor's runs under a name, or under none. Raises ClassError."""
    name = checked_name(name)
    with store._database.writing() as connection:
        _put_member(connection, word, enter(connection, word, visitor), "name", name)


def name_of(store: Store, word: str, visitor: str) -> str:
    """The name that the visitor has typed; empty without one."""
    own = member(store, word, visitor)
    query = "SELECT name FROM class_members WHERE class = ? AND visitor = ?"
    with store._database.reading() as connection:
        row = connection.execute(query, [word, own]).fetchone()
    return str(row[0]) if row else ""


def listed(store: Store) -> list[Class]:
    """All classes for the host, the one that was used last first."""
    counts = (
        "SELECT word, seen, (SELECT count(*) FROM guesses WHERE class = word), "
        "(SELECT count(DISTINCT run) FROM class_runs WHERE class = word), "
        "EXISTS (SELECT 1 FROM class_members WHERE class = word AND teacher) FROM classes ORDER BY seen DESC"
    )
    with store._database.reading() as connection:
        found = connection.execute(counts).fetchall()
    return [Class(word, seen, guesses, runs, bool(taught)) for word, seen, guesses, runs, taught in found]


def clear(store: Store, word: str) -> None:
    """Forget all that is kept of a class; the runs themselves stay."""
    with store._database.writing() as connection:
        connection.execute("DELETE FROM classes WHERE word = ?", [word])


def forget(store: Store, now: float | None = None) -> int:
    """Forget the classes that nobody has used for as long as the host allows; how many."""
    now = time.time() if now is None else now
    before = now - LIMITS.max_class_days * DAY
    with store._database.reading() as connection:
        old = connection.execute("SELECT 1 FROM classes WHERE seen < ?", [before]).fetchone()
        lost = "class_runs WHERE at < ? AND run NOT IN (SELECT id FROM runs)"
        gone = connection.execute(f"SELECT 1 FROM {lost} LIMIT 1", [now - ORPHAN]).fetchone()
    if not (old or gone):
        return 0  # the usual case needs no write lock
    with store._database.writing() as connection:
        connection.execute(f"DELETE FROM {lost}", [now - ORPHAN])
        return connection.execute("DELETE FROM classes WHERE seen < ?", [before]).rowcount


def enter(connection: Connection, word: str, visitor: str) -> str:
    """What stands for the visitor in the class, which begins here if it does not exist."""
    now = time.time()
    row = connection.execute("SELECT salt FROM classes WHERE word = ?", [word]).fetchone()
    if row:
        connection.execute("UPDATE classes SET seen = ? WHERE word = ?", [now, word])
        return _hashed(row[0], visitor)
    if connection.execute("SELECT count(*) FROM classes").fetchone()[0] >= LIMITS.max_classes:
        raise ClassError(_("there is no room for another class; the host can clear one"))
    row = [checked_word(word), salt := secrets.token_urlsafe(12), now, now]
    connection.execute("INSERT INTO classes (word, salt, opened, seen) VALUES (?, ?, ?, ?)", row)
    return _hashed(salt, visitor)


def _hashed(salt: str, visitor: str) -> str:
    return hashlib.sha256(f"{salt} {visitor}".encode()).hexdigest()[:32]


def _put_member(connection: Connection, word: str, own: str, column: str, value: Any) -> None:
    known = "SELECT 1 FROM class_members WHERE class = ? AND visitor = ?"
    if not connection.execute(known, [word, own]).fetchone():
        require_room(connection, "class_members", word, MOST_MEMBERS)
        connection.execute("INSERT INTO class_members (class, visitor, at) VALUES (?, ?, 0)", [word, own])
    query = f"UPDATE class_members SET {column} = ?, at = ? WHERE class = ? AND visitor = ?"
    connection.execute(query, [value, time.time(), word, own])


def require_room(connection: Connection, table: str, word: str, most: int) -> None:
    count = connection.execute(f"SELECT count(*) FROM {table} WHERE class = ?", [word]).fetchone()[0]
    if count >= most:
        raise ClassError(_("the class {word} is full; the host can clear it, or take another word", word=word))


def require_teacher(connection: Connection, word: str, visitor: str) -> None:
    if not is_teacher(connection, word, enter(connection, word, visitor)):
        raise ClassError(_("only the teacher of the class {word} can do that", word=word))


def is_taught(connection: Connection, word: str) -> bool:
    query = "SELECT 1 FROM class_members WHERE class = ? AND teacher LIMIT 1"
    return connection.execute(query, [word]).fetchone() is not None


def is_teacher(connection: Connection, word: str, own: str) -> bool:
    query = "SELECT 1 FROM class_members WHERE class = ? AND visitor = ? AND teacher"
    return connection.execute(query, [word, own]).fetchone() is not None
