"""What a training worker has ready before anybody presses a button."""

import pytest

from resnet import datasets
from resnet.datasets import cache, load_dataset
from resnet.runs.tasks.train import warm_up


def test_a_training_worker_has_the_usual_images_before_the_first_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RESNET_TRAIN_SLOT", "0")
    datasets._load.cache_clear()
    warm_up()
    monkeypatch.setattr(cache, "read", lambda key: pytest.fail(f"{key} is read when the button is pressed"))
    assert len(load_dataset("shapes").train.labels) == 5_000
