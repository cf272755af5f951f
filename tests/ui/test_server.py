"""Addresses, the file that the app serves, and the start of the app."""

import asyncio
import gzip
import re
import subprocess
import sys
from urllib.parse import unquote, urljoin

import pytest
from starlette.types import Message, Scope

from resnet.specs.limits import LIMITS
from resnet.ui.app import server
from resnet.ui.app.server import better_address

PREFIX = "http://host/some/prefix"  # that a proxy takes off before the server sees the path


def leads_to(path: str, query: str = "") -> str | None:
    """Where a browser lands that asked for `path` behind the proxy; None when it stays."""
    target = better_address(path, query)
    return None if target is None else urljoin(PREFIX + path, target).removeprefix(PREFIX)


@pytest.mark.parametrize("page", sorted(server.url_paths()))
def test_the_address_of_a_page_is_left_alone(page: str) -> None:
    assert better_address(f"/{page}", "nets=res-20") is None


@pytest.mark.parametrize("page", sorted(server.url_paths() - {""}))
def test_a_page_with_a_slash_at_its_end_is_the_page(page: str) -> None:
    assert leads_to(f"/{page}/", "nets=res-20") == f"/{page}?nets=res-20"
    assert leads_to(f"/{page}/") == f"/{page}"


@pytest.mark.parametrize(
    "path", ["/nonsense", "/nonsense/", "/train/deep", "/lab/train", "/start", "/%00", "/TRAIN", "/a/b/c", "/a%2Fb"]
)
def test_an_unknown_page_leads_to_the_start_page_behind_a_proxy_too(path: str) -> None:
    assert leads_to(path, "nets=res-20") == "/?notice=page"


@pytest.mark.parametrize("path", ["/_stcore/health", "/media/0123.png", "/static/js/index.js", "/component/x"])
def test_the_paths_of_streamlit_are_left_alone(path: str) -> None:
    assert better_address(path, "x" * 10**6) is None


def test_a_link_that_is_too_long_leads_to_the_same_page_without_it() -> None:
    assert better_address("/train", "x" * (3 * LIMITS.max_link)) is None  # percent-encoded it may still be short
    assert leads_to("/train", "x" * (3 * LIMITS.max_link + 1)) == "/train?notice=long"
    assert leads_to("/train/", "x" * (3 * LIMITS.max_link + 1)) == "/train?notice=long"
    assert leads_to("/", "x" * (3 * LIMITS.max_link + 1)) == "/?notice=long"


def test_the_rule_holds_below_a_base_path(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "base_path", lambda: "/lab")
    assert leads_to("/lab/") is None
    assert leads_to("/lab/train") is None
    assert leads_to("/lab", "nets=res-20") == "/lab/?nets=res-20"
    assert leads_to("/lab/train/") == "/lab/train"
    for path in ("/lab/nonsense", "/lab/a/b", "/nonsense", "/a/b"):
        assert leads_to(path) == "/lab/?notice=page"


def request(path: str, accept: str) -> list[Message]:
    """What the app answers to a GET, behind the address rule; "passed on" from the app itself."""
    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    async def receive() -> Message:
        return {"type": "http.request"}

    async def inner(scope: Scope, receive: object, send: object) -> None:
        sent.append({"type": "passed on"})

    scope = {
        "type": "http",
        "method": "GET",
        "path": unquote(path),
        "raw_path": path.encode(),
        "query_string": b"",
        "headers": [(b"accept", accept.encode())],
    }
    asyncio.run(server.AddressRule(inner)(scope, receive, send))
    return sent


def test_only_a_page_that_a_person_opens_is_redirected() -> None:
    answer = request("/nonsense", "text/html,*/*")
    assert answer[0]["status"] == 303
    assert (b"location", b"./?notice=page") in answer[0]["headers"]
    assert (b"location", b"./?notice=page") in request("/a%2Fb", "text/html")[0]["headers"]
    assert request("/nonsense", "*/*") == [{"type": "passed on"}]
    assert request("/train", "text/html") == [{"type": "passed on"}]


def test_what_a_host_sets_is_looked_at_when_the_server_starts(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("RESNET_MAX_DEPHT", "20")
    monkeypatch.setenv("RESNET_MAX_NETS", "many")

    async def start() -> None:
        async with server.lifespan(None):  # type: ignore[arg-type]
            pass

    asyncio.run(start())
    assert caplog.messages == [
        "RESNET_MAX_DEPHT is no known setting and has no effect; did you mean RESNET_MAX_DEPTH?",
        "RESNET_MAX_NETS must be a whole number, 1 to 100; got “many”",
    ]


def test_plotly_is_served_compressed_and_may_be_kept_for_ever() -> None:
    (route,) = server.routes()
    assert re.fullmatch(r"/plotly-[\d.]+\.min\.js", route.path)
    response = asyncio.run(route.endpoint(None))
    assert b"plotly.js v" in gzip.decompress(response.body)[:200]
    assert response.headers["content-encoding"] == "gzip"
    assert "immutable" in response.headers["cache-control"]


def test_the_app_is_imported_without_anything_that_computes() -> None:
    heavy = ("torch", "torchvision", "captum", "sklearn", "pandas", "distributed", "dask")
    code = f"import sys, app; print([name for name in {heavy!r} if name in sys.modules])"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=server.ASSETS.parent, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"
