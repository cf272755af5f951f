"""Who is here, and for what each visitor waits: runs that train, and answers of workers.

A visitor is a session with an open tab; after a reload it is another one.
"""

import threading
import uuid
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field

import streamlit as st
from streamlit.runtime.scriptrunner import StopException

from resnet.runs.engine.questions import Asker, Questions


@dataclass(eq=False)
class Visitor:
    """A session and its runs; it keeps them while the network is gone."""

    name: str = field(default_factory=lambda: uuid.uuid4().hex)
    bench: frozenset[str] = frozenset()  # the runs of the nets on it, whether they exist or not
    asked: frozenset[str] = frozenset()  # the runs that were started here and had not ended when last looked at
    let_go: frozenset[str] = frozenset()  # runs that go on for others, while this visitor does not wait
    questions: Questions | None = None
    room: str = ""  # the class

    def waits_for(self, run: str) -> bool:
        return run not in self.let_go and (run in self.bench or run in self.asked)


_here: dict[str, Visitor] = {}
_lock = threading.Lock()  # guards `_here` and the sets of runs


def me() -> Visitor:
    """The visitor of this session."""
    found: Visitor = st.session_state.setdefault("visitor", Visitor())
    return found


def here(bench: Iterable[str], questions: Questions) -> None:
    """This visitor is here with the runs of that bench; call it in every run of the script."""
    own = me()
    with _lock:
        own.bench, own.questions = frozenset(bench), questions
    try:
        _hold(own.name, own)
        with _lock:
            _here[own.name] = own
        me()  # ends the script when the tab was closed before it was held: nothing would release it
    except StopException:
        _gone(own)
        raise


def present() -> set[str]:
    """The names of the visitors who are here."""
    with _lock:
        return set(_here)


def in_room(room: str) -> int:
    """How many visitors are here who are in that class."""
    with _lock:
        return sum(one.room == room for one in _here.values())


def others(runs: Collection[str]) -> int:
    """How many other visitors who are here wait for any of the runs."""
    own = me()
    with _lock:
        return sum(one is not own and any(map(one.waits_for, runs)) for one in _here.values())


def count(runs: Collection[str]) -> int:
    """How many visitors who are here wait for any of the runs."""
    with _lock:
        return sum(any(map(one.waits_for, runs)) for one in _here.values())


def shared(runs: Collection[str]) -> frozenset[str]:
    """Those of the runs for which more than one visitor waits who is here."""
    with _lock:
        return frozenset(run for run in runs if sum(one.waits_for(run) for one in _here.values()) > 1)


def let_go(run: str) -> bool:
    """Wait no longer for a run if somebody else does; False when nobody does: then it may be stopped.

    Of two who do this at the same time one is the last.
    """
    own = me()
    with _lock:
        shared = any(one is not own and one.waits_for(run) for one in _here.values())
        if shared:
            own.let_go |= {run}
            own.asked -= {run}
    return shared


def wait_for(runs: Iterable[str], asked: bool = False) -> None:
    """Wait for these runs, again or for the first time; `asked` for those that this visitor has started."""
    own, wanted = me(), frozenset(runs)
    with _lock:
        own.let_go -= wanted
        own.asked |= wanted if asked else frozenset()


def forget(runs: Iterable[str]) -> None:
    """These runs have ended."""
    own, ended = me(), frozenset(runs)
    with _lock:
        own.let_go -= ended
        own.asked -= ended


@st.cache_resource(scope="session", show_spinner=False, on_release=lambda own: _gone(own))
def _hold(name: str, _own: Visitor) -> Visitor:
    """Kept while the tab is open; half a second after it was closed Streamlit lets go of it."""
    return _own


def _gone(own: Visitor) -> None:
    """In the server's event loop: nothing here may wait."""
    with _lock:
        _here.pop(own.name, None)
    if own.questions:
        threading.Thread(target=own.questions.leave_all, args=[own.name], name="resnet-left", daemon=True).start()


class Wait:
    """What this visitor asks workers in one place, such as a page that is being drawn; `ahead` without waiting yet."""

    def __init__(self, name: str = "", ahead: bool = False) -> None:
        """`name` of who asks; by default the visitor of this session."""
        self._asker = Asker(name or me().name, ahead)
        self._questions: Questions | None = None
        self.ended = False

    def of(self, questions: Questions) -> Asker:
        """Who asks there."""
        self._questions = questions
        return self._asker

    def end(self) -> None:
        """What is not answered by now is not wanted any more."""
        self.ended = True
        if self._questions:
            self._questions.leave(self._asker)


_wait: ContextVar[Wait | None] = ContextVar("wait", default=None)


def asker(questions: Questions) -> Asker:
    """Who asks at this place of the script; outside of any wait the visitor, until the tab is closed."""
    return (_wait.get() or Wait()).of(questions)


@contextmanager
def waiting() -> Iterator[None]:
    """What is asked inside and not answered at the end, however that comes, is not wanted any more."""
    wait = Wait()
    try:
        with asking(wait):
            yield
    finally:
        wait.end()


@contextmanager
def ahead() -> Iterator[None]:
    """What is asked inside comes after all that anybody waits for, and takes the place of what was asked so before."""
    with asking(new_ahead()):
        yield


def opens(page: str) -> None:
    """This visitor looks at that page now: what another one has asked ahead is not wanted any more."""
    earlier = st.session_state.get("ahead")
    if earlier and st.session_state.get("ahead page") != page:
        earlier.end()
    st.session_state["ahead page"] = page


def new_ahead() -> Wait:
    """A wait in the place of what this visitor has asked ahead before; for a thread of its own, too."""
    if earlier := st.session_state.get("ahead"):
        earlier.end()
    wait = Wait(ahead=True)
    st.session_state["ahead"] = wait
    return wait


@contextmanager
def asking(wait: Wait) -> Iterator[None]:
    """What is asked inside belongs to that wait."""
    token = _wait.set(wait)
    try:
        yield
    finally:
        _wait.reset(token)
