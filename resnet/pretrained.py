"""Torchvision's ImageNet weights: where they lie, whether they are whole, and how they are fetched."""

import functools
import os
from pathlib import Path

from resnet.files import Report, fetch, fits, home

SIZES = {18: 47, 34: 87, 50: 102, 101: 179, 152: 242}  # depth -> megabytes to fetch
CHECKSUMS = {18: "f37072fd", 34: "b627a593", 50: "0676ba61", 101: "63fe2227", 152: "394f9c45"}  # starts of SHA-256


def url(depth: int) -> str:
    """Torchvision's address, equal to that in its own records."""
    return f"https://download.pytorch.org/models/resnet{depth}-{CHECKSUMS[depth]}.pth"


def path(depth: int) -> Path:
    """The whole file in the folder of torch's hub, else the one in the lab's own, whole or not."""
    hub = _hub() / "checkpoints" / url(depth).rsplit("/", 1)[1]
    return hub if _is_whole(hub, depth) else _own(depth)


def _own(depth: int) -> Path:
    return home() / "weights" / f"resnet{depth}.pth"


def _hub() -> Path:
    """The folder of torch's hub, without torch. Source: torch.hub.get_dir."""
    cache = os.environ.get("XDG_CACHE_HOME") or "~/.cache"
    return Path(os.environ.get("TORCH_HOME") or f"{cache}/torch").expanduser() / "hub"


def present() -> list[int]:
    """The nets whose weights are here, whole."""
    return [depth for depth in SIZES if whole(depth)]


def damaged() -> list[int]:
    """The nets whose file is here and of no use."""
    return [depth for depth in SIZES if not whole(depth) and _own(depth).exists()]


def whole(depth: int) -> bool:
    """Whether torchvision's file is here: not empty, cut off or another one."""
    return _is_whole(path(depth), depth)


def _is_whole(file: Path, depth: int) -> bool:
    try:
        found = file.stat()
        return found.st_size > 0 and _fits(file, found.st_size, found.st_mtime_ns, CHECKSUMS[depth])
    except OSError:
        return False


@functools.lru_cache(maxsize=100)
def _fits(file: Path, _size: int, _changed: int, checksum: str) -> bool:
    """Looked at once, until the file changes."""
    return fits(file, checksum)


def fetch_weights(depth: int, report: Report = lambda done, size: None) -> Path:
    """The file, fetched if it is not here whole; one of torch's hub is left as it is. Raises DownloadError."""
    if whole(depth):
        return path(depth)
    _own(depth).unlink(missing_ok=True)  # `fetch` keeps what is there
    return fetch(url(depth), _own(depth), CHECKSUMS[depth], report)
