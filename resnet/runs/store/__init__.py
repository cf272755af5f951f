"""What is known about every run, in one SQLite file."""

from resnet.runs.store.records import Curves, Run, RunStatus
from resnet.runs.store.states import LAST, State
from resnet.runs.store.store import Store

__all__ = ["LAST", "Curves", "Run", "RunStatus", "State", "Store"]
