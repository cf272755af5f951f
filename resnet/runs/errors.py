"""The errors of runs that a page shows; each message is one sentence."""


class StoreError(RuntimeError):
    """The file of runs cannot be used."""


class EngineError(RuntimeError):
    """The engine, or a worker of it, cannot do what was asked."""
