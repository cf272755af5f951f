"""``fetch``: data sets, pretrained weights and folders of the host are brought before a class."""

import hashlib
import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

from resnet import datasets, pretrained
from resnet.__main__ import main
from resnet.datasets import sources
from tests.datasets.makers import Server, serving

WEIGHTS = b"as torchvision wrote it" * 1_000


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    """An empty home, and a server with MNIST and the weights of a net."""
    monkeypatch.setenv("RESNET_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("TORCH_HOME", str(tmp_path / "torch"))
    monkeypatch.setattr(pretrained, "CHECKSUMS", {18: hashlib.sha256(WEIGHTS).hexdigest()[:8]})
    monkeypatch.setattr(pretrained, "SIZES", {18: 47})
    with serving() as found:
        found.contents["/weights.pth"] = WEIGHTS
        monkeypatch.setattr(pretrained, "url", lambda depth: f"{found.address}/weights.pth")
        monkeypatch.setattr(sources, "SOURCES", {"mnist": found.sources("mnist")})
        datasets.forget()
        yield found
        datasets.forget()


def test_what_is_named_is_fetched_and_said_to_be_here(server: Server, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["fetch", "mnist", "resnet18"]) == 0
    assert capsys.readouterr().out.splitlines()[:2] == ["mnist is here", "resnet18 is here"]
    assert datasets.state("mnist") == "here"
    assert pretrained.path(18).read_bytes() == WEIGHTS
    assert pretrained.present() == [18]


def test_the_list_says_what_is_here(server: Server, capsys: pytest.CaptureFixture[str]) -> None:
    for _time in range(2):
        assert main(["fetch", "--list"]) == 0
        lines = [line.split(None, 1) for line in capsys.readouterr().out.splitlines()]
        here = {name for name, rest in lines if rest.endswith("is here")}
        missing = {name for name, rest in lines if rest.endswith("not here")}
        assert here >= {"shapes", "digits"}
        assert ("mnist" in here) == ("resnet18" in here) == bool(_time)
        assert ("mnist" in missing) == (not _time)
        assert main(["fetch", "mnist", "resnet18"]) == 0
        capsys.readouterr()


def test_without_a_network_it_says_file_size_and_folder(server: Server, capsys: pytest.CaptureFixture[str]) -> None:
    file = sources.SOURCES["mnist"][0]
    gone = sources.File(f"http://127.0.0.1:9/{file.name}", file.digest, file.size)
    sources.SOURCES["mnist"] = (gone,)
    assert main(["fetch", "mnist"]) == 2
    said = capsys.readouterr().err
    assert "this computer has no way to its server. Without a network: put " in said
    assert f"{gone.url} ({gone.size:,} bytes) into the folder {sources.folder('mnist')}." in said


def test_an_unknown_name_is_refused_with_the_nearest(server: Server, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["fetch", "mnst"]) == 2
    assert "there is nothing called “mnst”; known: mnist, resnet18; try mnist" in capsys.readouterr().err
    assert not server.asked


def test_a_folder_of_the_host_is_read_again(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("RESNET_DATA", str(tmp_path / "host"))
    for name in ("a", "b"):
        for number in range(2):
            path = tmp_path / "host" / "mine" / name / f"{number}.png"
            path.parent.mkdir(parents=True, exist_ok=True)
            content = io.BytesIO()
            Image.new("L", (20, 20), number).save(content, "PNG")
            path.write_bytes(content.getvalue())
    assert main(["fetch", "folder-mine"]) == 0
    assert datasets.state("folder-mine") == "here"
    path.with_name("5.png").write_bytes(path.read_bytes())
    assert main(["fetch", "folder-mine"]) == 0
    datasets.forget()
    assert len(datasets.load_dataset("folder-mine").train.labels) == 3


def test_weights_in_the_folder_of_torchs_hub_are_read_from_there(server: Server, tmp_path: Path) -> None:
    hub = tmp_path / "torch" / "hub" / "checkpoints" / "weights.pth"
    hub.parent.mkdir(parents=True)
    hub.write_bytes(WEIGHTS[:100])
    assert pretrained.present() == []  # a half file there is none of ours, and stays
    own = pretrained.fetch_weights(18)
    assert (pretrained.path(18), hub.stat().st_size) == (own, 100)
    own.unlink()
    server.asked.clear()
    hub.write_bytes(WEIGHTS)
    assert pretrained.path(18) == hub
    assert pretrained.fetch_weights(18) == hub
    assert not server.asked
