"""The fair queue in front of the cluster: the visitor who has waited longest for a turn is served next.

Dask itself serves first come, first served: a visitor behind another one's six runs would wait for all six.
"""

from collections import deque


class FairQueue:
    """Run ids in round robin by visitor; the caller locks."""

    def __init__(self) -> None:
        self._waiting: dict[str, deque[str]] = {}  # visitor -> run ids; no visitor without a run
        self._turns: dict[str, int] = {}  # visitor -> number of the turn that was theirs last
        self._turn = 0

    def __len__(self) -> int:
        return sum(len(runs) for runs in self._waiting.values())

    def __contains__(self, run_id: str) -> bool:
        return any(run_id in runs for runs in self._waiting.values())

    def add(self, run_id: str, visitor: str) -> None:
        self._waiting.setdefault(visitor, deque()).append(run_id)

    def count(self, visitor: str) -> int:
        """How many runs of `visitor` wait."""
        return len(self._waiting.get(visitor, ()))

    def remove(self, run_id: str) -> bool:
        """Take `run_id` out of the queue; False when it was not in it."""
        for visitor, runs in self._waiting.items():
            if run_id in runs:
                runs.remove(run_id)
                self._drop_if_done(visitor)
                return True
        return False

    def take(self) -> str | None:
        """The run whose turn it is, taken out; None when nothing waits."""
        if not self._waiting:
            return None
        visitor = _next(self._waiting, self._turns)
        self._turn += 1
        self._turns[visitor] = self._turn
        run_id = self._waiting[visitor].popleft()
        self._drop_if_done(visitor)
        return run_id

    def order(self) -> list[str]:
        """The waiting runs in the order in which they will be taken, if nobody adds another one."""
        waiting = {visitor: deque(runs) for visitor, runs in self._waiting.items()}
        turns, turn, order = dict(self._turns), self._turn, []
        while waiting:
            visitor = _next(waiting, turns)
            turn += 1
            turns[visitor] = turn
            order.append(waiting[visitor].popleft())
            if not waiting[visitor]:
                del waiting[visitor]
        return order

    def position(self, run_id: str) -> int | None:
        """1 for the run that is next; None for a run that does not wait."""
        order = self.order()
        return order.index(run_id) + 1 if run_id in order else None

    def forget_turns(self) -> None:
        """Start afresh; visitors come and go for weeks, and when nothing is left to do nobody is behind."""
        self._turns.clear()

    def _drop_if_done(self, visitor: str) -> None:
        if not self._waiting[visitor]:
            del self._waiting[visitor]


def _next(waiting: dict[str, deque[str]], turns: dict[str, int]) -> str:
    """The visitor whose last turn lies furthest back; among equals the one who came first."""
    return min(waiting, key=lambda visitor: turns.get(visitor, 0))
