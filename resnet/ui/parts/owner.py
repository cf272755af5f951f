"""Whose runs a visitor sees: those of the same browser, after a reload too; the person at this computer sees all."""

import hashlib
from contextlib import suppress
from urllib.parse import urlsplit

import streamlit as st

from resnet.runs.errors import StoreError
from resnet.runs.store import Store, listing
from resnet.ui.app import cookie
from resnet.ui.parts import visitors

_HERE = ("localhost", "127.0.0.1", "::1")
_FORWARDED = ("forwarded", "via", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "x-real-ip")


def name() -> str:
    """What stands for this browser in the file of runs: never its cookie; without one it is this session."""
    value = st.context.cookies.get(cookie.NAME)
    if not value or not cookie.usable(value):
        return visitors.me().name
    return hashlib.sha256(value.encode()).hexdigest()[:32]


def is_host() -> bool:
    """Whether the browser runs on this computer and speaks to the app without anything between."""
    headers = {key.lower(): value for key, value in st.context.headers.items()}
    if st.context.ip_address is not None or any(word in headers for word in _FORWARDED):
        return False
    addresses = (st.context.url or "", f"//{headers.get('host', '')}")
    return all(urlsplit(address).hostname in _HERE for address in addresses)


def note(store: Store, run: str) -> None:
    """This visitor has asked for that run. Where it cannot be written the run is known while it is on the bench."""
    with suppress(StoreError):
        listing.ask(store, [run], name())
