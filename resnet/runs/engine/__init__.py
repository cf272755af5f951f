"""The engine: the queue, the workers, and the one writer of the store."""

from resnet.runs.engine.engine import Engine, shared, start_shared

__all__ = ["Engine", "shared", "start_shared"]
