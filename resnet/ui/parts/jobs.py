"""What the server does for data sets while pages go on: fetch files, read folders and archives; with its progress."""

import os
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from html import escape

import streamlit as st

from resnet import datasets, i18n
from resnet.catalog import DataError
from resnet.datasets import own, sources
from resnet.datasets.archive import open_archive
from resnet.datasets.listing import list_pictures
from resnet.errors import UserError
from resnet.files import Report
from resnet.i18n import _
from resnet.runs.tasks import data as tasks
from resnet.specs.limits import LIMITS
from resnet.ui.parts import backend, panels

AT_ONCE = 2  # jobs of all visitors together; others wait
ARCHIVE, ARCHIVES = "archive-", 4  # how their keys begin, and how many may wait
MOST = 200  # of which something is remembered
_workers = ThreadPoolExecutor(AT_ONCE, "resnet-data")


@dataclass
class Job:
    """`done` of `total`, in bytes or pictures; at its end a `result`, or a sentence about what went wrong."""

    in_bytes: bool
    done: int = 0
    total: int = 0
    ended: bool = False
    result: str = ""
    error: str = ""


_jobs: dict[str, Job] = {}
_lock = threading.Lock()


def allowed() -> bool:
    """Whether the host lets visitors fetch files."""
    return os.environ.get("RESNET_FETCH", "").strip().lower() not in ("no", "0", "false", "off")


def of(key: str) -> Job | None:
    """The job of that name, at work or the last one that ended."""
    with _lock:
        return _jobs.get(key)


def at_work(key: str) -> bool:
    """Whether it goes on."""
    job = of(key)
    return job is not None and not job.ended


def forget(key: str) -> None:
    """What came of it is known."""
    with _lock:
        _jobs.pop(key, None)


def start(key: str, work: Callable[[Report], str], in_bytes: bool = False) -> None:
    """Do it once, however many ask; `work` gets a place to report to and returns the result."""
    with _lock:
        if key in _jobs and not _jobs[key].ended:
            return
        while len(_jobs) >= MOST and (over := next((name for name, job in _jobs.items() if job.ended), None)):
            del _jobs[over]
        job = _jobs[key] = Job(in_bytes)
    _workers.submit(_do, job, work, i18n.language())


def _do(job: Job, work: Callable[[Report], str], language: str) -> None:
    def report(done: int, total: int) -> None:
        job.done, job.total = done, total

    with i18n.speaking(language):
        try:
            job.result = work(report)
        except UserError as error:
            job.error = str(error)
        except Exception as error:  # a full disk, or what nobody thought of: said where it was asked for
            reason = getattr(error, "strerror", None) or type(error).__name__
            job.error = _("it could not be done: {reason}", reason=reason)
        finally:
            job.ended = True


def fetch(name: str) -> None:
    """Bring a data set of the catalog, or read a folder of the host. For callbacks."""
    if name in sources.SOURCES:
        start(name, lambda report: _fetched(name, report), in_bytes=True)
    else:
        start(name, lambda report: _read_folder(name, report))


def _fetched(name: str, report: Report) -> str:
    sources.fetch_files(name, report)
    datasets.forget()
    datasets.load_dataset(name)  # from now on a page reads it within a second
    return name


def _read_folder(name: str, report: Report) -> str:
    own.read_folder(name, report, _by_worker)
    datasets.forget()
    return name


def read_archive(key: str, content: bytes, label: str) -> None:
    """Read an archive that a visitor brought; the job's result is the data set's name."""

    def work(report: Report) -> str:
        if len(list(own.uploaded())) >= LIMITS.max_data_sets:
            raise DataError(_("this computer has no room for more data sets: delete one that you brought"))
        opened = open_archive(content)
        listing = list_pictures(opened.files, opened.folders)
        return own.prepare(label, listing, opened.read, _by_worker, report)

    with _lock:
        waiting = sum(name.startswith(ARCHIVE) and not job.ended for name, job in _jobs.items())
        if waiting >= ARCHIVES:  # each holds its file in memory
            _jobs[key] = Job(False, ended=True, error=_("many archives are being read: try again in a minute"))
            return
    start(key, work)


def _by_worker(contents: list[bytes]) -> list[own.Decoded]:
    """A picture that is unpacked takes a hundred times the memory of its file: that is not the pages' to give."""
    found: list[own.Decoded] = backend.engine().call(tasks.read_pictures, contents).result()
    return found


def show(key: str) -> None:
    """The job's progress, live; the page is drawn anew at its end."""
    panel = panels.show(panels.panel(_drawn, key, news=_news))
    st.html(f'<div data-live="{panel.part("progress")}">{panel.content["progress"]}</div>')


def _news(key: str) -> tuple[int, int, bool]:
    job = of(key) or Job(False, ended=True)
    return (job.done // 1_000_000 if job.in_bytes else job.done), job.total, job.ended


def _drawn(key: str) -> dict[str, str]:
    job = of(key) or Job(False, ended=True)
    bar = f'<progress value="{job.done}" max="{max(job.total, 1)}" style="width: 100%"></progress>'
    words = f'<div style="font-size: 0.875rem" role="status">{escape(_words(job))}</div>'
    return {"progress": bar + words, "!ended": str(job.ended)}


def _words(job: Job) -> str:
    if not job.total:
        return _("Waiting for its turn …")
    if not job.in_bytes:
        return _("{done} of {total} pictures read", done=job.done, total=job.total)
    if job.done >= job.total:
        return _("All is here; it is read now …")
    return _("{done:.0f} of {total:.0f} MB fetched", done=job.done / 1e6, total=job.total / 1e6)
