"""What was read or answered is kept for everybody, the last used, up to so many bytes."""

import dataclasses
import sys
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Any, Generic, TypeVar

import numpy as np

Value = TypeVar("Value")


class Kept(Generic[Value]):
    """Values that nobody may change. Methods may be called from any thread."""

    def __init__(self, most: int) -> None:
        """`most` bytes are kept; a larger value is not."""
        self._most = most
        self._values: OrderedDict[Hashable, tuple[Value, int]] = OrderedDict()
        self._lock = threading.Lock()
        self.bytes = 0

    def get(self, key: Hashable, make: Callable[[], Value]) -> Value:
        """The value of that key; made, outside of the lock, where there is none."""
        with self._lock:
            if found := self._values.get(key):
                self._values.move_to_end(key)
                return found[0]
        value = make()
        if (weight := size(value)) <= self._most:
            self._put(key, value, weight)
        return value

    def _put(self, key: Hashable, value: Value, weight: int) -> None:
        with self._lock:
            self.bytes += weight - self._values.pop(key, (value, 0))[1]
            self._values[key] = value, weight
            while self.bytes > self._most:
                self.bytes -= self._values.popitem(last=False)[1][1]


def size(value: Any) -> int:
    """Bytes of a plain value with all that it holds, roughly."""
    if isinstance(value, np.ndarray):
        return int(value.nbytes) + 100
    if isinstance(value, dict):
        return 100 + sum(size(key) + size(part) for key, part in value.items())
    if isinstance(value, list | tuple | set | frozenset):
        return 60 + sum(map(size, value))
    if dataclasses.is_dataclass(value):
        return 60 + sum(size(getattr(value, field.name)) for field in dataclasses.fields(value))
    return sys.getsizeof(value)
