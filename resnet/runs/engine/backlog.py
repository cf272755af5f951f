"""What an engine has to do: the runs that wait and the runs that are on a worker. Safe to use from any thread."""

import threading
from dataclasses import dataclass

from resnet.runs.engine.queue import FairQueue
from resnet.runs.store.records import RunStatus
from resnet.specs import NetSpec, Recipe


@dataclass
class Job:
    """A run that has not ended."""

    run_id: str
    net: NetSpec
    recipe: Recipe
    visitor: str
    address: str | None = None  # of its worker; None while it waits
    started: bool = False  # the worker has said so; before that it would not remember a wish to stop
    stopping: bool = False
    ending: RunStatus = "stopped"  # what it will be when it was asked to stop
    farewell: str = ""  # the sentence for that end, if the run's own would not say why


class Backlog:
    """Every method is one step that no other thread can see half done."""

    def __init__(self) -> None:
        self.lock = threading.RLock()  # held by callers for longer steps
        self._queue: FairQueue[str] = FairQueue()
        self._jobs: dict[str, Job] = {}

    def add(self, job: Job) -> None:
        with self.lock:
            self._jobs[job.run_id] = job
            self._queue.add(job.run_id, job.visitor)

    def job(self, run_id: str) -> Job | None:
        """The run if it waits or is on a worker."""
        with self.lock:
            return self._jobs.get(run_id)

    def take(self, address: str) -> Job | None:
        """The next run, given to the worker at `address`; None when nothing waits."""
        with self.lock:
            run_id = self._queue.take()
            if run_id is None:
                return None
            job = self._jobs[run_id]
            job.address = address
            return job

    def withdraw(self, run_id: str) -> bool:
        """Remove a run that waits; False when it does not wait."""
        with self.lock:
            waited = self._queue.remove(run_id)
            if waited:
                del self._jobs[run_id]
            return waited

    def withdraw_all(self) -> list[Job]:
        """Remove every run that waits, in the order of the queue."""
        with self.lock:
            jobs = [self._jobs[run_id] for run_id in self._queue.order()]
            for job in jobs:
                self.withdraw(job.run_id)
            return jobs

    def ended(self, job: Job) -> None:
        with self.lock:
            self._jobs.pop(job.run_id, None)
            if not self._jobs:
                self._queue.forget_turns()

    def clear(self) -> None:
        with self.lock:
            self._queue, self._jobs = FairQueue(), {}

    def on_workers(self) -> list[Job]:
        """The runs that do not wait any more."""
        with self.lock:
            return [job for job in self._jobs.values() if job.address]

    def waiting(self, visitor: str | None = None) -> int:
        """How many runs wait, of one visitor or of all."""
        with self.lock:
            return len(self._queue) if visitor is None else self._queue.count(visitor)

    def position(self, run_id: str) -> int | None:
        """1 for the run that is next; None for one that does not wait."""
        with self.lock:
            return self._queue.position(run_id)
