from pathlib import Path

import pytest
import torch

from resnet.runs.engine.device import keep_speed, speed_before
from resnet.runs.store import Store
from resnet.runs.tasks import speed, train
from resnet.training.estimates import Speed


def test_a_device_that_the_host_names_and_that_is_not_there_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    monkeypatch.setattr(torch.backends.mps, "is_available", lambda: False)
    for named, missing in (("", ""), ("cpu", ""), ("cuda", "cuda"), ("cuda:3", "cuda:3"), ("mps", "mps")):
        monkeypatch.setenv("RESNET_DEVICE", named)
        assert train.device_info() == {"type": "cpu", "label": "CPU", "count": 1, "missing": missing}


def test_a_named_gpu_is_the_only_one_that_trains(monkeypatch: pytest.MonkeyPatch) -> None:
    class Properties:
        def __init__(self, place: int) -> None:
            self.name, self.total_memory = f"card {place}", 10**9 * (place + 1)

    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    monkeypatch.setattr(torch.cuda, "device_count", lambda: 2)
    monkeypatch.setattr(torch.cuda, "get_device_properties", Properties)
    found = {"type": "cuda", "missing": ""}
    assert train.device_info() == {**found, "label": "card 0", "count": 2, "memory": 10**9}
    monkeypatch.setenv("RESNET_DEVICE", "cuda:1")
    assert train.device_info() == {**found, "label": "card 1", "count": 1, "memory": 2 * 10**9}


def test_the_speed_of_a_device_is_kept_with_the_runs(tmp_path: Path) -> None:
    store = Store(tmp_path / "runs.sqlite")
    assert speed_before(store, "cpu") is None
    keep_speed(store, "cpu", Speed(1e-3, 0.5))
    assert speed_before(store, "cpu") == Speed(1e-3, 0.5)
    assert speed_before(store, "cuda") is None
    for damaged in ("", "{", "[]", '{"per_layer": "NaN"}', '{"per_layer": -1}', '{"colour": 1}'):
        store.set_meta("speed of cpu", damaged)
        assert speed_before(store, "cpu") is None
    store.close()


def test_the_speed_is_measured_by_steps_of_a_real_net(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(speed, "DEPTH", 8)
    monkeypatch.setattr(speed, "BATCHES", (2, 16))
    found = speed.measured()
    assert 0 <= found.per_layer < 0.1
    assert 0 < found.images < 100
