"""The fair queue in front of the cluster: the visitor who has waited longest for a turn is served next.

Dask itself serves first come, first served: a visitor behind another one's six runs would wait for all six.
"""

from collections.abc import Hashable
from typing import Generic, TypeVar

Item = TypeVar("Item", bound=Hashable)
Waiting = dict[str, dict[Item, None]]  # visitor -> what they wait for, the oldest first; no visitor without an item


class FairQueue(Generic[Item]):
    """Runs or questions in round robin by visitor, several of whom may wait for the same one; the caller locks."""

    def __init__(self) -> None:
        self._waiting: Waiting[Item] = {}
        self._turns: dict[str, int] = {}  # visitor -> number of the turn that was theirs last
        self._turn = 0

    def __len__(self) -> int:
        return len({item for items in self._waiting.values() for item in items})

    def __contains__(self, item: Item) -> bool:
        return any(item in items for items in self._waiting.values())

    def add(self, item: Item, visitor: str) -> None:
        """Let `visitor` wait for `item`; who does already keeps the place."""
        self._waiting.setdefault(visitor, {})[item] = None

    def count(self, visitor: str) -> int:
        """How much `visitor` waits for."""
        return len(self._waiting.get(visitor, ()))

    def remove(self, item: Item, visitor: str | None = None) -> bool:
        """Let nobody wait for `item`, or only `visitor` no longer; False when nobody did."""
        found = [name for name in ([visitor] if visitor else self._waiting) if item in self._waiting.get(name, ())]
        for name in found:
            _drop(self._waiting, name, item)
        return bool(found)

    def take(self) -> Item | None:
        """What is next, taken out; None when nothing waits."""
        if not self._waiting:
            return None
        visitor = _next(self._waiting, self._turns)
        self._turn += 1
        self._turns[visitor] = self._turn
        item = next(iter(self._waiting[visitor]))
        self.remove(item)
        return item

    def order(self) -> list[Item]:
        """All that waits in the order in which it will be taken, if nobody adds anything."""
        copy: FairQueue[Item] = FairQueue()
        copy._waiting = {visitor: dict(items) for visitor, items in self._waiting.items()}
        copy._turns, copy._turn = dict(self._turns), self._turn
        order = []
        while (item := copy.take()) is not None:
            order.append(item)
        return order

    def position(self, item: Item) -> int | None:
        """1 for what is next; None for what does not wait."""
        order = self.order()
        return order.index(item) + 1 if item in order else None

    def forget_turns(self) -> None:
        """Start afresh; visitors come and go for weeks, and when nothing is left to do nobody is behind."""
        self._turns.clear()


def _drop(waiting: Waiting[Item], visitor: str, item: Item) -> None:
    del waiting[visitor][item]
    if not waiting[visitor]:
        del waiting[visitor]


def _next(waiting: Waiting[Item], turns: dict[str, int]) -> str:
    """The visitor whose last turn lies furthest back; among equals the one who came first."""
    return min(waiting, key=lambda visitor: turns.get(visitor, 0))
