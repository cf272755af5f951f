"""Data sets that visitors brought: whose they are, and which go with the visit.

The name of one is made from its pictures: only who has the link, or the pictures, finds it. It stays while somebody who
has it has a tab open, a while longer, as for a reload or a pause, and for good where its owner wants that.
"""

import threading
import time
from contextlib import suppress

import streamlit as st

from resnet import catalog, datasets
from resnet.datasets import own
from resnet.errors import UserError
from resnet.ui.parts import backend, visitors

LEFT_AFTER = 600.0  # seconds without anybody who has the data set
LOOK_EVERY = 60.0  # seconds between two looks for those that were left
NEWEST = 500  # runs among which one may still need the pictures
_KEY = "own data"  # in the session: the names of those that were brought in it

_users: dict[str, set[str]] = {}  # data sets by visitor
_seen: dict[str, float] = {}  # when somebody was last there who had it
_lock = threading.Lock()
_tidying = threading.Event()


def mine() -> list[str]:
    """The data sets that were brought in this session."""
    found: list[str] = st.session_state.setdefault(_KEY, [])
    return found


def add(name: str) -> None:
    """This session has brought it."""
    if name not in mine():
        mine().append(name)
    here(name)


def choices(chosen: str) -> dict[str, catalog.DataChoice]:
    """What this visitor can choose, `chosen` from a link included."""
    own_ones = [name for name in dict.fromkeys([*mine(), chosen]) if catalog.is_own(name)]
    found = catalog.data_choices(own_ones)
    return {name: record for name, record in found.items() if name == chosen or usable(record)}


def usable(record: catalog.DataChoice) -> bool:
    """Whether it has as many classes as a recipe wants, and its pictures are not deleted."""
    if not record.own:
        return True
    return catalog.CLASSES[0] <= len(record.classes) <= catalog.CLASSES[1] and datasets.state(record.name) != "deleted"


def here(chosen: str) -> None:
    """This visitor is here, with the data set of the bench; call it in every run of the script."""
    names = {name for name in [*mine(), chosen] if name.startswith("own-")}
    with _lock:
        _users[visitors.me().name] = names
    if names or not _tidying.is_set():
        _tidy_from_now_on()


def delete(name: str) -> None:
    """Delete the pictures, for everybody."""
    own.delete(name)
    datasets.forget()
    if name in mine():
        mine().remove(name)


def _tidy_from_now_on() -> None:
    with _lock:
        if _tidying.is_set():
            return
        _tidying.set()
    threading.Thread(target=_tidy, name="resnet-own-data", daemon=True).start()


def _tidy() -> None:
    while True:
        time.sleep(LOOK_EVERY)
        with suppress(UserError, OSError):  # a store or disk that does not answer: next time
            forget_left()


def forget_left(after: float = LEFT_AFTER) -> None:
    """Delete the data sets that nobody has had for so many seconds, that no run waits for and nobody keeps."""
    now, there = time.monotonic(), visitors.present()
    with _lock:
        for gone in _users.keys() - there:
            del _users[gone]
        used = set().union(*_users.values())
    needed = used | _of_runs_at_work()
    for name in own.uploaded():
        if name in needed or (catalog.about(name) or {}).get("kept"):
            _seen[name] = now
        elif now - _seen.setdefault(name, now) >= after:
            own.delete(name)
            datasets.forget()
            _seen.pop(name)


def _of_runs_at_work() -> set[str]:
    return {run.recipe.data for run in backend.engine().store.recent(NEWEST) if run.status in backend.AT_WORK}
