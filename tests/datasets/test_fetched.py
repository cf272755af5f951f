"""Data sets that are fetched, in their makers' formats, from a server on the loopback interface."""

import hashlib
import shutil
import threading

import numpy as np
import pytest

from resnet import catalog, datasets
from resnet.catalog import DataError
from resnet.datasets import load_dataset, sources
from resnet.files import DownloadError
from tests.datasets.makers import MADE, drawn, mat, serving

NAMES = [record.name for record in catalog.DATASETS.values() if record.megabytes]


@pytest.fixture
def server(tmp_path, monkeypatch):
    monkeypatch.setenv("RESNET_HOME", str(tmp_path / "home"))
    with serving() as found:
        monkeypatch.setattr(sources, "SOURCES", {name: found.sources(name) for name in NAMES})
        datasets._load.cache_clear()
        yield found
        datasets._load.cache_clear()


def test_every_data_set_with_a_size_has_sources_of_that_size_and_no_other():
    assert sources.SOURCES.keys() == set(NAMES) == MADE.keys()
    for name in NAMES:
        size = sum(file.size for file in sources.SOURCES[name])
        assert abs(size / 1e6 - catalog.DATASETS[name].megabytes) < 0.6
        assert all(file.digest.startswith(("md5:", "sha256:")) for file in sources.SOURCES[name])


@pytest.mark.parametrize("name", NAMES)
def test_its_makers_files_are_fetched_and_read_as_they_are(name, server):
    assert datasets.state(name) == "absent"
    told = []
    sources.fetch_files(name, lambda done, total: told.append((done, total)))
    assert told == sorted(told)
    assert told[-1][0] == told[-1][1] == sum(file.size for file in sources.SOURCES[name])
    assert datasets.state(name) == "here"
    data, record = load_dataset(name), catalog.DATASETS[name]
    assert data.classes == record.classes
    for split, (images, labels) in ((data.train, MADE[name][1]), (data.test, MADE[name][2])):
        assert split.images.shape[1:] == record.shape
        assert split.labels.tolist() == labels.tolist()
        if record.shape[0] == 1:  # 28x28 in a black frame
            assert np.array_equal(split.images[:, 0, 2:-2, 2:-2], images)
            assert split.images.sum(dtype=np.int64) == images.sum(dtype=np.int64)
        else:
            assert np.array_equal(split.images, images)
    sources.fetch_files(name)
    assert set(server.asked.values()) == {1}


def test_the_seed_changes_nothing_in_a_published_split(server):
    sources.fetch_files("mnist")
    assert load_dataset("mnist", seed=3) is load_dataset("mnist")


def test_once_read_the_fetched_files_are_not_needed(server):
    sources.fetch_files("svhn")
    load_dataset("svhn")
    datasets._load.cache_clear()
    shutil.rmtree(sources.folder("svhn"))
    assert datasets.state("svhn") == "here"
    assert len(load_dataset("svhn").train.labels) == 40


def _spoil(server, name, file, content):
    server.contents[f"/{name}/{file}"] = content


@pytest.mark.parametrize(
    ("content", "cut", "sentence"),
    [
        (b"\n<!doctype html><html>please log in", 0, "a web page came instead of the file"),
        (b"other bytes", 0, "the fetched file is damaged: its checksum is wrong; try again"),
        (MADE["cifar10"][0]["cifar-10-binary.tar.gz"][:500], 500, "only a part of the file came"),
    ],
    ids=["page", "checksum", "half"],
)
def test_what_is_no_such_file_is_said_and_not_kept(server, content, cut, sentence):
    _spoil(server, "cifar10", "cifar-10-binary.tar.gz", content)
    server.cut = cut
    with pytest.raises(DownloadError, match=sentence):
        sources.fetch_files("cifar10")
    assert datasets.state("cifar10") == "absent"
    assert list(sources.folder("cifar10").iterdir()) == []


def test_no_server_is_one_sentence_and_says_nothing_about_the_other_data_sets(server, monkeypatch):
    nowhere = tuple(
        sources.File(f"http://127.0.0.1:9/{file.name}", file.digest, file.size) for file in sources.SOURCES["mnist"]
    )
    monkeypatch.setitem(sources.SOURCES, "mnist", nowhere)
    with pytest.raises(DownloadError, match="this computer has no way to its server"):
        sources.fetch_files("mnist")


def test_what_is_not_here_is_refused_with_what_to_do(server):
    sentence = "MNIST is not on this computer yet \\(12 MB\\): fetch it on the Data page, or by “python -m resnet fetch"
    for ask in (datasets.require_here, load_dataset):
        with pytest.raises(DataError, match=sentence):
            ask("mnist")
    datasets.require_here("digits")


def test_by_hand_says_file_size_and_folder(server):
    text, file = sources.by_hand("mnist"), sources.SOURCES["mnist"][0]
    assert f"[{file.name}]({file.url}) ({file.size:,} bytes)" in text
    assert str(sources.folder("mnist")) in text


def test_a_half_file_put_there_by_hand_is_not_taken_for_the_data_and_fetched_again(server):
    file = sources.SOURCES["svhn"][0]
    sources.folder("svhn").mkdir(parents=True)
    (sources.folder("svhn") / file.name).write_bytes(server.contents[f"/svhn/{file.name}"][:100])
    assert datasets.state("svhn") == "absent"
    sources.fetch_files("svhn")
    assert len(load_dataset("svhn").test.labels) == 20


def test_a_file_of_the_right_size_with_another_content_is_named(server):
    sources.fetch_files("svhn")
    path = sources.folder("svhn") / sources.SOURCES["svhn"][0].name
    other = mat(*drawn(40, 10, 3, 32, 32))
    assert len(other) == path.stat().st_size
    path.write_bytes(other)
    with pytest.raises(DataError, match=r"the file train_32x32.mat in .* is damaged: fetch it again"):
        load_dataset("svhn")


def test_files_with_the_right_checksum_and_no_such_content_are_named(server, monkeypatch):
    for name, broken in (("cifar10", b"no archive"), ("mnist", b"no gzip"), ("svhn", b"no matrix")):
        files = tuple(
            sources.File(file.url, "sha256:" + hashlib.sha256(broken).hexdigest(), len(broken))
            for file in sources.SOURCES[name]
        )
        monkeypatch.setitem(sources.SOURCES, name, files)
        sources.folder(name).mkdir(parents=True)
        for file in files:
            (sources.folder(name) / file.name).write_bytes(broken)
        with pytest.raises(DataError, match="is damaged: fetch it again"):
            load_dataset(name)


def test_files_in_a_folder_that_cannot_be_written_serve(server, monkeypatch):
    sources.fetch_files("mnist")
    monkeypatch.setattr("resnet.files._lock", None)  # root may write anywhere: nothing that writes may be needed
    monkeypatch.setattr("resnet.datasets.cache.os.replace", _refuse)
    server.asked.clear()
    sources.fetch_files("mnist")
    assert len(load_dataset("mnist").train.labels) == 50
    assert not server.asked


def _refuse(*_arguments):
    raise PermissionError("read-only")


def test_two_visitors_at_once_fetch_it_once(server):
    together, failed = threading.Barrier(2), []

    def visit():
        try:
            together.wait()
            sources.fetch_files("fashion")
        except Exception as error:
            failed.append(error)

    threads = [threading.Thread(target=visit) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failed
    assert set(server.asked.values()) == {1}
    assert len(load_dataset("fashion").train.labels) == 50
