"""Parts of the page on own pictures: what the nets see of one, torchvision's weights, the columns of maps."""

import threading
import time
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, NamedTuple

import numpy as np
import streamlit as st

from resnet import pretrained
from resnet.charts.grid import Cell, Column
from resnet.charts.look import look
from resnet.datasets import Dataset
from resnet.datasets.pictures import PictureError, in_channels
from resnet.datasets.samples import SAMPLES
from resnet.files import DownloadError
from resnet.findings.maps import zero_map
from resnet.i18n import N_, _
from resnet.runs.engine import Engine
from resnet.runs.tasks import pictures as tasks
from resnet.specs import NetSpec
from resnet.specs.bench import Bench
from resnet.specs.limits import LIMITS
from resnet.ui.parts import backend, jobs, waiting, widgets
from resnet.ui.parts.subjects import on_bench

KINDS = ["png", "jpg", "jpeg", "webp", "gif", "bmp", "tif", "tiff"]
SIDE = 224  # of the pictures that the ImageNet nets learned from
_COMMAND = "`python -m resnet fetch resnet18`"
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


def upload_or_sample() -> tuple[Any, str]:
    """A visitor's file, else one of the photographs that are here, with who made it; None where there is neither."""
    left, right = st.columns([0.7, 0.3], vertical_alignment="top")
    with left:
        about = _("PNG, JPEG, WebP, GIF, BMP or TIFF, at most {most} MB.", most=LIMITS.max_upload_mb)
        most = LIMITS.max_upload_mb
        upload = st.file_uploader(_("Picture"), KINDS, key="upload", help=about, max_upload_size=most)
    with right:
        names = {name: _(sample.label) for name, sample in SAMPLES.items()}
        text = _("A photograph that came with the app. A picture of yours takes its place.")
        name = widgets.menu("sample", _("Or a sample"), names, text) if names else ""
    if upload is not None or name not in SAMPLES:
        return upload, ""
    sample = SAMPLES[name]
    return sample, _("Photograph: {credit}, {licence}.", credit=sample.credit, licence=_(sample.licence))


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
    asked = [
        backend.ask(tasks.explain_pretrained, depth, str(pretrained.path(depth)), method, large) for depth in depths
    ]
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


def offer_downloads() -> None:
    """A button for each pretrained net that is not here. Raises DownloadError."""
    st.caption(
        _(
            "Weights by torchvision (BSD licence), trained on ImageNet, whose pictures are for research use. They are "
            "fetched once, checked, and kept."
        )
    )
    here = pretrained.present()
    if damaged := [f"ResNet-{depth}" for depth in pretrained.damaged()]:
        st.warning(_("The file of {nets} is empty or damaged: fetch it again.", nets=", ".join(damaged)))
    if not jobs.allowed():
        st.caption(_("Nothing is fetched from the page here: the host does so by {command}.", command=_COMMAND))
    wanted = 0
    with st.container(horizontal=True, gap="small"):
        for depth, size in pretrained.SIZES.items():
            there = depth in here
            label = f"ResNet-{depth}" if there else _("ResNet-{depth}, {size} MB", depth=depth, size=size)
            text = _("Is here.") if there else _("Fetches the weights from PyTorch's server.")
            icon = ":material/check:" if there else ":material/download:"
            if st.button(label, key=f"fetch-{depth}", icon=icon, disabled=there or not jobs.allowed(), help=text):
                wanted = depth
    if wanted:
        _fetch(wanted)


def _fetch(depth: int) -> None:
    """Download in a thread of its own, and show how far it is. Raises DownloadError."""
    state: dict[str, Any] = {"done": 0, "size": pretrained.SIZES[depth] * 1_000_000}

    def work() -> None:
        try:
            pretrained.fetch_weights(depth, lambda done, size: state.update(done=done, size=size or state["size"]))
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
