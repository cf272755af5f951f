"""A cluster that exists, named by ``RESNET_SCHEDULER``: why it cannot be used, and trying again until it can."""

import os
import ssl
import threading
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

from resnet.i18n import N_

SCHEDULER = "RESNET_SCHEDULER"
PLAIN_ADDRESS = N_("RESNET_SCHEDULER must be an address that starts with tls://")
NO_PORT = N_("RESNET_SCHEDULER must be an address with a port, such as tls://host:8786")
NOBODY = N_("No Dask scheduler answers at the address of RESNET_SCHEDULER.")
NO_TLS = N_("What answers at the address of RESNET_SCHEDULER is no Dask scheduler with TLS.")
NO_CERTIFICATE = N_("The cluster of RESNET_SCHEDULER needs a certificate, and the settings of Dask name none.")
UNREADABLE = N_("The certificate that the settings of Dask name cannot be read.")
WRONG_CERTIFICATE = N_("The app and the cluster of RESNET_SCHEDULER do not accept each other's certificates.")
NO_RESOURCES = N_(
    "The cluster needs workers of one thread each that offer the resource train=1, and one that offers call=1."
)
LOST = N_("The connection to the cluster of RESNET_SCHEDULER was lost.")
FINAL = (PLAIN_ADDRESS, NO_PORT)  # what no further try can change
RUN_LOST = N_("The connection to the workers was lost; the run can be started again.")
ANSWERS_WITHIN = 3.0  # seconds for a scheduler that is there; it takes some hundredths
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 15.0  # seconds between two tries


def address() -> str:
    """The cluster's address; empty where the engine starts workers of its own."""
    return os.environ.get(SCHEDULER, "")


def wrong_address(address: str) -> str:
    """What is the matter with the address itself; empty for one that can be tried."""
    if not address.startswith("tls://"):
        return PLAIN_ADDRESS
    try:
        return "" if urlsplit(address).hostname and urlsplit(address).port else NO_PORT
    except ValueError:
        return NO_PORT


def reason(error: BaseException) -> str:
    """Why no connection came about, in one marked sentence, from what Dask raised."""
    causes = list(_causes(error))
    if any(isinstance(cause, ssl.SSLCertVerificationError) or "UNKNOWN_CA" in str(cause) for cause in causes):
        return WRONG_CERTIFICATE
    # ValueError: who speaks first, as a mail server does, disturbs the change to TLS
    if any(isinstance(cause, ssl.SSLError | ValueError) for cause in causes):
        return NO_TLS
    if any(isinstance(cause, TypeError) and "ssl_context" in str(cause) for cause in causes):
        return NO_CERTIFICATE
    return NOBODY


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


class Again:
    """Calls `action` in a thread of its own, after pauses that grow until it `worked`."""

    def __init__(self, action: Callable[[], None]) -> None:
        self._action = action
        self._pause = FIRST_PAUSE
        self._timer: threading.Timer | None = None

    def soon(self) -> None:
        """Once, after the pause that is due."""
        self._timer = threading.Timer(self._pause, self._action)
        self._timer.daemon = True
        self._timer.start()
        self._pause = min(2 * self._pause, LONGEST_PAUSE)

    def worked(self) -> None:
        """The next trouble is a new one."""
        self._pause = FIRST_PAUSE

    def cancel(self) -> None:
        if self._timer:
            self._timer.cancel()
