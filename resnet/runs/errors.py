"""The errors of runs."""

from typing import Any

from resnet.errors import UserError
from resnet.i18n import _


class StoreError(UserError, RuntimeError):
    """The file of runs cannot be used: a marked text with places for `values`.

    It is translated where it is shown: a thread that writes for everybody reads no language.
    """

    def __init__(self, text: str, **values: Any) -> None:
        super().__init__(text)
        self.text, self.values = text, values

    def __str__(self) -> str:
        return _(self.text, **self.values)


class NoRoom(StoreError):
    """The disk, or the user's share of it, is full."""


class FileGone(StoreError):
    """The file was removed or replaced while it was in use."""


class EngineError(UserError, RuntimeError):
    """The engine, or a worker of it, cannot do what was asked."""


class NotHere(LookupError):
    """A worker cannot read the weights that it was asked about; the engine then sends them."""
