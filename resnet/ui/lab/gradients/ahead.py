"""What a drag may ask for next, measured while nobody waits for an answer."""

import threading
from collections.abc import Iterator
from contextlib import suppress

import streamlit as st

from resnet.specs import NetSpec, SpecError
from resnet.specs.bench import Bench
from resnet.ui.bench.depth import FINE, moved, positions
from resnet.ui.parts import backend, visitors

MOST = 120  # questions: two kinds of nets at all usual depths
_ASKED = "measured ahead"  # in the session: for which bench, and how far
NEAR = 2  # depths on either side, while nets train and need the processors


def measure_ahead(bench: Bench) -> None:
    """Ask for the profiles of every net at the depths around its own, the nearest first; once for each bench.

    In a thread of its own: a hundred questions take longer to ask than the page to draw.
    """
    reach = NEAR if backend.engine().busy else FINE
    question = bench.nets, backend.first_batch(bench.recipe), reach
    asked, wait = st.session_state.get(_ASKED, (None, None))
    if asked != question or wait.ended:
        wait = visitors.new_ahead()
        st.session_state[_ASKED] = question, wait
        threading.Thread(target=_ask_all, args=(wait, bench, reach), daemon=True).start()


def _ask_all(wait: visitors.Wait, bench: Bench, reach: int) -> None:
    with visitors.asking(wait):
        for _distance, place, depth in questions(bench, reach):
            if wait.ended:
                return
            with suppress(SpecError):  # a net that does not fit is not measured
                _ask(moved(bench, place, depth), place)


def questions(bench: Bench, reach: int) -> list[tuple[int, int, int]]:
    """How far (in places of the slider), which net, and which depth, the nearest first."""
    return sorted(_around(bench, reach), key=lambda found: found[0])[:MOST]


def _around(bench: Bench, reach: int) -> Iterator[tuple[int, int, int]]:
    """The same for each net and depth once, in the order of the nets."""
    known: set[NetSpec] = set(bench.nets)
    for place, entry in enumerate(bench.entries):
        usual = [depth for depth in positions(entry.net) if depth <= FINE or depth == entry.net.depth]
        at = usual.index(entry.net.depth)
        for other, depth in enumerate(usual):
            net = entry.net.adapt(depth=depth)
            if 0 < abs(other - at) <= reach and net not in known:
                known.add(net)
                yield abs(other - at), place, depth


def _ask(there: Bench, place: int) -> None:
    images = backend.step0_images(there.nets, there.recipe)
    backend.step0_profiles(there.entries[place].net, there.recipe, images=images)
