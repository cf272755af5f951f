"""The visitor's bench: kept in the session, and equal to the address at the end of every run.

An address that was changed from outside (a link, the browser's back button) is read; the module's own last words are
not. A change of page clears the address; an address without the bench's words therefore means "keep the bench".
"""

import time
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from itertools import count
from urllib.parse import urlencode

import streamlit as st

from resnet.charts import look
from resnet.charts.look import Look
from resnet.i18n import _
from resnet.specs import SpecError
from resnet.specs.bench import Bench, Entry, is_bench_word, readable
from resnet.ui.app import carried, language
from resnet.ui.parts import widgets
from resnet.ui.parts.address import went_back

_KEY = "bench"
_UNDER_WAY = 5.0  # seconds in which the browser may still send words that were written or replaced here


@dataclass
class _Held:
    """A visitor's bench; `uids` name its entries, so that a widget stays with its net when others come and go."""

    bench: Bench = field(default_factory=Bench)
    uids: tuple[int, ...] = ()
    page: str = ""
    own: frozenset[str] = frozenset()  # the page's words in the address
    before: Bench | None = None  # what lay here until the whole bench was replaced
    left: tuple[str, dict[str, str], Bench] | None = None  # page, words and bench before `leave_with`
    fresh: Iterator[int] = field(default_factory=lambda: count(1))
    written: dict[str, str] = field(default_factory=dict)  # what the address should say since the last run
    recent: list[tuple[float, dict[str, str]]] = field(default_factory=list)  # what it may say in between, and when
    refusal: str = ""

    def put(self, bench: Bench) -> None:
        """Take `bench`; entries in their old place, or the same entries elsewhere, keep their uid."""
        if len(bench.entries) != len(self.uids):
            known = {id(entry): uid for entry, uid in zip(self.bench.entries, self.uids, strict=False)}
            self.uids = tuple(known.pop(id(entry), 0) or next(self.fresh) for entry in bench.entries)
        self.bench = bench


def current() -> Bench:
    """The bench of this visitor, on every page."""
    return _held().bench


def entries() -> list[tuple[int, Entry]]:
    """The entries with the number that names each in this session, for the keys of widgets."""
    held = _held()
    return list(zip(held.uids, held.bench.entries, strict=True))


def looks(bench: Bench) -> list[Look]:
    """How each entry is drawn and named, on every page and in every chart; no two names are equal."""
    return look.looks(bench)


def change(make: Callable[[Bench], Bench]) -> None:
    """Put what `make` returns on the bench; when it raises SpecError, say so and change nothing. For callbacks.

    A bench of which nothing but one net stays or goes with it is a step of a widget; any other is kept for `go_back`.
    """
    held = _held()
    try:
        made = make(held.bench)
    except SpecError as error:
        held.refusal = str(error)
        return
    if replaced(held.bench, made):
        held.before = held.bench
    held.put(made)


def replace(bench: Bench) -> None:
    """Put another bench in the place of this one, which is kept for `go_back`."""
    held = _held()
    if bench != held.bench:
        held.before = held.bench
        held.put(bench)


def leave_with(bench: Bench) -> None:
    """Like `replace`, right before a change of page that takes the words of `bench` along.

    Streamlit writes those words into the address of the page that is left, too; the browser's Back leads there, and
    must find what the visitor saw there.
    """
    held = _held()
    held.left = (held.page, bench.to_query(), held.bench)
    replace(bench)


def before() -> Bench | None:
    """The bench that was replaced as a whole, by the demo or a button that puts several nets here; None without one."""
    held = _held()
    return held.before if held.before != held.bench else None


def go_back() -> None:
    """Callback: put the bench before on the table again; the present one takes its place, so that nothing is lost."""
    if earlier := before():
        replace(earlier)


def replaced(old: Bench, new: Bench) -> bool:
    """Whether more than one net is gone, or one for several others: no slider or menu does that."""
    gone, come = set(old.entries) - set(new.entries), set(new.entries) - set(old.entries)
    return len(gone) > 1 or (len(gone) == 1 and len(come) > 1)


def change_entry(uid: int, make: Callable[[Bench, int], Bench]) -> None:
    """Like `change`, for one entry: `make` gets the bench and the entry's place."""
    uids = _held().uids
    if uid in uids:
        change(lambda bench: make(bench, uids.index(uid)))


def refusal() -> str:
    """Why the last change was refused, once; empty when it was not."""
    held = _held()
    sentence, held.refusal = held.refusal, ""
    return sentence


def link() -> str:
    """The address that restores this bench and page in another browser; what is the visitor's own stays here."""
    kept = carried.SHARED | (_held().own - carried.WORDS)
    shown = [word for word in st.query_params if is_bench_word(word) or word in kept]
    words = {word: st.query_params.get_all(word) for word in shown}  # what is chosen of a list has a word for each
    return f"{(st.context.url or '').split('?')[0]}?{urlencode(words, doseq=True, safe=',')}"


def page() -> str:
    """The path of the page that is shown; empty for the start page."""
    return _held().page


def follow_address(page: str, own: Collection[str] = ()) -> None:
    """Read the bench from the address where it says something new, and write it back where it does not.

    Call once in each run, before the bench is used. `own` are the words of the page's own widgets.
    """
    address = _mended(st.query_params.to_dict())
    first = _KEY not in st.session_state
    held = _held()
    held.own = frozenset(own)
    seen = held.left[2] if held.left and held.left[:2] == (page, _bench_words(address)) and went_back() else None
    if seen:
        held.put(seen)
    elif first or _changed_outside(held, _bench_words(address), page):
        _read(held, address, {language.WORD, *own}, everything=first)
    held.page = page
    _write(held)


def _mended(address: dict[str, str]) -> dict[str, str]:
    """The words of the address; escaped ampersands (``amp;steps``) are mended in the address too.

    Widgets bound to the address have looked at it before, so a view of the page behind such a word is the default one.
    """
    words = readable(address)
    if words != address:
        st.query_params.from_dict(words)
    return words


def _held() -> _Held:
    if _KEY not in st.session_state:
        held = _Held()
        held.put(Bench())
        st.session_state[_KEY] = held
    kept: _Held = st.session_state[_KEY]
    return kept


def _bench_words(address: dict[str, str]) -> dict[str, str]:
    return {word: text for word, text in address.items() if is_bench_word(word)}


def _changed_outside(held: _Held, present: dict[str, str], page: str) -> bool:
    """Whether somebody else wrote the address. Fast keys on a slider send words that are several runs old."""
    if not present or present == held.written:
        return False
    if page != held.page or went_back():  # a link to another page; the menu drops the words
        return True
    now = time.monotonic()
    return not any(present == words and now - at < _UNDER_WAY for at, words in held.recent)


def _read(held: _Held, address: dict[str, str], own: Collection[str], everything: bool) -> None:
    """Take the bench of the address; a wrong one gives a notice, the default bench, and leaves the address."""
    try:
        held.put(Bench.from_query(address if everything else _bench_words(address), own))
    except SpecError as error:
        widgets.notify(_("This link cannot be used: {reason}. Here is the demo instead.", reason=error))
        held.put(Bench())
        for word in [word for word in address if word not in own and not is_bench_word(word)]:
            del st.query_params[word]


def _write(held: _Held) -> None:
    """Make the address say what is on the bench; each message is an entry in the browser's history, so send few."""
    present, wanted, now = _bench_words(st.query_params.to_dict()), held.bench.to_query(), time.monotonic()
    held.written = wanted  # first: a newer run may end this one at any message
    if present == wanted:
        return
    kept = [(at, words) for at, words in held.recent if now - at < _UNDER_WAY]
    between = {word: text for word, text in present.items() if word in wanted}
    held.recent = [*kept, (now, present), (now, between), (now, wanted)]
    for word in present.keys() - wanted.keys():
        del st.query_params[word]
    if any(present.get(word) != text for word, text in wanted.items()):
        st.query_params.update(wanted)
