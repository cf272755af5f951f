"""Runs that leave one home and come back in another: the same numbers, or one sentence and nothing at all."""

import hashlib
import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from safetensors.numpy import save

from resnet import datasets
from resnet.datasets import own
from resnet.datasets.listing import list_pictures
from resnet.export import tables
from resnet.export.archive import Reader, Writer
from resnet.export.manifest import ArchiveError
from resnet.runs.store import Store, bringing, listing
from tests.runs.recorded import recorded, step


@pytest.fixture
def here(tmp_path: Path) -> Store:
    return Store(tmp_path / "here" / "runs.sqlite")


@pytest.fixture
def there(tmp_path: Path) -> Store:
    return Store(tmp_path / "there" / "runs.sqlite")


def packed(store: Store, path: Path) -> Path:
    writer = Writer(path)
    for line in listing.listed(store):
        run = line.run.id
        writer.add_run(bringing.words(line), bringing.numbers(store, run), bringing.states(store, run))
    writer.add("readme.txt", ["words"])
    writer.close("1.2.3", 1_700_000_000.0)
    return path


def brought(store: Store, path: Path) -> bringing.Result:
    reader = Reader(path)
    try:
        return bringing.bring(store, reader)
    finally:
        reader.close()


def content(store: Store, run: str) -> dict[str, Any]:
    """Everything that is known of a run, but who trained it."""
    with store._database.reading() as connection:
        found: dict[str, Any] = {
            table: connection.execute(f"SELECT * FROM {table} WHERE run = ? ORDER BY 2, 3", [run]).fetchall()
            for table in ("steps", "evaluations", "profiles", "states")
        }
        columns = "id, net, recipe, device, status, message, created, started, finished, step, seconds, label"
        found["run"] = connection.execute(f"SELECT {columns} FROM runs WHERE id = ?", [run]).fetchone()
    return found


def test_runs_come_back_on_another_machine_as_they_were(here: Store, there: Store, tmp_path: Path) -> None:
    runs = [recorded(here), recorded(here, "plain-14", device="cuda", lr=0.01)]
    with here._database.writing() as connection:  # every number that a run can have
        connection.execute("UPDATE steps SET loss = NULL WHERE step = 7")
        connection.execute("UPDATE steps SET loss = 1 / 3.0, lr = 9e999 WHERE step = 8")
    listing.rename(here, runs[0], "mine")
    result = brought(there, packed(here, tmp_path / "runs.zip"))
    assert sorted(result.new) == sorted(runs)
    assert not result.known
    for run in runs:
        assert content(there, run) == content(here, run)
        assert len(there.kept_steps(run)) == 2
    assert there.profiles(runs[0], "gradient_norm")[1].shape == (3, 3)
    assert {line.origin["app"] for line in listing.listed(there)} == {"1.2.3"}


def test_a_run_that_ended_early_says_why_there_too(here: Store, there: Store, tmp_path: Path) -> None:
    run = recorded(here, status="running")
    here.finish("test", run, "diverged", "Diverged at step {step}: the loss is not a finite number.", {"step": 12})
    brought(there, packed(here, tmp_path / "runs.zip"))
    assert (
        there.runs([run])[run].sentence
        == here.runs([run])[run].sentence
        == ("Diverged at step 12: the loss is not a finite number.")
    )


def test_a_run_that_exists_here_stays_as_it_is(here: Store, there: Store, tmp_path: Path) -> None:
    run, other = recorded(here, loss=0.5), recorded(here, seed=1)
    assert recorded(there, loss=0.1) == run
    before = content(there, run)
    result = brought(there, packed(here, tmp_path / "runs.zip"))
    assert (result.new, result.known) == ([other], [run])
    assert content(there, run) == before


def test_a_run_on_pictures_that_are_not_here_stays_out_and_the_others_come(
    here: Store, there: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RESNET_HOME", str(tmp_path / "first"))
    pictures = list_pictures({f"{name}/{number}.png": 100 for name in "ab" for number in range(4)}, [])
    data = own.prepare("pets", pictures, _png)
    private, public = recorded(here, data=data), recorded(here, data="digits")
    file = packed(here, tmp_path / "runs.zip")
    monkeypatch.setenv("RESNET_HOME", str(tmp_path / "second"))
    datasets.forget()
    for _again in range(2):
        result = brought(there, file)
        assert result.absent == [private]
        assert result.new + result.known == [public]
    monkeypatch.setenv("RESNET_HOME", str(tmp_path / "first"))
    datasets.forget()
    assert brought(there, file).new == [private]


def _png(path: str) -> bytes:
    content = io.BytesIO()
    Image.new("RGB", (40, 40), (ord(path[0]), int(path[2]), 0)).save(content, "PNG")
    return content.getvalue()


def test_a_run_that_was_deleted_here_may_come_back(here: Store, there: Store, tmp_path: Path) -> None:
    run = recorded(here)
    path = packed(here, tmp_path / "runs.zip")
    listing.delete(here, [run])
    assert brought(here, path).new == [run]
    brought(there, path)
    assert content(here, run) == content(there, run)


Change = Callable[[dict[str, Any], dict[str, bytes]], None]


def changed(path: Path, change: Change) -> Path:
    """The file with another manifest and other files; sizes and checksums are right again where they are of a file."""
    with zipfile.ZipFile(path) as source:
        files = {name: source.read(name) for name in source.namelist()}
    manifest = json.loads(files.pop("manifest.json"))
    change(manifest, files)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as target:
        for name, own in {**files, "manifest.json": json.dumps(manifest).encode()}.items():
            target.writestr(name, own)
    return path


def numbers_of(manifest: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = manifest["runs"][0]["numbers"]
    return found


def put(manifest: dict[str, Any], files: dict[str, bytes], own: bytes, which: str = "numbers") -> None:
    """Other bytes for a file of the first run, as somebody who knows the format would make them."""
    record = manifest["runs"][0]["numbers"] if which == "numbers" else manifest["runs"][0]["states"][which]
    files[record["name"]] = own
    record |= {"size": len(own), "sha256": hashlib.sha256(own).hexdigest()}


def other_net(manifest: dict[str, Any], files: dict[str, bytes]) -> None:
    manifest["runs"][0]["net"]["depth"] = 14


def deep_net(manifest: dict[str, Any], files: dict[str, bytes]) -> None:
    manifest["runs"][0]["net"]["depth"] = 99_998


def more_steps(manifest: dict[str, Any], files: dict[str, bytes]) -> None:
    manifest["runs"][0]["step"] = 31


def climbs_out(manifest: dict[str, Any], files: dict[str, bytes]) -> None:
    name = "../../etc/numbers.safetensors"
    files[name] = files.pop(numbers_of(manifest)["name"])
    numbers_of(manifest)["name"] = name


def flipped(manifest: dict[str, Any], files: dict[str, bytes]) -> None:
    name = numbers_of(manifest)["name"]
    files[name] = files[name][:-1] + bytes([files[name][-1] ^ 1])


def flipped_weights(manifest: dict[str, Any], files: dict[str, bytes]) -> None:
    name = manifest["runs"][0]["states"]["30"]["name"]
    files[name] = files[name][:-1] + bytes([files[name][-1] ^ 1])


def missing(manifest: dict[str, Any], files: dict[str, bytes]) -> None:
    del files[numbers_of(manifest)["name"]]


def pickled(manifest: dict[str, Any], files: dict[str, bytes]) -> None:
    put(manifest, files, b"\x80\x04cos\nsystem\n(S'echo'\ntR.", "30")


def cut_weights(manifest: dict[str, Any], files: dict[str, bytes]) -> None:
    put(manifest, files, save({"w": np.zeros(9, "f4")})[:-4], "30")


def weights_of_another(manifest: dict[str, Any], files: dict[str, bytes]) -> None:
    put(manifest, files, save({"w": np.zeros(2, "f4")}, {"net": '{"block": "plain"}'}), "30")


def bomb(manifest: dict[str, Any], files: dict[str, bytes]) -> None:
    put(manifest, files, bytes(20 * 2**20))


def short_lie(manifest: dict[str, Any], files: dict[str, bytes]) -> None:
    numbers_of(manifest)["size"] = 10


def wrong_order(manifest: dict[str, Any], files: dict[str, bytes]) -> None:
    put(manifest, files, save({"steps": np.array([[30.0] * 5, [1.0] * 5]), "tests": np.zeros((0, 3))}))


def unknown_probe(manifest: dict[str, Any], files: dict[str, bytes]) -> None:
    steps, values = np.array([30]), np.zeros((1, 2), "f4")
    rows = {"steps": np.full((1, 5), 30.0), "tests": np.zeros((0, 3)), "soul/steps": steps, "soul/values": values}
    put(manifest, files, save(rows))


def newer(manifest: dict[str, Any], files: dict[str, bytes]) -> None:
    manifest["version"] = 2


def at_work(manifest: dict[str, Any], files: dict[str, bytes]) -> None:
    manifest["runs"][0]["status"] = "running"


def twice(manifest: dict[str, Any], files: dict[str, bytes]) -> None:
    manifest["runs"].append(manifest["runs"][0])


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (other_net, "is not the run of its net, recipe and device"),
        (deep_net, "cannot be used here: .*depth"),
        (more_steps, "has more steps than its recipe"),
        (climbs_out, "names “../../etc/numbers.safetensors”, which is no file of a run"),
        (flipped, "numbers.safetensors” is damaged: its checksum is wrong"),
        (flipped_weights, "weights-30.safetensors” is damaged: its checksum is wrong"),
        (missing, "is missing in the file"),
        (pickled, "the weights of run .* are no safetensors"),
        (cut_weights, "the weights of run .* are no safetensors"),
        (weights_of_another, "are those of another net"),
        (bomb, "would be larger than it may be"),
        (short_lie, "would be larger than it may be"),
        (wrong_order, "not in the order of its steps"),
        (unknown_probe, "measured something that this version does not know"),
        (newer, "has format 2, this version reads 1; update"),
        (at_work, "cannot be read: runs › 0 › status"),
        (twice, "names a run twice"),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_a_file_with_a_fault_is_refused_in_one_sentence_and_brings_nothing(
    change: Change, said: str, here: Store, there: Store, tmp_path: Path
) -> None:
    recorded(here)
    recorded(here, seed=1)
    path = changed(packed(here, tmp_path / "runs.zip"), change)
    with pytest.raises(ArchiveError, match=said):
        brought(there, path)
    assert not listing.listed(there)


@pytest.mark.parametrize("own", [b"", b"no zip", b"PK\x03\x04" + bytes(100)])
def test_what_is_no_zip_is_refused(own: bytes, tmp_path: Path) -> None:
    path = tmp_path / "runs.zip"
    path.write_bytes(own)
    with pytest.raises(ArchiveError, match="is no zip, is damaged or needs a password"):
        Reader(path)


def test_a_zip_of_something_else_is_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "other.zip", "w") as other:
        other.writestr("picture.png", b"")
    with pytest.raises(ArchiveError, match=r"no file of runs: it has no manifest\.json"):
        Reader(tmp_path / "other.zip")


def test_a_file_cut_in_the_middle_is_refused(here: Store, tmp_path: Path) -> None:
    recorded(here)
    path = packed(here, tmp_path / "runs.zip")
    path.write_bytes(path.read_bytes()[:-400])
    with pytest.raises(ArchiveError, match="is no zip"):
        Reader(path)


def test_more_than_may_be_brought_is_refused(here: Store, tmp_path: Path) -> None:
    recorded(here)
    with pytest.raises(ArchiveError, match="at most 0 MB are brought here"):
        Reader(packed(here, tmp_path / "runs.zip"), most=1_000)


def test_a_message_from_outside_fills_in_nothing(here: Store, there: Store, tmp_path: Path) -> None:
    run = recorded(here, status="failed")

    def told(manifest: dict[str, Any], files: dict[str, bytes]) -> None:
        manifest["runs"][0]["message"] = "It ended {0.__class__}.\n\x1b[31m"

    brought(there, changed(packed(here, tmp_path / "runs.zip"), told))
    assert there.runs([run])[run].sentence == "It ended 0.__class__.[31m"


def test_the_same_runs_give_the_same_file(here: Store, tmp_path: Path) -> None:
    recorded(here)
    assert packed(here, tmp_path / "one.zip").read_bytes() == packed(here, tmp_path / "other.zip").read_bytes()


def test_which_updates_were_clipped_comes_along_and_is_no_layer(here: Store, there: Store, tmp_path: Path) -> None:
    run = recorded(here, status="running", clip=0.5)
    flags = [{**step(number, 0.5), "profiles": {"clipped": np.float32([number % 2]).tobytes()}} for number in (29, 30)]
    here.record("test", [{"run": run, "kind": "steps", "steps": flags}])
    here.finish("test", run, "done", states={})
    brought(there, packed(here, tmp_path / "runs.zip"))
    steps, values = there.profiles(run, "clipped")
    assert (steps.tolist(), values.tolist()) == ([29, 30], [[1.0], [0.0]])
    layers = tables.layers(tables.Recorded(run, "", "res-8", 0, bringing.numbers(there, run)))
    assert {probe for part in layers for probe in part["probe"]} == {"gradient_norm", "dead_units"}
