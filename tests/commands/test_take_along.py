"""``runs``, ``export`` and ``import``: what one home holds is listed, put into a file, and comes back in another."""

import json
from pathlib import Path

import pytest

from resnet.__main__ import main
from resnet.runs.store import Store, listing
from tests.runs.recorded import recorded


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    monkeypatch.setenv("RESNET_HOME", str(tmp_path / "here"))
    return Store(tmp_path / "here" / "runs.sqlite")


def test_runs_are_listed_newest_first_with_what_the_list_says(here: Store, capsys: pytest.CaptureFixture[str]) -> None:
    old, new = recorded(here, lr=0.01), recorded(here, "plain-14", status="stopped", data="digits")
    listing.rename(here, old, "mine")
    assert main(["runs"]) == 0
    head, *lines = capsys.readouterr().out.splitlines()
    assert head.split() == ["id", "net", "recipe", "status", "loss", "error", "%", "seconds", "device", "when", "MB"]
    assert [line.split()[0] for line in lines] == [new, old]
    assert "res-8 (mine)  steps=30&lr=0.01" in lines[1]
    assert " 25.0 " in lines[1]


def test_json_has_a_line_for_each_run_in_plain_values(here: Store, capsys: pytest.CaptureFixture[str]) -> None:
    run = recorded(here, loss=0.5)
    assert main(["runs", "--json"]) == 0
    (line,) = map(json.loads, capsys.readouterr().out.splitlines())
    assert line["id"] == run
    assert line["recipe"] == {"steps": "30"}
    assert line["test_error"] == 0.25
    assert line["loss"] == pytest.approx(here.curves(run).loss[-20:].mean())


@pytest.mark.parametrize(
    ("words", "found"),
    [
        (["--net", "plain"], {"plain-14"}),
        (["--net", "MINE"], {"res-8"}),
        (["--data", "digits"], {"plain-14"}),
        (["--status", "done"], {"res-8"}),
        (["--status", "done", "--data", "digits"], set()),
        (["--limit", "1"], {"plain-14"}),
        (["--limit", "0"], {"plain-14", "res-8"}),
    ],
)
def test_filters_narrow_the_list(
    words: list[str], found: set[str], here: Store, capsys: pytest.CaptureFixture[str]
) -> None:
    listing.rename(here, recorded(here), "mine")
    recorded(here, "plain-14", status="stopped", data="digits")
    assert main(["runs", "--json", *words]) == 0
    assert {json.loads(line)["net"] for line in capsys.readouterr().out.splitlines()} == found
    main(["runs", *words])
    told = capsys.readouterr().out
    assert ("1 more; --limit 0 shows all" in told) is (words == ["--limit", "1"])
    assert ("no runs" in told) is (not found)


def test_an_exported_run_is_imported_in_a_fresh_home(
    here: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    runs, file = [recorded(here), recorded(here, seed=1)], tmp_path / "runs.zip"
    assert main(["export", runs[0][:6], runs[1], "--to", str(file)]) == 0
    monkeypatch.setenv("RESNET_HOME", str(tmp_path / "there"))
    assert main(["import", str(file)]) == 0
    assert main(["import", str(file)]) == 0
    told = capsys.readouterr().out
    there = Store(tmp_path / "there" / "runs.sqlite")
    for run in runs:
        assert f"{run}  new\n" in told
        assert f"{run}  here already, left as it is\n" in told
        assert there.state(run) == here.state(run)
        assert (there.curves(run).loss == here.curves(run).loss).all()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["export", "nothing", "--to", "{file}"], "there is no run “nothing”; `resnet runs` lists them"),
        (["export", "res-8", "--to", "{there}"], "is there already; --force writes over it"),
        (["export", "res-8", "--to", "{missing}"], "cannot be written: No such file or directory"),
        (["export", "plain-8", "--to", "{file}"], "none of these runs has ended"),
        (["import", "{missing}"], "there is no file"),
        (["import", "{there}"], "the file is no zip, is damaged or needs a password"),
    ],
)
def test_what_cannot_be_done_is_one_line(
    words: list[str], said: str, here: Store, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    recorded(here)
    recorded(here, "plain-8", status="running")
    (tmp_path / "there.zip").write_text("mine")
    places = {"file": tmp_path / "runs.zip", "there": tmp_path / "there.zip", "missing": tmp_path / "no" / "runs.zip"}
    assert main([word.format(**places) for word in words]) == 2
    told = capsys.readouterr()
    assert not told.out
    assert told.err.startswith("resnet: ")
    assert said in told.err
    assert told.err.count("\n") == 1
    assert (tmp_path / "there.zip").read_text() == "mine"
    assert not list(tmp_path.glob("**/*.part"))
