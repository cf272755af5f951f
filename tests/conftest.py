"""Fixtures for all tests. Every test has its own RESNET_HOME; one torch thread, so that sums are repeatable."""

import os
import random
from pathlib import Path
from typing import Any

import pytest
import torch

from resnet import catalog
from resnet.specs import NetSpec, SpecError
from resnet.specs.options import NET_OPTIONS

os.environ["RESNET_RECORDINGS"] = "no"  # a bench that nobody has trained is empty, except where a test is about them

TIMED = ("tests/browser/", "tests/runs/")  # what waits for processes of its own


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """For ``-n 2``: a file stays in one worker, which makes its fixtures once; what is timed stays in the same one."""
    from xdist.scheduler import LoadFileScheduling

    class ByFile(LoadFileScheduling):
        def _split_scope(self, nodeid: str) -> str:
            file = nodeid.split("::")[0]
            return "timed" if file.startswith(TIMED) else file

    config.option.loadscopereorder = False  # in the order of the collection: see below
    return ByFile(config, log)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes longest in one piece comes first, the timed tests, then the pages: two workers then end together."""
    first = (*TIMED, "tests/ui/")
    items.sort(key=lambda item: -item.nodeid.startswith(TIMED) - item.nodeid.startswith(first))


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


def _changes() -> list[dict[str, object]]:
    """Every option of every field, with what it needs, and the values between."""
    options = [{field: name} for field, records in NET_OPTIONS.items() for name in records if field != "block"]
    switches = [{name: not NetSpec.model_fields[name].default} for name in catalog.SWITCHES]
    numbers = [{"survival": 0.5}, {"classes": 12}, {"stem_stride": 1}, {"stages": (1, 2, 1)}, {"depth": 10}]
    return [*options, *switches, *numbers]


def _net(block: str, changes: dict[str, object]) -> NetSpec:
    """The smallest net of that kind with those changes; what they need comes along, what cannot be is left out."""
    if "fixup" in changes:
        changes = {"norm": "none", **changes}
    if "stride_at" in changes and changes["stride_at"] != "3x3":
        changes = {**changes, "branch": "bottleneck"}
    if changes.get("family") == "imagenet":
        changes.pop("stages", None)
    net = NetSpec(block=block, depth=8, width=4)
    for field, value in changes.items():
        try:
            net = net.adapt(**{field: value})
        except SpecError:
            continue
    return net


SINGLES = list(dict.fromkeys(_net(block, dict(change)) for block in catalog.BLOCKS for change in _changes()))
_random = random.Random(0)
PAIRS = list(
    dict.fromkeys(
        _net(
            _random.choice([*catalog.BLOCKS, "residual"]), {**_random.choice(_changes()), **_random.choice(_changes())}
        )
        for _ in range(120)
    )
)


@pytest.fixture(params=SINGLES, ids=str)
def small_spec(request: pytest.FixtureRequest) -> NetSpec:
    """One small net for every option of the catalog."""
    spec: NetSpec = request.param
    return spec


@pytest.fixture(params=[net for net in PAIRS if net not in SINGLES], ids=str)
def paired_spec(request: pytest.FixtureRequest) -> NetSpec:
    """Small nets that depart from the default twice."""
    spec: NetSpec = request.param
    return spec
