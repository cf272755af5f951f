"""The host of an app: whoever has the token that is printed when it starts, or that the host has chosen."""

import os
import secrets
from functools import cache

import streamlit as st

PAGE = "host"
WORD = "token"  # in the address of the host's page, from which it is taken at once
_VARIABLE = "RESNET_TOKEN"
_LEAST = 8  # letters of a chosen token
_KEY = "is host"


@cache
def token() -> str:
    """The token of this process: ``RESNET_TOKEN`` where it is long enough, else a random one."""
    chosen = os.environ.get(_VARIABLE, "").strip()
    return chosen if len(chosen) >= _LEAST else secrets.token_urlsafe(16)


def fault() -> str:
    """What to say of a token that is too short to be one; empty for none."""
    chosen = os.environ.get(_VARIABLE, "").strip()
    short = f"{_VARIABLE} needs at least {_LEAST} characters; a random token is used instead"
    return short if chosen and chosen != token() else ""


def announcement(base: str) -> str:
    """What is printed at the start; a token that the host has chosen is not shown to who reads the log."""
    port, chosen = st.get_option("server.port"), os.environ.get(_VARIABLE, "").strip() == token()
    return f"For the host alone: http://localhost:{port}{base}/{PAGE}?{WORD}={'…' if chosen else token()}"


def admitted() -> bool:
    """Whether this session is the host's; a token in the address is used and taken out of it: no link has it."""
    given = st.query_params.get(WORD, "")
    if given:
        st.session_state[_KEY] = secrets.compare_digest(given.encode(), token().encode())
        del st.query_params[WORD]
    return bool(st.session_state.get(_KEY))


def refused() -> bool:
    """Whether a token was given that is not the one."""
    return st.session_state.get(_KEY) is False
