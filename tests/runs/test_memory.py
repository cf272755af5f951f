"""After a run that ran out of memory nothing of it is left on the device, so that the next one fits."""

import weakref

import pytest
import torch

from resnet.runs.tasks import train
from resnet.specs import NetSpec, Recipe

SPEC, RECIPE = NetSpec.parse("res-8-w4"), Recipe(data="digits", steps=6, batch=16, record_every=2, evaluate_every=3)


def full(number, then=lambda: None):
    """`F.cross_entropy` that finds no memory in step `number`; the second value lists what it was given."""
    seen = []
    real = torch.nn.functional.cross_entropy

    def cross_entropy(logits, labels, **options):
        if logits.requires_grad:
            seen.append(weakref.ref(logits))
        if len(seen) > number:
            then()
            raise torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 GiB")
        return real(logits, labels, **options)

    return cross_entropy, seen


@pytest.mark.parametrize("kind", ["cuda", "mps"])
def test_the_cache_is_emptied_when_nothing_holds_the_net_any_more(kind, monkeypatch):
    nets, left = [], []
    fresh = train.fresh

    def noted(spec, recipe):
        net, dataset = fresh(spec, recipe)
        nets.append(weakref.ref(net))
        return net, dataset

    def device_appears():  # not before: the rest of torch would look for it
        monkeypatch.setattr(torch.cuda, "is_available", lambda: kind == "cuda")
        monkeypatch.setattr(torch.backends.mps, "is_available", lambda: kind == "mps")

    cross_entropy, logits = full(3, device_appears)
    monkeypatch.setattr(train, "fresh", noted)
    monkeypatch.setattr(torch.nn.functional, "cross_entropy", cross_entropy)
    monkeypatch.setattr(
        getattr(torch, kind), "empty_cache", lambda: left.extend(ref() is not None for ref in (*nets, *logits))
    )
    with pytest.raises(train.OutOfMemory):
        train._train("run", SPEC, RECIPE, lambda _message: None, b"")
    assert left == [False] * 5  # the net, and the logits of four steps


@pytest.mark.parametrize(
    "message",
    [
        "CUDA out of memory. Tried to allocate 2.00 GiB",
        "CUDA error: out of memory",
        "MPS backend out of memory (MPS allocated: 8.0 GB)",
        "[enforce fail at alloc_cpu.cpp:121] . DefaultCPUAllocator: can't allocate memory: you tried",
        "[enforce fail at alloc_cpu.cpp:80] data. DefaultCPUAllocator: not enough memory: you tried",
        "CUDA error: CUBLAS_STATUS_ALLOC_FAILED when calling `cublasCreate(handle)`",
    ],
)
def test_no_memory_is_told_from_other_errors_on_every_device(message):
    assert train.is_out_of_memory(RuntimeError(message))
    assert not train.is_out_of_memory(RuntimeError("CUDA error: device-side assert triggered"))


def test_another_error_of_the_run_is_handed_on_as_it_is(monkeypatch):
    def cross_entropy(*_arguments, **_options):
        raise RuntimeError("CUDA error: device-side assert triggered")

    monkeypatch.setattr(torch.nn.functional, "cross_entropy", cross_entropy)
    with pytest.raises(RuntimeError, match="device-side assert") as error:
        train._train("run", SPEC, RECIPE, lambda _message: None, b"")
    assert error.value.__cause__ is None


@pytest.mark.gpu
@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a CUDA device")
def test_after_a_run_that_did_not_fit_the_gpu_is_as_empty_as_before(monkeypatch):
    cross_entropy, _logits = full(3)
    monkeypatch.setattr(torch.nn.functional, "cross_entropy", cross_entropy)
    before = torch.cuda.memory_allocated()
    with pytest.raises(train.OutOfMemory):
        train._train("run", SPEC, RECIPE, lambda _message: None, b"")
    assert torch.cuda.memory_allocated() <= before + 64 * 2**20  # cuBLAS keeps its workspace
