"""``record``: experiments are trained once, each run is written once, and what was written tells how it was made."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from safetensors import safe_open
from safetensors.numpy import save

from resnet.__main__ import main
from resnet.commands.recorded_runs import few
from resnet.experiments import EXPERIMENTS, Claim, Experiment, Number, Row
from resnet.runs.engine import Engine
from resnet.runs.store import Store
from resnet.runs.store.recordings import Recordings
from resnet.specs import NUMERICS, NetSpec, Recipe, run_id

WORDS = "steps=40&record_every=1"
TINY = {
    "demo": Experiment(
        "demo", "demo", "Demo", "?", (Row("plain-8"), Row("res-8")), "small", WORDS, seeds=2, weights=("plain-8",)
    ),
    "pair": Experiment(
        "pair",
        "2015",
        "Pair",
        "Which?",
        (Row("res-8", numbers=(Number(6.0, "ResNet-8", "paper"),)), Row("res-14", claim=Claim("below", "text"))),
        "small",
        WORDS,
        seeds=2,
        probes=("response_std",),
    ),
    "again": Experiment("again", "later", "Again", "?", (Row("res-8"),), "small", WORDS, seeds=2, weights=("res-8",)),
}


class Trainer(Engine):
    """An engine without workers: a run ends as soon as it is asked for, deeper nets lower; "plain-8" diverges."""

    asked: list[str]

    def start(self, after: float = 0.0) -> None:
        self.state, self.asked = "ready", []

    def close(self) -> None:
        self.state = "closed"
        self.store.close()

    def submit(self, net: NetSpec, recipe: Recipe, visitor: str, **_how: Any) -> str:
        run = run_id(net, recipe, self.device)
        self.asked.append(run)
        ran.append(run)
        assert self.store.claim(run, net, recipe, self.device, "trainer")
        layers = np.ones(net.depth, "<f4").tobytes()
        probes = dict.fromkeys(("gradient_norm", "output_gradient", "response_std", "gain"), layers)
        steps = [
            {"step": step, "loss": 8 / net.depth, "accuracy": 0.5, "lr": 0.1, "seconds": step / 10, "profiles": probes,
             "evaluation": (1.0, 0.5) if step == 40 else None}
            for step in range(41)
        ]  # fmt: skip
        self.store.record("trainer", [{"run": run, "kind": "started"}, {"run": run, "kind": "steps", "steps": steps}])
        diverged = str(net) == "plain-8" and recipe.seed == 1
        states = {40: save({"w": np.full((2, 3), net.depth, "f4")})}
        self.store.finish("trainer", run, "diverged" if diverged else "done", states=None if diverged else states)
        return run


ran: list[str] = []


@pytest.fixture(autouse=True)
def tiny(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    known = dict(EXPERIMENTS)
    EXPERIMENTS.clear()
    EXPERIMENTS.update(TINY)
    ran.clear()
    monkeypatch.setenv("RESNET_HOME", str(tmp_path / "home"))
    monkeypatch.setattr(Engine, "open", lambda: Trainer(Store(tmp_path / "home" / "runs.sqlite")))
    yield
    EXPERIMENTS.clear()
    EXPERIMENTS.update(known)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "recordings"


def test_every_run_stands_in_one_file_and_is_trained_once(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["record", "--to", str(folder)]) == 0
    assert len(ran) == len(set(ran)) == 6
    found = Recordings(folder).every()
    assert {name: [(str(run.net), run.recipe.seed) for run in runs] for name, runs in found.items()} == {
        "demo": [("plain-8", 0), ("res-8", 0), ("plain-8", 1), ("res-8", 1)],
        "pair": [("res-14", 0), ("res-14", 1)],
    }
    told = capsys.readouterr().out
    assert "   1/6 plain-8 seed 0 " in told
    assert "2 runs; others stand in demo\n" in told
    assert "again                0.00 MB  0 runs; others stand in demo\n" in told
    ran.clear()
    assert main(["record", "--to", str(folder)]) == 0  # also those that diverged
    assert ran == []


def test_few_profiles_are_kept_but_of_the_demo(folder: Path) -> None:
    main(["record", "--to", str(folder)])
    recordings = Recordings(folder)
    recipe = Recipe.parse(WORDS)
    demo, pair = run_id(NetSpec.parse("res-8"), recipe, "cpu"), run_id(NetSpec.parse("res-14"), recipe, "cpu")
    assert recordings.profiles(demo, "gain")[0].tolist() == list(range(41))
    assert recordings.profiles(demo, "response_std")[1].shape == (41, 8)
    assert recordings.profiles(pair, "gradient_norm")[0].tolist() == list(range(0, 41, 4))
    assert recordings.profiles(pair, "response_std")[1].shape == (11, 14)
    assert recordings.profiles(pair, "gain")[0].size == 0
    assert recordings.curves(pair).step.tolist() == list(range(41))


def test_weights_are_kept_where_an_experiment_asks_for_them_and_the_run_has_ended_well(folder: Path) -> None:
    main(["record", "--to", str(folder)])
    recordings = Recordings(folder)
    runs = [run for own in recordings.every().values() for run in own if recordings.has_state(run.id)]
    assert [(str(run.net), run.recipe.seed) for run in runs] == [("plain-8", 0), ("res-8", 0), ("res-8", 1)]


def test_what_was_recorded_is_listed_by_its_experiment_with_where_and_when(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    main(["record", "--to", str(folder)])
    monkeypatch.setenv("RESNET_RECORDINGS", str(folder))
    capsys.readouterr()
    assert main(["runs", "--recorded"]) == 0
    head, *lines, origin = capsys.readouterr().out.splitlines()
    assert head.split()[:3] == ["experiment", "id", "net"]
    cells = [line.split() for line in lines]
    assert [(row[0], row[2]) for row in cells] == [
        *[("demo", "plain-8"), ("demo", "res-8")] * 2,
        *[("pair", "res-14")] * 2,
    ]
    assert [row[4] for row in cells[:3]] == ["done", "done", "diverged"]
    assert [row[5] for row in cells[:2]] == ["1", "1"]
    assert origin.startswith("recorded: CPU")
    assert main(["runs", "--recorded", "--json", "--net", "res-14", "--limit", "1"]) == 0
    told = json.loads(capsys.readouterr().out.splitlines()[0])
    assert (told["net"], told["test_error"], told["origin"]) == ("res-14", 0.5, {"experiment": "pair"})
    assert told["loss"] == pytest.approx(8 / 14)
    assert told["recorded"] in origin
    assert 0 < told["bytes"] < (folder / "pair.safetensors").stat().st_size
    monkeypatch.setenv("RESNET_RECORDINGS", "no")
    assert main(["runs", "--recorded"]) == 0
    assert capsys.readouterr().out == "no recorded runs\n"


def test_a_file_tells_how_it_was_made(folder: Path) -> None:
    main(["record", "demo", "--to", str(folder), "--seeds", "1"])
    with safe_open(folder / "demo.safetensors", "numpy") as file:
        made = json.loads(file.metadata()["made"])
    assert made["numerics"] == NUMERICS
    assert made["data"] == {"shapes": 1}
    assert made["device"].startswith("CPU")
    assert all(made[name] for name in ("date", "python", "torch"))
    assert len(Recordings(folder).every()["demo"]) == 2


def test_a_file_that_others_need_is_named_where_it_is_missing(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["record", "pair", "--to", str(folder)]) == 0
    assert "others stand in demo (not recorded yet)" in capsys.readouterr().out


def test_files_that_are_too_large_are_no_success(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("resnet.commands.record.MOST_BYTES", 1_000)
    assert main(["record", "again", "--to", str(folder)]) == 0
    assert main(["record", "demo", "--to", str(folder)]) == 1
    assert "that is more than" in capsys.readouterr().err


def test_experiments_are_listed_and_unknown_ones_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["record", "--list"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[:2] for line in lines] == [["demo", "4"], ["pair", "4"], ["again", "2"]]
    assert main(["record", "nothing"]) == 2
    assert "there is no experiment “nothing”; there are demo, pair, again" in capsys.readouterr().err
    assert ran == []


def test_the_table_tells_what_was_measured_beside_the_paper(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["record", "--table", "pair", "--to", str(folder)]) == 0
    assert "not trained yet; against res-8 below in the paper" in capsys.readouterr().out
    main(["record", "--to", str(folder)])
    capsys.readouterr()
    for path in (Path(f"{folder.parent}/home/runs.sqlite"), None):  # from the store, then from the recordings alone
        assert main(["record", "--table", "pair", "--to", str(folder)]) == 0
        told = capsys.readouterr().out
        assert "## Pair" in told
        assert "| res-8 | 6.00 % (ResNet-8) | 1.00 (1.00–1.00), n = 2 | 4 | others are compared with it |" in told
        assert "agrees: against res-8 below in the paper, here below in 2 of 2" in told
        assert "res-14: below res-8 in 2 of 2 seeds." in told
        assert ran
        if path:
            path.unlink()


@pytest.mark.parametrize("count", [0, 1, 10, 11, 12, 41, 1000])
def test_few_are_at_most_eleven_with_both_ends(count: int) -> None:
    places = few(count).tolist()
    assert len(places) == min(count, 11)
    assert places[:1] == [0][:count]
    assert places[-1:] == [count - 1][:count]
