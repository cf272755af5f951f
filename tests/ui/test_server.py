"""Addresses, the file that the app serves, and the start of the app."""

import asyncio
import gzip
import re
import subprocess
import sys

import pytest
from starlette.types import Message, Scope

from resnet.specs.limits import LIMITS
from resnet.ui.app import server
from resnet.ui.app.server import better_address


@pytest.mark.parametrize("page", sorted(server.url_paths()))
def test_the_address_of_a_page_is_left_alone(page: str) -> None:
    assert better_address(f"/{page}", "nets=res-20") is None
    assert better_address(f"/{page}/", "") is None


@pytest.mark.parametrize("path", ["/nonsense", "/train/deep", "/lab/train", "/start", "/%00", "/TRAIN"])
def test_an_unknown_page_leads_to_the_start_page(path: str) -> None:
    assert better_address(path, "nets=res-20") == "/?notice=page"


@pytest.mark.parametrize("path", ["/_stcore/health", "/media/0123.png", "/static/js/index.js", "/component/x"])
def test_the_paths_of_streamlit_are_left_alone(path: str) -> None:
    assert better_address(path, "x" * 10**6) is None


def test_a_link_that_is_too_long_leads_to_the_same_page_without_it() -> None:
    assert better_address("/train", "x" * (3 * LIMITS.max_link)) is None  # percent-encoded it may still be short
    assert better_address("/train", "x" * (3 * LIMITS.max_link + 1)) == "/train?notice=long"


def test_the_rule_holds_below_a_base_path(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "base_path", lambda: "/lab")
    assert better_address("/lab", "") is None
    assert better_address("/lab/train", "") is None
    assert better_address("/lab/nonsense", "") == "/lab/?notice=page"


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
        "path": path,
        "query_string": b"",
        "headers": [(b"accept", accept.encode())],
    }
    asyncio.run(server.AddressRule(inner)(scope, receive, send))
    return sent


def test_only_a_page_that_a_person_opens_is_redirected() -> None:
    answer = request("/nonsense", "text/html,*/*")
    assert answer[0]["status"] == 303
    assert (b"location", b"/?notice=page") in answer[0]["headers"]
    assert request("/nonsense", "*/*") == [{"type": "passed on"}]
    assert request("/train", "text/html") == [{"type": "passed on"}]


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
