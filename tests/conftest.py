"""Fixtures for all tests. Every test has its own RESNET_HOME; one torch thread, so that sums are repeatable."""

from pathlib import Path

import pytest
import torch

from resnet.specs import NetSpec


@pytest.fixture(scope="session", autouse=True)
def _one_thread() -> None:
    torch.set_num_threads(1)


@pytest.fixture(scope="session")
def data_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One home for the session, so that the data sets are generated once."""
    return tmp_path_factory.mktemp("home")


@pytest.fixture(autouse=True)
def _home(data_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RESNET_HOME", str(data_home))


SMALL = [
    NetSpec.parse(name)
    for name in (
        "plain-8-w4",
        "res-8-w4",
        "res-8-w4-optb",
        "res-10-w4-s1",
        "res-8-w4-nobn",
        "plain-8-w4-leaky",
        "res-8-w4-tanh-xavier",
        "plain-8-w4-sigmoid-torchinit",
    )
]


@pytest.fixture(params=SMALL, ids=str)
def small_spec(request: pytest.FixtureRequest) -> NetSpec:
    """One small net for every option of the catalog."""
    spec: NetSpec = request.param
    return spec
