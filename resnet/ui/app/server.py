"""What the server does around the pages: address rules, one file, short links, and a start and an end."""

import asyncio
import gc
import gzip
import logging
import os
import re
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import cache
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from pkgutil import resolve_name
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

import streamlit as st
from starlette.datastructures import Headers, MutableHeaders
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route, WebSocketRoute
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from starlette.websockets import WebSocket
from streamlit import config

from resnet.errors import UserError
from resnet.specs import limits
from resnet.specs.limits import LIMITS
from resnet.ui.app import addresses, cookie, ending, failures, hosting, pages, uploads
from resnet.ui.app.opening import Opening
from resnet.ui.app.preload import preload

if TYPE_CHECKING:
    from resnet.runs.engine import Engine

ASSETS = pages.FOLDER.parent / "assets"
# The version is part of the name, so browsers may keep the file for ever. It is looked up here, once: Streamlit changes
# `sys.path`, on which it is looked up, while pages are drawn.
PLOTLY = f"plotly-{version('plotly')}.min.js"
NOTICE = "notice"  # the word by which a redirected address says what was wrong with it
# First parts of paths that Streamlit, or a route of ours, answers itself.
_STREAMLIT = {"_stcore", "app", "component", "media", "static", addresses.GO}
opening: "Opening[Engine | None]" = Opening()
_log = logging.getLogger(__name__)
_FRAMES = "RESNET_FRAMES"
# A host as a Content-Security-Policy names it: a scheme (https:), or a host with or without scheme and port.
_FRAME = re.compile(r"[a-z][a-z0-9+.-]*:|([a-z][a-z0-9+.-]*://)?(\*\.)?[a-z0-9-]+(\.[a-z0-9-]+)*(:(\d+|\*))?", re.I)
_LONGEST = 4 * 2**20  # bytes of a request line that are read in order to answer "too long" in one sentence


def base_path() -> str:
    """What stands before every path: empty, or ``/lab`` for a server started with ``server.baseUrlPath``."""
    base = str(st.get_option("server.baseUrlPath") or "").strip("/")
    return f"/{base}" if base else ""


def url_paths() -> set[str]:
    """The addresses of the pages: the files' names, and nothing for the start page."""
    return {"" if page is pages.START else page.name for page in pages.PAGES}


class AddressRule:
    """ASGI middleware: an address that cannot be used leads to a page that says so in one sentence.

    Without it Streamlit covers the page with a "Page not found" box, and drops a long link without a word.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        app: ASGIApp = self._app
        if scope["type"] == "http" and "text/html" in Headers(scope=scope).get("accept", ""):
            path = (scope.get("raw_path") or scope["path"].encode()).decode("latin-1")
            target = better_address(path, scope["query_string"].decode("latin-1"))
            app = RedirectResponse(target, status_code=303) if target else app
        await app(scope, receive, send)


class Guard:
    """ASGI middleware: every answer says that its type is meant, and who may show it in a frame."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._headers = {"X-Content-Type-Options": "nosniff", "Referrer-Policy": "same-origin"}
        frames, _wrong = frames_allowed()
        if "*" not in frames:  # as a word of the policy it would leave out what is not http
            self._headers["Content-Security-Policy"] = " ".join(["frame-ancestors 'self'", *frames])

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(self._headers)
            await send(message)

        await self._app(scope, receive, guarded)


def frames_allowed() -> tuple[list[str], list[str]]:
    """The hosts whose pages may show the lab in a frame, and the words of RESNET_FRAMES that name none."""
    words = os.environ.get(_FRAMES, "").split()
    usable = [word for word in words if word == "*" or _FRAME.fullmatch(word)]
    return usable, [word for word in words if word not in usable]


def better_address(path: str, query: str) -> str | None:
    """Where a browser is sent instead of `path`, as it stands in the address; None when that can be used.

    Relative to `path`, as every address that the server makes: a proxy may have taken a prefix off it.
    """
    base = base_path()
    inside = path.startswith(f"{base}/")
    page = unquote(path.removeprefix(base)).strip("/")
    if page.split("/")[0] in _STREAMLIT:
        return None
    top = "../" * (path.removeprefix(base if inside else "").count("/") - 1) or "./"  # the start page, seen from `path`
    top += "" if inside else f"{base[1:]}/"
    if page not in url_paths():
        return f"{top}?{NOTICE}=page"
    if len(query) > 3 * LIMITS.max_link:  # a character may take 3: %41
        return f"{top}{page}?{NOTICE}=long"
    if inside and not (page and path.endswith("/")):
        return None
    return f"{top}{page}{'?' if query else ''}{query}"  # Streamlit would lead there by an absolute address


async def _plotly(request: Request) -> Response:
    content = await asyncio.to_thread(_compressed_plotly)
    headers = {"Content-Encoding": "gzip", "Cache-Control": "public, max-age=31536000, immutable"}
    return Response(content, media_type="text/javascript", headers=headers)


@cache
def _compressed_plotly() -> bytes:
    found = find_spec("plotly")
    assert found is not None, "plotly is a dependency"
    folder = Path(str(found.origin)).parent / "package_data"
    return gzip.compress((folder / "plotly.min.js").read_bytes(), compresslevel=6)


async def _short(request: Request) -> Response:
    """Lead to what a short link stands for; relative, as every address that the server makes."""
    target = await asyncio.to_thread(_long, request.path_params["code"])
    return RedirectResponse(f"../{target}" if target else f"../?{NOTICE}=short", status_code=303)


def _long(code: str) -> str | None:
    """By name: the engine is not imported before pages are."""
    target, engine = resolve_name("resnet.runs.store.short_links:target"), resolve_name("resnet.runs.engine:shared")
    try:
        found: str | None = target(engine().store, code)
        return found
    except UserError:
        return None


async def _live(socket: WebSocket) -> None:
    """By name: it lies above this file, and its caches want a running server."""
    await resolve_name("resnet.ui.parts.live:serve")(socket)


def routes() -> list[BaseRoute]:
    """The one file that the app itself serves, short links, and where browsers listen for news."""
    base = base_path()
    short = Route(f"{base}/{addresses.GO}/{{code}}", _short)
    return [Route(f"{base}/{PLOTLY}", _plotly), short, WebSocketRoute(f"{base}/live", _live)]


def middleware() -> list[Middleware]:
    """What every request passes first."""
    outer = [Middleware(opening.gate), Middleware(Guard), Middleware(cookie.VisitorCookie)]
    return [*outer, Middleware(uploads.Uploads), Middleware(AddressRule)]


@asynccontextmanager
async def lifespan(app: st.App) -> AsyncIterator[dict[str, Any] | None]:
    """Begin to import what pages need and to start the engine; close it with the server."""
    ending.take_over()
    _read_long_request_lines()
    _accept_uploads()
    failures.quiet_log()
    for sentence in limits.unknown():
        _log.warning("%s", sentence)
    for sentence in filter(None, (addresses.fault(), hosting.fault())):
        _log.warning("%s", sentence)
    print(hosting.announcement(base_path()), file=sys.stderr)  # noqa: T201 - not through a log, which may be kept
    for word in frames_allowed()[1]:
        _log.warning("%s: “%s” names no host, such as https://learn.example.org, and has no effect", _FRAMES, word)
    async with opening.begun(_open) as opened:
        try:
            async with uploads.tidied():
                yield None
        finally:
            if engine := await opened:
                await asyncio.to_thread(engine.close)


def _open() -> "Engine | None":
    """Import what pages need and start the engine; None where that is refused: every page says so and tries again."""
    preload()
    from resnet.runs.engine import start_shared  # here, so that a page's test needs no engine

    try:
        limits.require_usable()
        return start_shared()
    except UserError as error:
        _log.error("%s", error)
        return None


def _accept_uploads() -> None:
    """Streamlit's limit is the lab's own; `st.set_option` refuses to set it."""
    config.set_option("server.maxUploadSize", max(LIMITS.max_upload_mb, LIMITS.max_zip_mb))


def _read_long_request_lines() -> None:
    """Let a megabyte of an address reach `AddressRule`; uvicorn would answer 64 kB with a bare "Invalid HTTP request".

    uvicorn has a setting for it, but `streamlit run` does not hand it on.
    """
    from uvicorn.protocols.http import h11_impl

    uploads.bound_half_requests(h11_impl.H11Protocol)
    h11_impl.DEFAULT_MAX_INCOMPLETE_EVENT_SIZE = _LONGEST  # type: ignore[attr-defined]


@cache
def settle(page: str) -> None:
    """After the first run of a page, take what it made out of the garbage collector's rounds.

    Streamlit collects after every rerun: 34 ms more for a click when nothing is frozen.
    """
    gc.collect()
    gc.freeze()
