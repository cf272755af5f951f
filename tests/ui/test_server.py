"""Addresses, the file that the app serves, and the start of the app."""

import asyncio
import gzip
import re
import subprocess
import sys
from pathlib import Path
from urllib.parse import unquote, urljoin

import pytest
from starlette.applications import Starlette
from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Scope, Send
from streamlit import config

from resnet.runs.engine import Engine
from resnet.runs.store import Store, short_links
from resnet.specs.limits import LIMITS, Limits
from resnet.ui.app import server
from resnet.ui.app.server import better_address

ROOT = server.ASSETS.parent
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


@pytest.mark.parametrize(
    "path", ["/_stcore/health", "/media/0123.png", "/static/js/index.js", "/component/x", "/go/k7m2"]
)
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

    async def inner(scope: Scope, receive: object, send: Send) -> None:
        await send({"type": "passed on"})

    return answers(server.AddressRule(inner), path, accept)


def answers(app: ASGIApp, path: str, accept: str) -> list[Message]:
    """All that an app sends for a GET."""
    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    async def receive() -> Message:
        return {"type": "http.request"}

    scope = {
        "type": "http",
        "method": "GET",
        "path": unquote(path),
        "raw_path": path.encode(),
        "query_string": b"",
        "headers": [(b"accept", accept.encode())],
    }
    asyncio.run(app(scope, receive, send))
    return sent


def test_only_a_page_that_a_person_opens_is_redirected() -> None:
    answer = request("/nonsense", "text/html,*/*")
    assert answer[0]["status"] == 303
    assert (b"location", b"./?notice=page") in answer[0]["headers"]
    assert (b"location", b"./?notice=page") in request("/a%2Fb", "text/html")[0]["headers"]
    assert request("/nonsense", "*/*") == [{"type": "passed on"}]
    assert request("/train", "text/html") == [{"type": "passed on"}]


async def start() -> None:
    """The server starts and ends."""
    async with server.lifespan(None):  # type: ignore[arg-type]
        pass


def test_what_a_host_sets_is_looked_at_when_the_server_starts(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("RESNET_MAX_DEPHT", "20")
    monkeypatch.setenv("RESNET_MAX_NETS", "many")

    monkeypatch.setenv("RESNET_FRAMES", "a.org,b.org")
    asyncio.run(start())
    assert [record.getMessage() for record in caplog.records if record.name == server.__name__] == [
        "RESNET_MAX_DEPHT is no known setting and has no effect; did you mean RESNET_MAX_DEPTH?",
        "RESNET_FRAMES: “a.org,b.org” names no host, such as https://learn.example.org, and has no effect",
        "RESNET_MAX_NETS must be a whole number, 1 to 100; got “many”",
    ]


def test_plotly_is_served_compressed_and_may_be_kept_for_ever() -> None:
    route, *_others = server.routes()
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


def test_a_server_that_has_started_has_imported_all_that_any_page_imports(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", ALL_PAGES, str(tmp_path)], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == []


# Each line of what it prints is a module: one that computes, or one that only a page has imported. Streamlit's own are
# left out, those with which it looks for components where no server does, and Python's own tables of characters, which
# reading a kept data set asks for.
ALL_PAGES = """
import asyncio, sys
from pathlib import Path
from streamlit.testing.v1 import AppTest
from resnet.runs.engine import Engine, engine
from resnet.runs.store import Store
from resnet.ui.app import pages, server

engine._shared = Engine(Store(Path(sys.argv[1]) / "runs.sqlite"))
engine._shared.start = lambda *_: None

async def start():
    async with server.lifespan(None):
        await server.opening.over()
        draw()

def draw():
    before = set(sys.modules)
    print(*before & {"torch", "torchvision", "captum", "sklearn", "dask", "distributed"})
    for page in pages.PAGES:
        app = AppTest.from_file(str(Path(pages.__file__).with_name("main.py")), default_timeout=60)
        if page is not pages.START:
            app.switch_page(f"../../../pages/{page.file}.py")
        assert not app.run().exception
    known = ("streamlit", "packaging", "encodings")
    print(*(name for name in set(sys.modules) - before if name.split(".")[0] not in known))

asyncio.run(start())
"""


def policy(monkeypatch: pytest.MonkeyPatch, frames: str) -> str | None:
    """What an answer says about frames."""
    monkeypatch.setenv("RESNET_FRAMES", frames)
    guarded = server.Guard(Response(headers={"X-Content-Type-Options": "said already"}))
    headers = Headers(raw=answers(guarded, "/", "*/*")[0]["headers"])
    assert headers.getlist("x-content-type-options") == ["nosniff"]
    assert headers["referrer-policy"] == "same-origin"
    return headers.get("content-security-policy")


def test_a_host_names_who_may_show_the_lab_in_a_frame(monkeypatch: pytest.MonkeyPatch) -> None:
    named = "https://learn.example.org  https://*.example.edu:8443 localhost:8888 vscode-webview:"
    assert policy(monkeypatch, named) == f"frame-ancestors 'self' {' '.join(named.split())}"
    assert policy(monkeypatch, "*") is None
    assert policy(monkeypatch, "") == "frame-ancestors 'self'"


@pytest.mark.parametrize("wrong", ["a.org;", "a.org,b.org", "'none'", "https://", "https://a.org/path", "ü.org"])
def test_a_word_that_names_no_host_opens_nothing(wrong: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert policy(monkeypatch, f"{wrong} b.org") == "frame-ancestors 'self' b.org"
    assert server.frames_allowed() == (["b.org"], [wrong])


def test_the_server_takes_a_picture_as_large_as_the_host_allows(monkeypatch: pytest.MonkeyPatch) -> None:
    before = config.get_option("server.maxUploadSize")
    monkeypatch.setattr(server, "LIMITS", Limits(max_upload_mb=50, max_zip_mb=40))
    monkeypatch.setenv("RESNET_MAX_NETS", "many")  # so that no engine starts
    try:
        asyncio.run(start())
        assert config.get_option("server.maxUploadSize") == 50
    finally:
        config.set_option("server.maxUploadSize", before)


def test_a_short_link_leads_to_its_page_and_an_unknown_one_to_the_start_page(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = Engine(Store(tmp_path / "runs.sqlite"))
    monkeypatch.setattr("resnet.runs.engine.engine._shared", engine)
    target = "gradients?nets=plain-20,res-20&class=9b"
    code = short_links.shorten(engine.store, target)
    app = Starlette(routes=server.routes())
    for asked, found in ((code, f"../{target}"), ("zzzz", "../?notice=short"), ("..", "../?notice=short")):
        (start, *_body) = answers(app, f"/go/{asked}", "text/html")
        assert (start["status"], Headers(raw=start["headers"])["location"]) == (303, found)
    engine.store.close()
