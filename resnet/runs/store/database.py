"""The file behind the store: SQLite in WAL mode, opened safely by several threads and processes at once."""

import errno
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from resnet.i18n import N_
from resnet.runs.errors import NoRoom, StoreError
from resnet.runs.store.migrations import MIGRATIONS

APPLICATION = 0x5265734C  # marks the file as ours ("ResL"), so that another program's database is never changed
WAIT = 5.0  # seconds that a connection waits for another process's transaction
DAMAGED = N_("{path} is damaged or no file of runs; move it away to start with an empty one")
LOCKED = N_("{path} is being written by another program that does not finish; close that program and try again")
NO_ROOM = N_("{path} cannot be written: the disk or your share of it is full; make room and try again")


class Database:
    """Connections are borrowed and given back: the pages' threads are too short-lived to own one each."""

    def __init__(self, path: Path) -> None:
        """Open or create the file; raises StoreError, and then nothing in it was changed."""
        self.path = path
        self._idle: list[sqlite3.Connection] = []
        self._lock = threading.Lock()
        self._closed = False
        self._open()

    def _open(self) -> None:
        with self._sentences():
            self.path.parent.mkdir(parents=True, exist_ok=True)
            _check_header(self.path)
            with closing(_connect(self.path)) as connection:
                _prepare(connection, self.path)
            self._file = _identity(self.path)

    @property
    def gone(self) -> bool:
        """Whether the file was removed, or another one put in its place: what is written then reaches nobody."""
        return _identity(self.path) != self._file

    def reopen(self) -> None:
        """Use the file that is there now, or a new one; raises StoreError like a first opening."""
        with self._lock:
            idle, self._idle = self._idle, []
        for connection in idle:
            connection.close()
        self._open()

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """A connection on which every statement sees the last committed state."""
        with self._sentences():
            file, connection = self._file, self._borrow()
            try:
                yield connection
            except BaseException:
                connection.close()  # its state is unknown
                raise
            self._give_back(connection, file)

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """A transaction that holds the write lock from its start: committed whole, or not at all."""
        with self.reading() as connection:
            connection.execute("BEGIN IMMEDIATE")
            yield connection
            connection.execute("COMMIT")

    def close(self) -> None:
        """Close the idle connections; one that is in use is closed when it is given back."""
        with self._lock:
            self._closed = True
            idle, self._idle = self._idle, []
        for connection in idle:
            connection.close()

    def _borrow(self) -> sqlite3.Connection:
        with self._lock:
            if self._closed:
                raise StoreError(N_("the file of runs {path} was closed"), path=str(self.path))
            if self._idle:
                return self._idle.pop()
        return _connect(self.path)

    def _give_back(self, connection: sqlite3.Connection, file: tuple[int, int] | None) -> None:
        with self._lock:
            if not self._closed and file == self._file:
                self._idle.append(connection)
                return
        connection.close()

    @contextmanager
    def _sentences(self) -> Iterator[None]:
        """What SQLite and the file system say, as one sentence with the file's name."""
        try:
            yield
        except (sqlite3.Error, OSError) as error:
            raise _told(error, self.path) from error


def _check_header(path: Path) -> None:
    """Raise StoreError for what is no SQLite file; SQLite itself would write over a file of less than 512 bytes."""
    if path.exists():
        with path.open("rb") as file:
            header = file.read(16)
        if header not in (b"", b"SQLite format 3\x00"):
            raise StoreError(DAMAGED, path=str(path))


def _identity(path: Path) -> tuple[int, int] | None:
    """What tells a file from another one of the same name; None where there is none."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


def _connect(path: Path) -> sqlite3.Connection:
    # isolation_level=None: transactions begin where this module says so; a connection serves one thread at a time
    connection = sqlite3.connect(path, timeout=WAIT, isolation_level=None, check_same_thread=False)
    connection.execute("PRAGMA foreign_keys = ON")
    connection.text_factory = _text
    connection.execute("PRAGMA synchronous = NORMAL")  # with WAL a crash can lose the last moments, never the file
    return connection


def _text(content: bytes) -> str:
    """Texts of damaged rows too: SQLite's own reading would raise, and take the other rows along."""
    return content.decode("utf-8", "replace")


def _prepare(connection: sqlite3.Connection, path: Path) -> None:
    """Check whose file it is before anything is written, then bring it to the current version."""
    if _version(connection, path) < len(MIGRATIONS):
        connection.execute("PRAGMA auto_vacuum = INCREMENTAL")  # of an empty file: it shrinks when runs are removed
        connection.execute("BEGIN IMMEDIATE")
        version = _version(connection, path)  # another process may have been faster
        for changes in MIGRATIONS[version:]:
            for change in changes:
                connection.execute(change) if isinstance(change, str) else change(connection)
        connection.execute(f"PRAGMA application_id = {APPLICATION}")
        connection.execute(f"PRAGMA user_version = {len(MIGRATIONS)}")
        connection.execute("COMMIT")
    if _pragma(connection, "journal_mode") != "wal":
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except (
            sqlite3.OperationalError
        ):  # another process has it open at this moment; the next one that opens it tries again
            return


def _version(connection: sqlite3.Connection, path: Path) -> int:
    """The file's schema version, 0 for an empty file; raises StoreError for a file that is not ours or too new."""
    version = int(_pragma(connection, "user_version"))
    foreign = _pragma(connection, "application_id") != APPLICATION
    if foreign and connection.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchone():
        text = N_("{path} is another program's database; choose another folder with RESNET_HOME")
        raise StoreError(text, path=str(path))
    if version > len(MIGRATIONS):
        text = N_(
            "{path} was written by a newer version of ResNet Lab (schema {found}, this one reads up to {known}); "
            "update ResNet Lab or choose another folder with RESNET_HOME"
        )
        raise StoreError(text, path=str(path), found=version, known=len(MIGRATIONS))
    return version


def _pragma(connection: sqlite3.Connection, name: str) -> Any:
    return connection.execute(f"PRAGMA {name}").fetchone()[0]


def _told(error: Exception, path: Path) -> StoreError:
    """What SQLite or the file system said, as one sentence."""
    text, number = str(error), getattr(error, "errno", None)
    if "not a database" in text or "malformed" in text or "disk image" in text:
        return StoreError(DAMAGED, path=str(path))
    if "locked" in text or "busy" in text:
        return StoreError(LOCKED, path=str(path))
    # SQLite calls a share of the disk that is used up an "I/O error", like a disk that breaks
    if "is full" in text or "disk I/O" in text or number in (errno.ENOSPC, errno.EDQUOT):
        return NoRoom(NO_ROOM, path=str(path))
    return StoreError(N_("{path} cannot be used: {reason}"), path=str(path), reason=text)
