"""Where runs and data are kept, and how a file is fetched once: locked, checked, under a temporary name."""

import hashlib
import os
import ssl
import threading
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path

import platformdirs

from resnet.errors import UserError
from resnet.i18n import _

TIMEOUT = 20.0  # seconds without a byte
CHUNK = 1 << 18
_lock = threading.Lock()  # one download at a time in this process; a second visitor waits and finds the file


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


def fetch(url: str, path: Path, digest: str, report: Callable[[int, int], None] = lambda done, size: None) -> Path:
    """`path`, fetched from `url` if it is not there; `digest` is the start of its SHA-256.

    `report` gets the bytes so far and all (0 when unknown). A half file is never left under the final name. Raises
    DownloadError.
    """
    with _lock:
        if path.exists():
            return path
        part = path.with_suffix(path.suffix + ".part")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            found = _copy(url, part, report)
        except (urllib.error.URLError, ssl.SSLError, TimeoutError, OSError) as error:
            part.unlink(missing_ok=True)
            if isinstance(error, urllib.error.HTTPError):
                error.close()  # it holds the connection
            raise DownloadError(_("the file could not be fetched: this computer has no way to its server")) from error
        if not found.startswith(digest):
            part.unlink(missing_ok=True)
            raise DownloadError(_("the fetched file is damaged: its checksum is wrong; try again"))
        part.replace(path)
        return path


def _copy(url: str, part: Path, report: Callable[[int, int], None]) -> str:
    """The SHA-256 of what was written to `part`."""
    digest, done = hashlib.sha256(), 0
    with urllib.request.urlopen(url, timeout=TIMEOUT) as answer, part.open("wb") as file:
        size = int(answer.headers.get("Content-Length") or 0)
        while chunk := answer.read(CHUNK):
            file.write(chunk)
            digest.update(chunk)
            done += len(chunk)
            report(done, size)
    if size and done < size:
        raise TimeoutError("the connection ended early")
    return digest.hexdigest()
