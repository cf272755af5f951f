"""Weights for workers that do not see the store."""

from dataclasses import replace
from typing import Any

from resnet.i18n import N_
from resnet.runs.errors import EngineError
from resnet.runs.store import State, Store

NO_WEIGHTS = N_("The weights of this run were not kept.")


def with_tensors(store: Store, args: tuple[Any, ...]) -> tuple[Any, ...]:
    """The arguments with the weights themselves in place of their names. Raises EngineError."""
    return tuple(_filled(store, arg) if isinstance(arg, State) else arg for arg in args)


def _filled(store: Store, state: State) -> State:
    tensors = store.state(state.run, state.step)
    if tensors is None:
        raise EngineError(NO_WEIGHTS)
    return replace(state, tensors=tensors)
