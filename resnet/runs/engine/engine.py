"""The engine: queues runs, has them trained by the workers and recorded, and answers interactive calls.

Pages call it from any thread and never wait for it; what it does goes on in the threads of `Session` and `Recorder`.
"""

import atexit
import json
import threading
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import replace
from functools import partial
from typing import Any, Literal
from uuid import uuid4

from resnet.files import home
from resnet.i18n import N_, _
from resnet.runs.engine import external
from resnet.runs.engine.backlog import Backlog, Job
from resnet.runs.engine.control import CLOSED, Control
from resnet.runs.engine.device import cores, device_before, speed_before
from resnet.runs.engine.questions import Questions
from resnet.runs.engine.recorder import Recorder
from resnet.runs.engine.sending import with_tensors
from resnet.runs.engine.session import Session
from resnet.runs.errors import EngineError, StoreError
from resnet.runs.store import Run, RunStatus, State, Store
from resnet.runs.store.recorded import opened
from resnet.specs import NetSpec, Recipe, SpecError, run_id
from resnet.specs.changing import require_trainable
from resnet.specs.limits import LIMITS
from resnet.specs.limits import workers as host_workers
from resnet.training.estimates import FITTED, budget, require_fit
from resnet.training.extension import goes_on, longer, shorter

__all__ = ["Engine", "EngineError", "shared", "start_shared"]

Phase = Literal["starting", "ready", "lost", "failed", "closed"]
ENGINE_CLOSED = N_("The engine is closed.")
NO_RUN = N_("There is no such run any more.")
OTHER_DEVICE = N_("This machine trains on another device than before; start the run again.")
QUEUE_FULL = N_("{limit} of your runs are waiting; wait for one or stop one before you add another")
HEAD_START = 0.8  # seconds for the first page, before the imports of the workers take the processors
CLOSE_WITHIN = 8.0  # seconds; it takes some tenths


class Engine:
    """Start it once per process. Engines of several processes may share a store: no run is trained by two of them."""

    def __init__(self, store: Store, *, workers: int | None = None, job: str = "resnet.runs.tasks.train") -> None:
        """`workers` runs are trained at once (default: ``RESNET_WORKERS``, else one per core, or per GPU).

        `job` names the module that the workers run. Raises SettingError.
        """
        self.store = store
        self.state: Phase = "starting"
        self.message = ""  # a marked text that says why the state is lost, failed or closed
        self._workers = workers or host_workers()
        self._job = job
        self._device = device_before(store)
        self._owner = uuid4().hex  # also the topic of its workers' events
        self._backlog = Backlog()
        self._session: Session | None = None
        self.questions = Questions(self.call, lambda: self._session.call_workers if self._session else 1)
        self._recorder: Recorder | None = None
        self._control = Control(store, self._backlog, self._owner, lambda: (self._session, self._recorder))
        self._again = external.Again(self._try_again)

    @classmethod
    def open(cls) -> "Engine":
        """An engine, not yet started, on the store of this user. Raises StoreError, HomeError or SettingError."""
        return cls(opened(home() / "runs.sqlite"))

    @property
    def device(self) -> str:
        """The type of device that trains: cpu, cuda or mps; until the engine is ready, the one found last time."""
        return str(self._device["type"])

    @property
    def device_label(self) -> str:
        """The device's name for people."""
        return str(self._device["label"])

    @property
    def missing_device(self) -> str:
        """What ``RESNET_DEVICE`` names and the workers did not find; empty when they did."""
        return str(self._device.get("missing", ""))

    @property
    def slots(self) -> int:
        """How many runs are trained at once."""
        return self._training_workers() or cores()

    def start(self, after: float = 0.0) -> None:
        """Start in the background, `after` seconds from now, and return at once.

        An engine that was lost or has failed starts anew; with a cluster that exists it does so by itself, and says
        what is the matter until it works.
        """
        if self._session and self.message:
            self._session.join(CLOSE_WITHIN)  # the one before may still be tidying up
        with self._backlog.lock:
            if self.state == "closed" or (self._session and self._session.alive):
                return
            self.state, self.message = "starting", ""
            self._begin(after)
        import multiprocessing.util  # noqa: F401 - it ends all child processes when Python exits; `close` must come before it

        atexit.register(self.close)

    def _begin(self, after: float = 0.0) -> None:
        self._recorder = Recorder(self.store, self._owner, self._control.end, self._control.give_up)
        parts = self._job, self._backlog, self._recorder, self._owner
        self._session = Session(*parts, self._training_workers, self._meet, self._ended, after)

    def _try_again(self) -> None:
        """For a cluster that exists: state and message stay as they are until it works."""
        if self._session:
            self._session.join(CLOSE_WITHIN)
        with self._backlog.lock:
            if self.message and self.state != "closed" and not (self._session and self._session.alive):
                self._begin()

    def submit(self, net: NetSpec, recipe: Recipe, visitor: str, *, afresh: bool = False, after: str = "") -> str:
        """Queue a run and return its id; one that is done, waits or is trained already is answered at once.

        One that ended early goes on from its checkpoint, unless it shall start `afresh`; a new one begins where the
        shorter run `after` is, whose recipe it extends.

        Raises SpecError when `visitor` has too many runs waiting or the run needs more memory than there is, and
        EngineError when there is no engine to train it or it cannot be recorded.
        """
        if self.trouble:
            raise EngineError(self.trouble)
        try:
            return self._submit(net, recipe, visitor, not afresh, after)
        except StoreError as error:
            raise EngineError(str(error)) from error

    def _submit(self, net: NetSpec, recipe: Recipe, visitor: str, on: bool, after: str) -> str:
        with self._backlog.lock:
            session = self._alive()
            wanted = run_id(net, recipe, self.device)
            if not after and (before := shorter(recipe)):
                after = run_id(net, before, self.device)
            if self._backlog.job(wanted):
                return wanted
            known = self.store.runs([wanted]).get(wanted)
            if known and known.status == "done" and not known.recorded:
                return wanted
            require_trainable(net, recipe)
            require_fit(net, recipe, self._free_memory(), speed_before(self.store, self.device) or FITTED)
            if self._backlog.waiting(visitor) >= LIMITS.max_queue:
                if known is None or known.status not in ("queued", "running"):
                    raise SpecError(_(QUEUE_FULL, limit=LIMITS.max_queue))
            elif self.store.claim(wanted, net, recipe, self.device, self._owner, on, after):
                self._backlog.add(Job(wanted, net, recipe, visitor))
                session.wake()
        return wanted

    def stop(self, run_id: str) -> None:
        """End a run: at once while it waits, within a step while it trains; another program's within a second more."""
        self._control.end(run_id, "stopped")

    def pause(self, run_id: str) -> None:
        """The same, but the run says that it will go on; `submit` or `resume` lets it."""
        self._control.end(run_id, "paused")

    def resume(self, run_id: str, visitor: str) -> str:
        """`submit` a run that is known."""
        run = self._known(run_id)
        return self.submit(run.net, run.recipe, visitor)

    def extend(self, run_id: str, steps: int, visitor: str) -> str:
        """`submit` the same net with so many steps; it goes on where this run is, if their first steps are the same."""
        run = self._known(run_id)
        later = longer(run.recipe, steps)
        return self.submit(run.net, later, visitor, after=run_id if goes_on(run.recipe, later) else "")

    def _known(self, run_id: str) -> Run:
        if run := self.store.runs([run_id]).get(run_id):
            return run
        raise EngineError(NO_RUN)

    @property
    def trouble(self) -> str:
        """Why runs cannot be recorded at the moment, in one sentence; empty when they can."""
        return str((self._recorder and self._recorder.trouble) or "")

    @property
    def busy(self) -> bool:
        """Whether any run of this engine waits or is on a worker."""
        return bool(self._backlog.waiting() or self._backlog.on_workers())

    def position(self, run_id: str) -> int | None:
        """1 for the run that is next in the queue; None for a run that does not wait here."""
        return self._backlog.position(run_id)

    def queue_length(self) -> int:
        """How many runs wait here."""
        return self._backlog.waiting()

    def call(self, function: Callable[..., Any], *args: Any) -> "Future[Any]":
        """Let the free worker compute ``function(*args)``, a function of a module; while starting, calls wait in order.

        Weights are named by a `State`: the worker reads them itself; only if it cannot they are sent. The value must be
        plain (numbers, texts, numpy arrays). The future raises what the function raised, and EngineError when the
        worker or the engine is lost; cancel it when nobody waits for it any more.
        """
        path = str(self.store.path.absolute())
        try:
            with self._backlog.lock:
                named = tuple(replace(arg, path=path) if isinstance(arg, State) else arg for arg in args)
                return self._alive().call(function, named, partial(with_tensors, self.store))
        except EngineError as error:
            failed: Future[Any] = Future()
            failed.set_exception(error)
            return failed

    def close(self) -> None:
        """End the workers and whatever they do; returns when no process is left. Twice does no harm."""
        with self._backlog.lock:
            self.state, self.message = "closed", ENGINE_CLOSED
        self._again.cancel()
        atexit.unregister(self.close)
        if self._session:
            self._session.close()
            self._session.join(CLOSE_WITHIN)

    def _alive(self) -> Session:
        """The session; raises EngineError where there is none to do anything."""
        if self.message:
            raise EngineError(self.message)  # a marked text, translated where it is shown
        if self._session is None:
            raise EngineError("call start() first")
        return self._session

    def _free_memory(self) -> float:
        """Bytes that one run may plan for: its worker's share of a GPU, or of this machine."""
        return budget(self.slots, float(self._device.get("memory", 0)), int(self._device["count"]))

    def _training_workers(self) -> int:
        """How many; 0 for one per core."""
        return self._workers or (0 if self.device == "cpu" else int(self._device["count"]))

    def _meet(self, device: dict[str, Any]) -> None:
        """The workers are there and have looked at their device; a run's id depends on its type."""
        with self._backlog.lock:
            moved = self._backlog.withdraw_all() if device["type"] != self.device else []
            self._device = device
        with suppress(StoreError):  # it only saves the next start a detour
            self.store.set_meta("device", json.dumps(device))
        for job in moved:
            with suppress(EngineError, SpecError):  # e.g. closed in the meantime, or too large for this device
                self._control.record(job.run_id, "stopped", OTHER_DEVICE)
                self.submit(job.net, job.recipe, job.visitor)
        with self._backlog.lock:
            if self.state != "closed":
                self.state, self.message = "ready", ""
                self._again.worked()

    def _ended(self, reason: str | None) -> None:
        """The session is over; `reason` is a sentence unless it was closed."""
        with self._backlog.lock:
            if self.state != "closed":
                self.state, self.message = "lost" if self.state == "ready" else "failed", reason or ENGINE_CLOSED
            left = [job.run_id for job in (*self._backlog.withdraw_all(), *self._backlog.on_workers())]
            self._backlog.clear()
        if self._recorder:
            status: RunStatus = "failed" if reason else "stopped"
            told = external.RUN_LOST if reason and external.address() else reason or CLOSED
            self._recorder.close(status, told)
            for run_id in left if self._recorder.trouble else ():
                self.store.show_ended(run_id, status, told, {})
        if reason and external.address() and reason not in external.FINAL and self.state != "closed":
            self._again.soon()


_shared: Engine | None = None
_shared_lock = threading.Lock()


def start_shared() -> Engine:
    """The engine of this process, started if there is none; one that was closed is replaced. Raises UserError."""
    global _shared
    with _shared_lock:
        if _shared is None or _shared.state == "closed":
            _shared = Engine.open()
            _shared.start(HEAD_START)
        return _shared


def shared() -> Engine:
    """The engine of this process, closed or not: a page that is drawn while the app ends must not start a new one.

    Without an app around the page (a test, a notebook) the first call starts it. Raises UserError.
    """
    return _shared or start_shared()
