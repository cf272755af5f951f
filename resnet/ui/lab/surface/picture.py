"""What the page of loss surfaces shows, as far as it is measured; and how it goes on to finer grids."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from html import escape

import numpy as np
import streamlit as st

from resnet.charts.surface import Ground, contours_figure, relief_figure
from resnet.findings import surface as findings
from resnet.i18n import _, language
from resnet.training import estimates
from resnet.ui.lab.surface import measured
from resnet.ui.lab.surface.choosing import Spot
from resnet.ui.parts import backend, panels, visitors, waiting
from resnet.ui.parts.panels import Panel
from resnet.ui.parts.plot import described

HEIGHT = 370  # pixels
_ASKED = "surface asked"  # in the session: which surfaces are refined, and the wait that owns the questions
_STOPPED = "surface stopped"  # in the session: of which surfaces the refinement was stopped


@dataclass(frozen=True)
class View:
    """The nets on their planes, the classes among which they guess, contours or a relief."""

    spots: tuple[Spot, ...]
    classes: int
    relief: bool

    @property
    def random(self) -> bool:
        return not self.spots[0].asked.kept


def coarse(spots: Sequence[Spot]) -> None:
    """Wait for the first level; raises like `waiting.gather`."""
    waiting.gather([answer for spot in spots for answer in measured.ask(spot.asked, measured.LEVELS[0])])


def panel(view: View) -> Panel:
    """Drawn anew with each point, so that it says how many there are."""
    return panels.panel(_drawn, view, news=_news)


def level(spots: Sequence[Spot]) -> int:
    """Points on a side of the finest level that is complete for all nets."""
    return min(measured.known(spot.asked).level() for spot in spots)


def state(spots: Sequence[Spot]) -> str:
    """ "done", "failed" where a question came to nothing, or "open"."""
    known = [measured.known(spot.asked) for spot in spots]
    if level(spots) == measured.LEVELS[-1]:
        return "done"
    return "failed" if any(one.failed for one in known) else "open"


def _news(view: View) -> tuple[object, ...]:
    known = [measured.known(spot.asked) for spot in view.spots]
    return tuple((one.count(measured.SIDE), one.failed) for one in known)


def _drawn(view: View) -> dict[str, str]:
    side = level(view.spots)
    if not side:  # forgotten meanwhile: the page asks anew
        return {"figure": "", "!said": "", "status": "", "!state": "lost"}
    figure, said = _picture(view, side, language(), id(backend.engine()))
    return {"figure": figure, "!said": said, "status": escape(status(view.spots, side)), "!state": state(view.spots)}


@lru_cache(maxsize=100)  # 30 kB each; between two levels only the number of points changes
def _picture(view: View, side: int, _language: str, _engine: int) -> tuple[str, str]:
    """The figure and the sentences of a level that is complete."""
    grounds = [_ground(spot, side) for spot in view.spots]
    draw = relief_figure if view.relief else contours_figure
    figure = draw(grounds, "random" if view.random else "training", height=HEIGHT)
    said = [
        findings.Ground(one.look.label, view.classes, one.surface.x, one.surface.y, one.surface.losses,
                        one.surface.centre)
        for one in grounds
    ]  # fmt: skip
    return described(figure), "  \n".join(findings.surface_sentences(said, view.random))


def _ground(spot: Spot, side: int) -> Ground:
    places = np.array(spot.path).reshape(-1, 2)
    return Ground(spot.look, spot.note, measured.surface(spot.asked, side), spot.steps, places)


def status(spots: Sequence[Spot], side: int) -> str:
    """How fine the picture is, and how far the next one."""
    if side == measured.LEVELS[-1]:
        return _("{side} × {side} points, as fine as it gets.", side=side)
    finer = measured.LEVELS[measured.LEVELS.index(side) + 1]
    done = sum(measured.known(spot.asked).count(finer) for spot in spots)
    values = {"side": side, "finer": finer, "done": done, "all": len(spots) * finer**2}
    return _("{side} × {side} points; of {finer} × {finer}: {done} of {all} measured.", **values)


def refine(view: View) -> None:
    """Let the finer levels be measured while nobody waits for an answer, unless that was stopped; and the button."""
    asked = tuple(spot.asked for spot in view.spots)
    state_now = state(view.spots)
    if state_now == "done":
        return
    if st.session_state.get(_STOPPED) == asked or state_now == "failed":
        text = _("Continue") if state_now == "open" else _("Try again")
        about = _("Measures the points of the finer grids.")
        st.button(text, key="surface-go", icon=":material/play_arrow:", on_click=_go, help=about)
        return
    about = _("Keeps the points that are measured; no further ones are.")
    st.button(_("Stop"), key="surface-stop", icon=":material/stop_circle:", on_click=_stop, args=(asked,), help=about)
    ask_ahead(asked)


def ask_ahead(asked: tuple[measured.Asked, ...]) -> None:
    """Ask for all finer levels, the coarser first, both nets in turn; once, as long as that wait lasts."""
    known, wait = st.session_state.get(_ASKED, (None, None))
    if known == asked and not wait.ended:
        return
    wait = visitors.new_ahead()
    st.session_state[_ASKED] = asked, wait
    with visitors.asking(wait):
        for side in measured.LEVELS[1:]:
            for one in asked:
                measured.ask(one, side)


def _stop(asked: tuple[measured.Asked, ...]) -> None:
    visitors.new_ahead()  # ends what was asked
    st.session_state[_STOPPED] = asked


def _go() -> None:
    st.session_state.pop(_STOPPED, None)
    st.session_state.pop(_ASKED, None)
    visitors.new_ahead()


def about(view: View) -> list[str]:
    """Sentences below the picture: the path of training, or why there is none, and what a picture cannot show."""
    counts = [(spot.look.label, _parameters(spot)) for spot in view.spots]
    images = view.spots[0].asked.images
    if view.random:
        return [findings.path_note(), findings.limits_note(counts, images, random=True)]
    names, shares = [spot.look.label for spot in view.spots], [np.array(spot.explained) for spot in view.spots]
    return [findings.explained_sentence(names, shares), findings.limits_note(counts, images, random=False)]


def _parameters(spot: Spot) -> int:
    return estimates.cost(spot.asked.net, spot.asked.recipe.data, spot.asked.recipe.pixels).parameters
