"""Short links: a few letters that stand for a page and its bench, so that a room can type them."""

import hashlib
import re
import time
from sqlite3 import Connection

from resnet.runs.store.store import Store
from resnet.specs.limits import LIMITS

LETTERS = "23456789abcdefghjkmnpqrstuvwxyz"  # none that are taken for another when they are read out
SHORTEST, LONGEST = 4, 12  # letters
MOST = 5_000  # links that are kept; then the one that was used longest ago goes
CODE = re.compile(f"[{LETTERS}]{{{SHORTEST},{LONGEST}}}")


def shorten(store: Store, target: str) -> str:
    """The code of `target` (page?query): the same one for everybody, made when it is asked for first.

    Raises ValueError for what is too long to be a link of the lab, StoreError when it cannot be kept.
    """
    if len(target) > 3 * LIMITS.max_link:
        raise ValueError("longer than any link of the lab")
    whole = _letters(target)
    with store._database.writing() as connection:
        for length in range(SHORTEST, LONGEST + 1):
            if _put(connection, whole[:length], target):
                break
        connection.execute(
            "DELETE FROM links WHERE code IN (SELECT code FROM links ORDER BY used DESC LIMIT -1 OFFSET ?)", [MOST]
        )
    return whole[:length]


def target(store: Store, code: str) -> str | None:
    """What the code stands for; None for one that stands for nothing."""
    code = code.lower()
    if not CODE.fullmatch(code):
        return None
    with store._database.writing() as connection:
        connection.execute("UPDATE links SET used = ? WHERE code = ?", [time.time(), code])
        row = connection.execute("SELECT target FROM links WHERE code = ?", [code]).fetchone()
    return str(row[0]) if row else None


def _put(connection: Connection, code: str, target: str) -> bool:
    """Whether the code stands for that target now; another one's is left to it."""
    connection.execute("INSERT OR IGNORE INTO links VALUES (?, ?, ?)", [code, target, time.time()])
    row = connection.execute("SELECT target FROM links WHERE code = ?", [code]).fetchone()
    return bool(row[0] == target)


def _letters(text: str) -> str:
    number, letters = int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest()), ""
    while len(letters) < LONGEST:
        number, place = divmod(number, len(LETTERS))
        letters += LETTERS[place]
    return letters
