"""Where the files of a data set come from, and whether they are here."""

from dataclasses import dataclass
from functools import partial
from pathlib import Path

from resnet import catalog
from resnet.catalog import DataError
from resnet.files import Report, fetch, fits, home
from resnet.i18n import _


@dataclass(frozen=True)
class File:
    """A file of a data set: where its makers have it, its checksum as `files.fetch` takes it, its size in bytes."""

    url: str
    digest: str
    size: int

    @property
    def name(self) -> str:
        return self.url.rsplit("/", 1)[1]


_TORONTO = "https://www.cs.toronto.edu/~kriz/"
_FASHION = "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/"
_MNIST = "https://ossci-datasets.s3.amazonaws.com/mnist/"
_SVHN = "http://ufldl.stanford.edu/housenumbers/"

# Source: torchvision's records of MNIST, Fashion-MNIST and SVHN; the makers' page of CIFAR's binary versions, which,
# unlike the one for Python, can be read without running anything that they contain.
SOURCES: dict[str, tuple[File, ...]] = {
    "cifar10": (
        File(
            f"{_TORONTO}cifar-10-binary.tar.gz",
            "sha256:c4a38c50a1bc5f3a1c5537f2155ab9d68f9f25eb1ed8d9ddda3db29a59bca1dd",
            170_052_171,
        ),
    ),
    "cifar100": (
        File(
            f"{_TORONTO}cifar-100-binary.tar.gz",
            "sha256:58a81ae192c23a4be8b1804d68e518ed807d710a4eb253b1f2a199162a40d8ec",
            168_513_733,
        ),
    ),
    "fashion": (
        File(f"{_FASHION}train-images-idx3-ubyte.gz", "md5:8d4fb7e6c68d591d4c3dfef9ec88bf0d", 26_421_880),
        File(f"{_FASHION}train-labels-idx1-ubyte.gz", "md5:25c81989df183df01b3e8a0aad5dffbe", 29_515),
        File(f"{_FASHION}t10k-images-idx3-ubyte.gz", "md5:bef4ecab320f06d8554ea6380940ec79", 4_422_102),
        File(f"{_FASHION}t10k-labels-idx1-ubyte.gz", "md5:bb300cfdad3c16e7a12a480ee83cd310", 5_148),
    ),
    "mnist": (
        File(f"{_MNIST}train-images-idx3-ubyte.gz", "md5:f68b3c2dcbeaaa9fbdd348bbdeb94873", 9_912_422),
        File(f"{_MNIST}train-labels-idx1-ubyte.gz", "md5:d53e105ee54ea40749a09fcbcd1e9432", 28_881),
        File(f"{_MNIST}t10k-images-idx3-ubyte.gz", "md5:9fb629c4189551a2d022fa330f9573f3", 1_648_877),
        File(f"{_MNIST}t10k-labels-idx1-ubyte.gz", "md5:ec29112dd5afa0611ce80d1b7f02629c", 4_542),
    ),
    "svhn": (
        File(f"{_SVHN}train_32x32.mat", "md5:e26dedcc434d2e4c54c9b2d4a06d8373", 182_040_794),
        File(f"{_SVHN}test_32x32.mat", "md5:eb5a983be6a315427106f1b164d9cef3", 64_275_384),
    ),
}


def folder(name: str) -> Path:
    """Where the fetched files of a data set lie; whoever has no network puts them there by hand."""
    return home() / "files" / name


def missing(name: str) -> list[File]:
    """The files that are not here, or only in part."""
    return [file for file in SOURCES.get(name, ()) if not _whole(folder(name) / file.name, file)]


def paths(name: str) -> list[Path]:
    """The files, checked. Raises DataError for one that is missing or another one than its makers'."""
    if missing(name):
        raise DataError(not_here(name))
    found = []
    for file in SOURCES[name]:
        path = folder(name) / file.name
        if not fits(path, file.digest):
            raise DataError(damaged(path))
        found.append(path)
    return found


def fetch_files(name: str, report: Report = lambda done, size: None) -> None:
    """Fetch what is missing; `report` counts over all files. Raises DownloadError."""
    done, total = 0, sum(file.size for file in SOURCES[name])
    for file in SOURCES[name]:
        path = folder(name) / file.name
        if path.exists() and not fits(path, file.digest):
            path.unlink()  # a half file: `fetch` keeps what is there
        fetch(file.url, path, file.digest, partial(_report_from, report, done, total))
        done += file.size
        report(done, total)


def _report_from(report: Report, before: int, total: int, done: int, _size: int) -> None:
    report(before + done, total)


def not_here(name: str) -> str:
    """What to do about a data set that has to be fetched: by the app, by the command line, or by hand."""
    record = catalog.data_choice(name)
    places = {"data": _(record.label), "size": record.megabytes}
    places["command"] = f"python -m resnet fetch {name}"
    return _("{data} is not on this computer yet ({size} MB): fetch it on the Data page, or by “{command}”", **places)


def by_hand(name: str, link: str = "[{name}]({url})") -> str:
    """How to bring the missing files to a computer without a network; in Markdown, or as `link` says."""
    links = [(link.format(name=file.name, url=file.url), _size_of(file)) for file in missing(name)]
    files = ", ".join(f"{where} ({size})" for where, size in links)
    return _("Without a network: put {files} into the folder {folder}.", files=files, folder=folder(name))


def damaged(path: Path) -> str:
    return _("the file {file} in {folder} is damaged: fetch it again", file=path.name, folder=path.parent)


def _size_of(file: File) -> str:
    return _("{size:,} bytes", size=file.size)


def _whole(path: Path, file: File) -> bool:
    """By its size, which is quick; `paths` looks at the checksum too."""
    try:
        return path.stat().st_size == file.size or fits(path, file.digest)
    except OSError:
        return False
