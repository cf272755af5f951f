"""Whose runs are whose: a cookie that only the server reads, and who counts as being at this computer."""

import asyncio
from types import SimpleNamespace

import pytest
import streamlit as st
from starlette.responses import PlainTextResponse
from starlette.types import Message

from resnet.ui.app import cookie
from resnet.ui.parts import owner


def given(scheme: str = "http", accept: str = "text/html,*/*", sent: str = "") -> str:
    """The cookie that a browser gets with a page when it sends that one."""
    answers: list[Message] = []
    headers = [(b"accept", accept.encode()), (b"cookie", sent.encode())]

    async def send(message: Message) -> None:
        answers.append(message)

    scope = {"type": "http", "scheme": scheme, "method": "GET", "path": "/train", "headers": headers}
    asyncio.run(cookie.VisitorCookie(PlainTextResponse("page"))(scope, None, send))  # type: ignore[arg-type]
    return str(dict(answers[0]["headers"]).get(b"set-cookie", b"").decode())


def test_a_browser_gets_one_name_and_keeps_it() -> None:
    text = given()
    value = text.split(";")[0]
    assert {"HttpOnly", "SameSite=Lax"} <= set(text.split("; "))
    assert "Path" not in text
    assert "Secure" not in text
    assert cookie.usable(value.removeprefix(f"{cookie.NAME}="))
    assert not given(sent=value)
    assert given().split(";")[0] != value


def test_pictures_and_scripts_bring_none() -> None:
    assert not given(accept="image/png")


def test_over_https_the_name_stays_there() -> None:
    assert "Secure" in given("https").split("; ")


@pytest.mark.parametrize("value", ["", "short", "x" * 99, "a b" * 10, "<script>aaaaaaaaaaaaaaaaaaaaa"])
def test_what_is_no_name_of_ours_is_replaced(value: str) -> None:
    assert given(sent=f"{cookie.NAME}={value}")


def context(monkeypatch: pytest.MonkeyPatch, **words: object) -> None:
    usual = {"ip_address": None, "url": "http://localhost:8501/runs", "headers": {"Host": "localhost:8501"}}
    monkeypatch.setattr(st, "context", SimpleNamespace(**{**usual, "cookies": {}, **words}))


def test_the_name_in_the_file_is_not_the_cookie(monkeypatch: pytest.MonkeyPatch) -> None:
    value = "abcdefghijklmnopqrstuvwxyz123456"
    context(monkeypatch, cookies={cookie.NAME: value})
    name = owner.name()
    assert len(name) == 32
    assert value not in name
    context(monkeypatch, cookies={cookie.NAME: value[:-1] + "7"})
    assert owner.name() != name


@pytest.mark.parametrize(
    ("words", "host"),
    [
        ({}, True),
        ({"url": "http://[::1]:8501/", "headers": {"host": "[::1]:8501"}}, True),
        ({"ip_address": "192.0.2.7"}, False),
        ({"url": "https://lab.example.org/runs"}, False),
        ({"headers": {"host": "lab.example.org"}}, False),
        ({"headers": {"host": "localhost", "x-forwarded-for": "192.0.2.7"}}, False),
        ({"url": None}, False),
    ],
)
def test_only_who_sits_at_this_computer_is_the_host(
    words: dict[str, object], host: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    context(monkeypatch, **words)
    assert owner.is_host() is host
