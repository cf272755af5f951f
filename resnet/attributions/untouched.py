"""Explaining must leave the net as it was: weights, statistics, mode, hooks and gradients."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from torch import Tensor, nn

from resnet.nets.statistics import evaluating


@contextmanager
def own_inputs(net: nn.Module) -> Iterator[None]:
    """Inside, every activation reads a copy of its input.

    Captum replaces the gradient of that input; where a shortcut reads the same tensor, as with pre-activation, it would
    replace the shortcut's gradient too, and DeepLift would be silently wrong.
    """

    def copied(_module: nn.Module, inputs: tuple[Tensor, ...]) -> tuple[Tensor, ...]:
        return tuple(tensor.clone() for tensor in inputs)

    leaves = [module for module in net.modules() if not list(module.children())]
    handles = [module.register_forward_pre_hook(copied) for module in leaves if "activation" in type(module).__module__]
    try:
        yield
    finally:
        for handle in handles:
            handle.remove()


@contextmanager
def untouched(net: nn.Module) -> Iterator[None]:
    """Evaluation mode inside; the mode of every module, all gradients and hooks as before afterwards, after errors too.

    Captum removes its hooks when it succeeds, but not when a forward pass raises in between.
    """
    modules = list(net.modules())
    gradients = [(weight, weight.grad, weight.requires_grad) for weight in net.parameters()]
    hooks = [(module, dict(module._forward_hooks), dict(module._forward_pre_hooks)) for module in modules]
    backward = [(module, dict(module._backward_hooks), dict(module._backward_pre_hooks)) for module in modules]
    try:
        with evaluating(net):
            yield
    finally:
        for weight, gradient, required in gradients:
            weight.grad = gradient
            weight.requires_grad_(required)
        for module, after, before in hooks:
            _restore(module._forward_hooks, after)
            _restore(module._forward_pre_hooks, before)
        for module, after, before in backward:
            _restore(module._backward_hooks, after)
            _restore(module._backward_pre_hooks, before)


def _restore(hooks: dict[int, Any], before: dict[int, Any]) -> None:
    for key in set(hooks) - set(before):
        del hooks[key]
