"""A cookie that tells a browser's runs from another's after a reload; it holds a random name and nothing else."""

import re
import secrets

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send

NAME = "resnet-visitor"
YEAR = 365 * 24 * 3600  # seconds
_VALUE = re.compile(r"[\w-]{20,64}", re.ASCII)


class VisitorCookie:
    """ASGI middleware: a browser that opens a page without a name gets one, which no script of a page can read."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or "text/html" not in Headers(scope=scope).get("accept", ""):
            return await self._app(scope, receive, send)
        if usable(HTTPConnection(scope).cookies.get(NAME)):
            return await self._app(scope, receive, send)

        async def named(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).append("Set-Cookie", _fresh(scope.get("scheme") == "https"))
            await send(message)

        await self._app(scope, receive, named)


def usable(value: str | None) -> bool:
    """Whether a browser's cookie may be one of ours."""
    return isinstance(value, str) and _VALUE.fullmatch(value) is not None


def _fresh(secure: bool) -> str:
    """Without a path: it is then of the folder of the app, whatever a proxy has put before it."""
    words = f"{NAME}={secrets.token_urlsafe(24)}; Max-Age={YEAR}; HttpOnly; SameSite=Lax"
    return words + "; Secure" * secure
