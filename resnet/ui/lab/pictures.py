"""Parts of the page on own pictures: what the nets see of one, torchvision's weights, the columns of maps."""

import functools
import hashlib
import threading
import time
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import streamlit as st

from resnet.charts.grid import Cell, Column
from resnet.charts.look import look
from resnet.datasets import Dataset
from resnet.datasets.pictures import PictureError, in_channels
from resnet.files import DownloadError, fetch, home
from resnet.findings.maps import zero_map
from resnet.i18n import N_, _
from resnet.runs.engine import Engine
from resnet.runs.tasks import pictures as tasks
from resnet.specs import NetSpec
from resnet.specs.bench import Bench
from resnet.ui.parts import backend, waiting
from resnet.ui.parts.subjects import on_bench

PRETRAINED = {18: 47, 34: 87, 50: 102, 101: 179, 152: 242}  # depth -> megabytes to fetch
CHECKSUMS = {18: "f37072fd", 34: "b627a593", 50: "0676ba61", 101: "63fe2227", 152: "394f9c45"}  # starts of SHA-256
SIDE = 224  # of the pictures that the ImageNet nets learned from
_OWN = "own picture"  # in the session
# A class of 30 that chooses pictures at once: the bytes of one are on their way to the worker, and one is unpacked.
_one_by_one = ThreadPoolExecutor(1, "resnet-pictures")


class Own(NamedTuple):
    """What is kept of a visitor's picture: (H, W, 3), small with the frame, and what nets see, (3, side, side)."""

    shown: np.ndarray
    seen: dict[int, np.ndarray]


def read(upload: Any, side: int) -> Own:
    """The picture, unpacked once, by the worker; `side` is what the nets of the bench read.

    Raises PictureError and what `waiting.gather` raises.
    """
    key = upload.file_id, side
    known, answer = st.session_state.get(_OWN, (None, None))
    if known != key or _lost(answer):
        answer = _one_by_one.submit(_unpacked, backend.engine(), upload, (side, SIDE))
        st.session_state[_OWN] = key, answer
    (found,) = waiting.gather([answer])
    if isinstance(found, PictureError):
        raise PictureError(N_("This picture cannot be used: {reason}."), reason=found)
    return Own(**found)


def _unpacked(engine: Engine, upload: Any, sides: tuple[int, ...]) -> dict[str, Any] | PictureError:
    """What the worker says; its error as a value, without the frames that it came through, which hold the file."""
    try:
        found: dict[str, Any] = engine.call(tasks.read_own, upload.getvalue(), sides).result()
        return found
    except PictureError as error:
        return error.with_traceback(None)


def _lost(answer: "Future[Any]") -> bool:
    """Whether nobody knows what is on the picture: the worker ended, or somebody pressed Stop."""
    return answer.done() and (answer.cancelled() or answer.exception() is not None)


def forget() -> None:
    """The session keeps no picture that is not shown."""
    st.session_state.pop(_OWN, None)


def by_bench(own: Own, bench: Bench, data: Dataset, method: str) -> tuple[np.ndarray, list[Column]]:
    """What the nets on the bench see, and a column of one map for each."""
    channels, side, _width = data.test.images.shape[1:]
    small = in_channels(own.seen[side], channels)
    subjects = on_bench(bench, backend.runs(bench))
    asked = [subject.ask(bench.recipe, tasks.explain_picture, method, small) for subject in subjects]
    columns = [
        Column(subject.look.label, subject.look.colour, subject.note, [_cell(found, data.classes)], subject.learned)
        for subject, found in zip(subjects, waiting.gather(asked), strict=True)
    ]
    return small, columns


def by_pretrained(own: Own, depths: list[int], method: str) -> tuple[np.ndarray, list[Column]]:
    """What torchvision's nets see, and a column of one map for each."""
    large = own.seen[SIDE]
    asked = [backend.ask(tasks.explain_pretrained, depth, str(_path(depth)), method, large) for depth in depths]
    columns = []
    for depth, found in zip(depths, waiting.gather(asked), strict=True):
        drawn = look(NetSpec.parse(f"resnet-{depth}"), f"ResNet-{depth}")
        columns.append(Column(drawn.label, drawn.colour, _("ImageNet"), [_cell(found, found["classes"])]))
    return large, columns


def _cell(found: dict[str, Any], classes: Any) -> Cell:
    """The map with the three most probable classes."""
    best = found["probabilities"].argsort()[::-1][:3]
    names = [_(classes[number]) if number < len(classes) else str(number) for number in best.tolist()]
    lines = [f"{name} {100 * found['probabilities'][number]:.0f} %" for name, number in zip(names, best, strict=True)]
    lines += [zero_map()] if not found["map"].any() else []
    return Cell(found["map"], tuple(lines))


def _path(depth: int) -> Path:
    return home() / "weights" / f"resnet{depth}.pth"


def present() -> list[int]:
    """The pretrained nets whose weights are here, whole."""
    return [depth for depth in PRETRAINED if _whole(depth)]


def _whole(depth: int) -> bool:
    """Whether torchvision's file is here: not empty, cut off or another one."""
    try:
        found = _path(depth).stat()
        return found.st_size > 0 and _fits(_path(depth), found.st_size, found.st_mtime_ns, CHECKSUMS[depth])
    except OSError:
        return False


@functools.lru_cache(maxsize=100)
def _fits(path: Path, size: int, changed: int, checksum: str) -> bool:
    """Looked at once, until the file changes."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest().startswith(checksum)


def offer_downloads() -> None:
    """A button for each pretrained net that is not here. Raises DownloadError."""
    st.caption(
        _(
            "Weights by torchvision (BSD licence), trained on ImageNet, whose pictures are for research use. They are "
            "fetched once, checked, and kept."
        )
    )
    here = present()
    if damaged := [f"ResNet-{depth}" for depth in PRETRAINED if depth not in here and _path(depth).exists()]:
        st.warning(_("The file of {nets} is empty or damaged: fetch it again.", nets=", ".join(damaged)))
    wanted = 0
    with st.container(horizontal=True, gap="small"):
        for depth, size in PRETRAINED.items():
            there = depth in here
            label = f"ResNet-{depth}" if there else _("ResNet-{depth}, {size} MB", depth=depth, size=size)
            text = _("Is here.") if there else _("Fetches the weights from PyTorch's server.")
            icon = ":material/check:" if there else ":material/download:"
            if st.button(label, key=f"fetch-{depth}", icon=icon, disabled=there, help=text):
                wanted = depth
    if wanted:
        _fetch(wanted)


def _fetch(depth: int) -> None:
    """Download in a thread of its own, and show how far it is. Raises DownloadError."""
    ((url, digest),) = waiting.gather([backend.ask(tasks.pretrained_source, depth)])
    state: dict[str, Any] = {"done": 0, "size": PRETRAINED[depth] * 1_000_000}

    def work() -> None:
        try:
            if not _whole(depth):  # `fetch` keeps what is there
                _path(depth).unlink(missing_ok=True)
            fetch(url, _path(depth), digest, lambda done, size: state.update(done=done, size=size or state["size"]))
        except (DownloadError, OSError) as error:
            state["error"] = str(error)

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    bar, start = st.progress(0.0), time.monotonic()
    while thread.is_alive():
        share = min(1.0, state["done"] / state["size"])
        left = (time.monotonic() - start) * (1 - share) / share if share else 0
        bar.progress(share, _("{done:.0f} MB, about {left:.0f} s left", done=state["done"] / 1e6, left=left))
        thread.join(0.2)
    bar.empty()
    if "error" in state:
        raise DownloadError(_("ResNet-{depth}: {reason}.", depth=depth, reason=state["error"]))
    st.rerun()
