"""The errors of runs."""

from resnet.errors import UserError


class StoreError(UserError, RuntimeError):
    """The file of runs cannot be used."""


class EngineError(UserError, RuntimeError):
    """The engine, or a worker of it, cannot do what was asked."""


class NotHere(LookupError):
    """A worker cannot read the weights that it was asked about; the engine then sends them."""
