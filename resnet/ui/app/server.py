"""What the server does around the pages: one address rule, one file, and a start and an end."""

import asyncio
import gc
import gzip
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import cache
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import streamlit as st
from starlette.datastructures import Headers
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from resnet.errors import UserError
from resnet.specs import limits
from resnet.specs.limits import LIMITS
from resnet.ui.app import pages

ASSETS = pages.FOLDER.parent / "assets"
# The version is part of the name, so browsers may keep the file for ever. It is looked up here, once: Streamlit changes
# `sys.path`, on which it is looked up, while pages are drawn.
PLOTLY = f"plotly-{version('plotly')}.min.js"
NOTICE = "notice"  # the word by which a redirected address says what was wrong with it
_STREAMLIT = {"_stcore", "app", "component", "media", "static"}  # first parts of paths that Streamlit answers itself
_log = logging.getLogger(__name__)
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


def routes() -> list[Route]:
    """The one file that the app itself serves."""
    return [Route(f"{base_path()}/{PLOTLY}", _plotly)]


def middleware() -> list[Middleware]:
    """What every request passes first."""
    return [Middleware(AddressRule)]


@asynccontextmanager
async def lifespan(app: st.App) -> AsyncIterator[dict[str, Any] | None]:
    """Start the engine in the background and close it with the server."""
    _read_long_request_lines()
    for sentence in limits.unknown():
        _log.warning("%s", sentence)
    from resnet.runs.engine import start_shared  # here, so that a page's test needs no engine

    try:
        limits.require_usable()
        engine = start_shared()
    except UserError as error:  # every page says so, and tries again
        _log.error("%s", error)
        yield None
        return
    try:
        yield None
    finally:
        await asyncio.to_thread(engine.close)


def _read_long_request_lines() -> None:
    """Let a megabyte of an address reach `AddressRule`; uvicorn would answer 64 kB with a bare "Invalid HTTP request".

    uvicorn has a setting for it, but `streamlit run` does not hand it on.
    """
    from uvicorn.protocols.http import h11_impl

    h11_impl.DEFAULT_MAX_INCOMPLETE_EVENT_SIZE = _LONGEST  # type: ignore[attr-defined]


@cache
def settle(page: str) -> None:
    """After the first run of a page, take what it imported out of the garbage collector's rounds.

    Streamlit collects after every rerun: 34 ms more for a click when nothing is frozen.
    """
    gc.collect()
    gc.freeze()
