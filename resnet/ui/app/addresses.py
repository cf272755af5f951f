"""Under which address others can open the lab, and whether they can at all."""

import ipaddress
import os
import socket
from dataclasses import dataclass
from typing import Literal
from urllib.parse import SplitResult, urlsplit

import streamlit as st

_URL = "RESNET_URL"
GO = "go"  # the folder of short links in an address
_ANYWHERE = "192.0.2.1"  # a network for examples: asking for the way there sends nothing
Reach = Literal["said", "open", "network", "local"]


@dataclass(frozen=True)
class Address:
    """`base`, without a slash at its end, leads to the start page; `reach` says who can open it.

    said: the host says that everybody can. open: the visitor's own browser came by it from elsewhere. network: this
    computer's address among its neighbours. local: this computer only.
    """

    base: str
    reach: Reach


def found(url: str) -> Address:
    """The best address for others; `url` is what the visitor's own browser shows of the app, without a page."""
    if said := of_host():
        return Address(said, "said")
    parts = urlsplit(url)
    if not parts.hostname:
        return Address("", "local")
    if not is_loopback(parts.hostname):
        return Address(url.rstrip("/"), "open")
    if listens_to_others() and (own := own_address()):
        return Address(_with_host(parts, own), "network")
    return Address(url.rstrip("/"), "local")


def of_host() -> str:
    """The address in ``RESNET_URL``; empty for none, or one that is none."""
    said = os.environ.get(_URL, "").strip().rstrip("/")
    return said if not wrong(said) else ""


def wrong(said: str) -> bool:
    """Whether this cannot be the address of the lab."""
    try:
        parts = urlsplit(said)
        return parts.scheme not in ("http", "https") or not parts.hostname or bool(parts.query or parts.fragment)
    except ValueError:
        return True


def fault() -> str:
    """What to say of a ``RESNET_URL`` that cannot be used; empty for a sound or a missing one."""
    said = os.environ.get(_URL, "").strip()
    told = f"{_URL}: “{said}” is no address such as https://lab.example.org and has no effect"
    return told if said and wrong(said) else ""


def is_loopback(host: str) -> bool:
    """Whether the name stands for the computer on which it is used."""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def listens_to_others() -> bool:
    """Whether the server was started for more than this computer."""
    address = str(st.get_option("server.address") or "")
    return not is_loopback(address)


def own_address() -> str:
    """This computer's address in its network; empty where there is none."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect((_ANYWHERE, 9))
            own = str(probe.getsockname()[0])
        except OSError:
            return ""
    return "" if is_loopback(own) else own


def _with_host(parts: SplitResult, host: str) -> str:
    port = f":{parts.port}" if parts.port else ""
    return f"{parts.scheme}://{host}{port}{parts.path}".rstrip("/")
