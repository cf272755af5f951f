"""Choices that are kept in the address as numbers, such as a net's place on the bench: uids mean nothing elsewhere."""

import re
from collections.abc import Mapping

import streamlit as st

from resnet.findings.text import plain
from resnet.i18n import _
from resnet.ui.parts import widgets

NONE = -1  # the uid of no net at all, whose place is 0


def menu(word: str, label: str, names: Mapping[int, str], first: int, help_text: str, width: int = 112) -> int:
    """A menu of `names` by uid; the place is kept behind `word` in the address. Returns the uid, at first `first`.

    Places are counted from 1; `NONE`, where it is offered, has the place 0 and stands in front.
    """
    uids = list(names)
    low = 0 if NONE in names else 1
    place = asked(word, low, low + len(uids) - 1)
    if place is not None:
        st.session_state[f"place-{word}"] = uids[place - low]
    chosen = widgets.pick(f"place-{word}", label, names, help_text, uids.index(first), width)
    tell(word, uids.index(chosen) + low, uids.index(first) + low)
    return chosen


def asked(word: str, low: int, high: int) -> int | None:
    """The number that stands newly behind `word` in the address; None for none, and a wrong one is named."""
    text, written = st.query_params.get(word, ""), f"{word}-written"
    if text == st.session_state.get(written, ""):
        return None
    st.session_state[written] = text
    if re.fullmatch("[0-9]{1,3}", text) and low <= int(text) <= high:
        return int(text)
    if text:  # a change of page takes the word out of the address: that is no choice
        values = {"word": word, "low": low, "high": high, "got": text}
        sentence = _("“{word}” in the link must be a number from {low} to {high}; got {got}", **values)
        st.warning(plain(sentence), icon=":material/info:")
    return None


def tell(word: str, number: int, default: int) -> None:
    """Make the address say the choice; the default stands for itself."""
    text = "" if number == default else str(number)
    if text != st.query_params.get(word, ""):
        if text:
            st.query_params[word] = text
        else:
            del st.query_params[word]
    st.session_state[f"{word}-written"] = text
