"""``resnet fetch``: bring data sets and pretrained weights to this machine, as before a class; or say what is here."""

import argparse
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from resnet.commands.output import say
from resnet.interrupts import Interrupts

if TYPE_CHECKING:
    from resnet.files import Report


def add(commands: Any) -> None:
    fetch = commands.add_parser("fetch", help="fetch data sets and pretrained weights, or list them")
    fetch.add_argument("names", nargs="*", metavar="NAME", help="e.g. cifar10, resnet18, or a folder of RESNET_DATA")
    fetch.add_argument("--list", action="store_true", help="say what is here, and what there is")


def run(options: argparse.Namespace, _interrupts: Interrupts) -> int:
    """Status 0 when everything that was named is here."""
    from resnet.specs.base import SpecError, nearest, short

    known = dict(_known())
    for name in options.names:
        if name not in known:
            text = f"there is nothing called “{short(name)}”; known: {', '.join(known)}"
            raise SpecError(text + nearest(name, known))
    for name in options.names:
        with _bar(name) as report:
            known[name](report)
        say(f"{name} is here\n")
    if options.list or not options.names:
        say("".join(_lines()))
    return 0


def _known() -> "Iterator[tuple[str, Callable[[Report], object]]]":
    """What can be fetched or read, and how."""
    from functools import partial

    from resnet import catalog, pretrained
    from resnet.datasets import own, sources

    for name in sources.SOURCES:
        yield name, partial(_fetch_data, name)
    for name in catalog.host_folders():
        yield name, partial(own.read_folder, name)
    for depth in pretrained.SIZES:
        yield f"resnet{depth}", partial(pretrained.fetch_weights, depth)


def _fetch_data(name: str, report: "Report") -> None:
    """Fetch, and bring it into the form in which it is read."""
    from resnet.datasets import load_dataset, sources
    from resnet.files import DownloadError

    try:
        sources.fetch_files(name, report)
    except DownloadError as error:
        raise DownloadError(f"{error}. {sources.by_hand(name, '{url}')}") from error
    load_dataset(name)


def _lines() -> Iterator[str]:
    """One line each: name, size, whether it is here."""
    from resnet import catalog, pretrained
    from resnet.datasets import state

    for name, record in catalog.data_choices().items():
        yield _line(name, state(name) == "here", f"{record.megabytes} MB" if record.megabytes else "")
    here = pretrained.present()
    for depth, size in pretrained.SIZES.items():
        yield _line(f"resnet{depth}", depth in here, f"{size} MB")


def _line(name: str, here: bool, size: str) -> str:
    return f"{name:24} {size:>8}  {'is here' if here else 'not here'}\n"


@contextmanager
def _bar(name: str) -> "Iterator[Report]":
    """A progress bar, on a terminal only: bytes, or pictures of a folder."""
    from tqdm import tqdm

    pictures = name.startswith("folder-")
    with tqdm(desc=name, unit="" if pictures else "B", unit_scale=not pictures, disable=None) as bar:

        def report(done: int, total: int) -> None:
            bar.total = total or None
            bar.update(done - bar.n)

        yield report
