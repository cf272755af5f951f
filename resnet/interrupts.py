"""Ctrl-C where a program can be interrupted, and nowhere else."""

import signal
import threading
import time
from types import FrameType
from typing import Any, Self


class Interrupts:
    """While it is entered, the first Ctrl-C raises KeyboardInterrupt: at once, or after `hold` in the next `sleep`.

    Python raises it between any two instructions; in the middle of a constructor or a destructor that is a traceback,
    and may leave processes behind. After the first Ctrl-C the program is ending, and further ones are no news.
    """

    def __init__(self, afterwards: signal.Handlers | None = None) -> None:
        """`afterwards` takes the place of the handler that was there before, which is given back otherwise."""
        self.pressed = False
        self._held = False
        self._afterwards = afterwards
        self._before: Any = None  # a handler; None: nothing was changed

    def __enter__(self) -> Self:
        heard = threading.current_thread() is threading.main_thread() and signal.getsignal(signal.SIGINT)
        if heard and heard is not signal.SIG_IGN:  # who started this program may have made it deaf
            self._before = signal.signal(signal.SIGINT, self._hear)
        return self

    def __exit__(self, *_error: object) -> None:
        if self._before is not None:
            signal.signal(signal.SIGINT, self._before if self._afterwards is None else self._afterwards)

    def hold(self) -> None:
        """From now on only `sleep` raises."""
        self._held = True

    def sleep(self, seconds: float) -> None:
        """Wait; raises KeyboardInterrupt when Ctrl-C was pressed meanwhile or before."""
        time.sleep(seconds)
        if self.pressed:
            raise KeyboardInterrupt

    def _hear(self, _number: int, _frame: FrameType | None) -> None:
        first, self.pressed = not self.pressed, True
        if first and not self._held:
            raise KeyboardInterrupt
