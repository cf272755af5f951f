"""Small parts that pages and side bar share: widgets that show a given value, labels, notices."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import streamlit as st

from resnet.catalog import Choice
from resnet.findings.options import about
from resnet.findings.text import plain
from resnet.i18n import _
from resnet.ui.parts import address

POPOVER = 520  # pixels: three widgets in a row, so that all of them show below the side bar's tools
_NOTICES, _SHOWN = "notices", "notices shown"
_MISSING = object()


def hold(key: str, value: object) -> str:
    """Make the widget `key` show `value`; call it right before the widget. Returns the key.

    Such a widget never owns its value, so a change elsewhere (link, twin, reset) reaches it, and so does a refusal.
    """
    if st.session_state.get(key, _MISSING) != value:
        st.session_state[key] = value
    return key


@contextmanager
def lazy_popover(label: str, key: str, icon: str, text: str, height: int) -> Iterator[bool]:
    """A popover in the side bar; draw its content only when it is open.

    Forty widgets that nobody sees would cost 45 ms in every run. The popover is at least `height` pixels high from the
    start, or the browser would place the empty one where its content does not fit.
    """
    opened = st.popover(label, key=key, icon=f":material/{icon}:", type="tertiary", on_change="rerun", help=text)
    with opened, st.container(width=POPOVER, gap="xsmall", key=f"{key}-content"):
        room = f"<style>.st-key-{key}-content {{ min-height: {height}px; }}</style>"
        st.html(room if opened.open else f"{room}<i></i>")  # a container without content would not be drawn
        yield bool(opened.open)


Options = address.Labels | Callable[[], address.Labels]  # word -> label; a function where labels are more than a text


def choice(key: str, label: str, options: Options, help_text: str, default: str | None = None) -> str:
    """A row of buttons, one of which is pressed; the choice is kept in the address, by its word."""
    labels, make = (options(), options) if callable(options) else (options, None)
    usual = default or next(iter(labels))
    key = address.follow(key, labels, usual, make)
    show = labels.__getitem__
    chosen = str(st.segmented_control(label, list(labels), required=True, format_func=show, key=key, help=help_text))
    address.tell(key, chosen, usual)
    return chosen


def menu(key: str, label: str, options: Options, help_text: str, width: int = 230) -> str:
    """A menu for what would be too many buttons; the choice is kept in the address, by its word."""
    labels, make = (options(), options) if callable(options) else (options, None)
    usual = next(iter(labels))
    key = address.follow(key, labels, usual, make)
    chosen = str(
        st.selectbox(label, list(labels), format_func=labels.__getitem__, key=key, help=help_text, width=width)
    )
    address.tell(key, chosen, usual)
    return chosen


def pick(
    key: str, label: str, names: Mapping[int, str], help_text: str, first: int = 0, width: int | None = None
) -> int:
    """A menu of nets on the bench, kept in the session: `names` by place, or by the number that stays with a net.

    What has left the bench falls back to the `first` of them.
    """
    kept, shown = f"{key}-kept", f"{key}-names"
    wanted = st.session_state.get(key, st.session_state.get(kept))
    if wanted not in names:
        wanted = list(names)[first]
    if st.session_state.get(shown) != dict(names) or st.session_state.get(key) != wanted:
        # Told anew even where the choice is the same: the browser keeps the label that it knows, not the choice.
        st.session_state[key] = wanted
    chosen = int(
        st.selectbox(
            label,
            list(names),
            format_func=names.__getitem__,
            key=key,
            help=help_text,
            width=width or "stretch",
        )
    )
    st.session_state[kept], st.session_state[shown] = chosen, dict(names)
    return chosen


def labels(options: Mapping[str, Choice]) -> Callable[[str], str]:
    """The words for the options of a menu, for ``format_func``."""
    return lambda name: _(options[name].label)


def explain(text: str, options: Mapping[str, Choice] | None = None) -> str:
    """A help text: `text`, then one line for each option of the catalog."""
    return "\n\n".join([text, *(about(option) for option in (options or {}).values())])


def notify(sentence: str) -> None:
    """Say one sentence on top of the page, at the next chance, until the visitor does something else."""
    st.session_state.setdefault(_NOTICES, []).append(sentence)


def show_notices() -> None:
    """Show what `notify` was told since the last time."""
    st.session_state[_SHOWN] = list(dict.fromkeys(_taken(_NOTICES)))
    for sentence in st.session_state[_SHOWN]:
        st.warning(plain(sentence), icon=":material/info:")


def keep_notices() -> None:
    """Callback of what draws the page anew by itself: the visitor may not have read yet what stands there."""
    st.session_state[_NOTICES] = [*st.session_state.get(_SHOWN, []), *st.session_state.get(_NOTICES, [])]


def _taken(key: str) -> Iterable[Any]:
    return list(st.session_state.pop(key, []))
