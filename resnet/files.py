"""Where runs and data are kept, and how a file is fetched once: locked, checked, under a temporary name."""

import errno
import hashlib
import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import platformdirs

from resnet.errors import UserError
from resnet.i18n import _

if TYPE_CHECKING:
    from filelock import FileLock

TIMEOUT = 20.0  # seconds without a byte
CHUNK = 1 << 18

Report = Callable[[int, int], None]  # the bytes so far, and all of them; 0 when nobody knows


class HomeError(UserError, OSError):
    """The folder of the runs and data cannot be used."""


def home() -> Path:
    """The folder of the runs and data, created for this user alone if it is missing.

    ``RESNET_HOME``, else the platform's folder for a user's data. Raises HomeError, an OSError, where there is none.
    """
    chosen = os.environ.get("RESNET_HOME")
    # appauthor=False: on Windows the folder's name would otherwise stand twice in the path
    folder = Path(chosen or platformdirs.user_data_path("resnet-lab", appauthor=False))
    try:
        folder = folder.expanduser()
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)  # parents get the usual mode
    except RuntimeError as error:  # platformdirs leaves a tilde too where nobody has told where the user is at home
        raise HomeError(
            _("{folder} names a home folder that is not there; {fix}", folder=folder, fix=_fix())
        ) from error
    except (FileExistsError, NotADirectoryError) as error:
        raise HomeError(_("{folder} is no folder or lies in a file; {fix}", folder=folder, fix=_fix())) from error
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        places = {"folder": folder, "reason": reason, "fix": _fix()}
        raise HomeError(_("{folder} cannot be used for runs and data: {reason}; {fix}", **places)) from error
    return folder


def _fix() -> str:
    return _("choose another folder with RESNET_HOME")


class DownloadError(UserError, RuntimeError):
    """A file that could not be fetched."""


def fetch(url: str, path: Path, digest: str, report: Report = lambda done, size: None) -> Path:
    """`path`, fetched from `url` if it is not there; `digest` is ``md5:…``, ``sha256:…`` or the start of a SHA-256.

    The host's mirror is asked first: RESNET_MIRROR is a base address below which files lie as they do in `home()`.
    A half file is never left under the final name, and of several processes one fetches. Raises DownloadError.
    """
    if path.exists():  # also in a folder that cannot be written
        return path
    try:
        with _lock(path):
            if not path.exists():
                path.parent.mkdir(parents=True, exist_ok=True)
                _from_any(addresses(url, path), path, digest, report)
    except OSError as error:
        reason = error.strerror or str(error)
        places = {"folder": path.parent, "reason": reason}
        raise DownloadError(_("the file cannot be kept in {folder}: {reason}", **places)) from error
    return path


def addresses(url: str, path: Path) -> list[str]:
    """Where the file is looked for, in this order."""
    mirror = os.environ.get("RESNET_MIRROR", "").strip().rstrip("/")
    try:
        place = path.relative_to(home()).as_posix()
    except ValueError:
        place = path.name
    return [f"{mirror}/{place}", url] if mirror else [url]


def fits(path: Path, digest: str) -> bool:
    """Whether the file has that checksum. Raises OSError."""
    kind, _colon, value = digest.rpartition(":")
    with path.open("rb") as file:
        return hashlib.file_digest(file, kind or "sha256").hexdigest().startswith(value.lower())


def _lock(path: Path) -> "FileLock":
    """Held while a file is fetched, by one thread of one process; it lies apart from what people look at."""
    from filelock import FileLock

    folder = home() / "locks"
    folder.mkdir(exist_ok=True)
    return FileLock(folder / f"{hashlib.sha256(str(path.absolute()).encode()).hexdigest()[:16]}.lock")


def _from_any(urls: list[str], path: Path, digest: str, report: Report) -> None:
    """From the first address that gives the right file; says what was wrong with the last one."""
    part = path.with_suffix(path.suffix + ".part")
    for url in urls:
        try:
            _copy(url, part, report)
            _check(part, digest)
            part.replace(path)
            return
        except DownloadError:
            if url == urls[-1]:
                raise
        finally:
            part.unlink(missing_ok=True)


def _check(part: Path, digest: str) -> None:
    if fits(part, digest):
        return
    with part.open("rb") as file:
        page = file.read(200).lstrip().lower().startswith((b"<!doctype", b"<html", b"<head", b"<?xml"))
    if page:
        raise DownloadError(_("a web page came instead of the file: does this network want a login first?"))
    raise DownloadError(_("the fetched file is damaged: its checksum is wrong; try again"))


def _copy(url: str, part: Path, report: Report) -> None:
    """Fetch to `part`. Raises DownloadError, and OSError where it cannot be written."""
    from pooch import HTTPDownloader
    from requests import RequestException, Response

    answers: list[Response] = []
    settings = {
        "headers": {"Accept-Encoding": "identity"},  # an archive is not to be unpacked on the way
        "hooks": {"response": lambda answer, *_rest, **_settings: answers.append(answer)},
    }
    try:
        HTTPDownloader(_Progress(report), CHUNK, timeout=TIMEOUT, **settings)(url, part, None)
    except RequestException as error:
        raise DownloadError(_reason(error, url)) from error
    except OSError as error:
        if error.errno == errno.ENOSPC:
            raise DownloadError(_("the disk is full")) from error
        raise
    finally:
        for answer in answers:  # pooch leaves the connection open
            answer.close()


def _reason(error: Any, url: str) -> str:
    """One sentence for what went wrong on the way."""
    import requests

    server = urlsplit(url).hostname or url
    if error.response is not None:
        places = {"server": server, "status": error.response.status_code}
        return _("{server} does not give the file out: it answers {status}", **places)
    if isinstance(error, ValueError):  # of the mirror
        return _("“{url}” is no address of a file", url=url[:100])
    if isinstance(error, requests.exceptions.SSLError):
        return _("{server} cannot be trusted: its certificate is not valid here; is the clock right?", server=server)
    if isinstance(error, requests.Timeout):
        return _("{server} has not answered for {seconds:.0f} s; try again", server=server, seconds=TIMEOUT)
    if isinstance(error, requests.exceptions.ChunkedEncodingError):
        return _("only a part of the file came: the connection ended early; try again")
    return _("the file could not be fetched: this computer has no way to its server")


class _Progress:
    """What pooch takes for a progress bar."""

    def __init__(self, report: Report) -> None:
        self._report = report
        self.total, self._done = 0, 0

    def update(self, count: int) -> None:
        self._done = min(self._done + count, self.total) if self.total else self._done + count
        self._report(self._done, self.total)

    def reset(self) -> None:
        """pooch fills the bar once more at the end."""
        self._done = 0

    def close(self) -> None:
        """Nothing is left open."""
