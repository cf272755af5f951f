"""A scrubber over the recorded steps of a panel, with a play button; the browser switches frames by itself.

What it calls steps may be places of another kind, see `Places`.

A panel with frames has the parts ``steps@`` (a list of numbers), and for a part named ``x`` the whole ``x@`` and a
frame ``x@<step>`` for each step (see `charts.frames`, for HTML the text itself).
"""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import streamlit as st

from resnet.charts.frames import laid_over
from resnet.i18n import _
from resnet.ui.parts.component import RANGE, component
from resnet.ui.parts.panels import Drawn

STILL = "still"  # key of a container whose words are of the page's own step: they fade while another one is looked at
WORD = "step"  # in the address
_KEY = "player"

_HTML = """<div class="resnet-player">
<button type="button"></button><input class="resnet-range" type="range" min="0" step="1"><output></output>
</div>"""
_STYLE = """
.resnet-player { display: flex; align-items: center; gap: 0.75rem; font-size: 0.875rem; }
.resnet-player button { flex: none; width: 2.25rem; height: 2.25rem; border-radius: var(--st-button-radius);
  border: 1px solid var(--st-border-color); background: none; color: var(--st-text-color); cursor: pointer; }
.resnet-player button:hover:enabled { border-color: var(--st-primary-color); color: var(--st-primary-color); }
.resnet-player button:disabled { opacity: 0.4; cursor: default; }
.resnet-player input { flex: 1; min-width: 6rem; }
.resnet-player output { flex: none; min-width: 6rem; color: var(--st-text-color); }
.resnet-player button:focus-visible { outline: 2px solid var(--st-primary-color); outline-offset: 2px; }
"""
_mount = component("player", _HTML, RANGE + _STYLE)


@dataclass(frozen=True)
class Places:
    """What is played: its `word` in the address, the scrubber's `label`, the words for `each` place and for playing.

    "{step}" in `each` is a place divided by `unit`. Played in `seconds` (0: as fast as it goes); `once` in a visit by
    itself, unless the visitor has asked for less motion.
    """

    word: str
    label: str
    each: str
    play: str
    unit: int = 1
    seconds: float = 0.0
    once: bool = False


def chosen(recorded: Sequence[int], default: int = 0, word: str = WORD) -> int:
    """The step that is looked at, the nearest of `recorded` to the one in the address."""
    wanted = st.query_params.get(word, "")
    step = int(wanted) if re.fullmatch("[0-9]{1,7}", wanted) else default
    return min(recorded, key=lambda known: abs(known - step), default=default)


def player(panel: Drawn, recorded: Sequence[int], step: int, default: int = 0, places: Places | None = None) -> None:
    """The scrubber; nothing where there is nothing to choose from. `default` is the step of an address without one."""
    places = places or _steps()
    words = {
        "label": places.label,
        "step": places.each,
        "play": places.play,
        "pause": _("Pause"),
        "next": _("Next step"),
        "skip": _("Skip to the end"),
    }
    how = {"unit": places.unit, "seconds": places.seconds, "once": places.once}
    data = {"panel": panel.token, "steps": list(recorded), "step": step, "words": words, **how}
    if len(recorded) > 1:
        _mount(key=_KEY, data=data, on_step_change=partial(_heard, default, places.word))


def _steps() -> Places:
    """The steps of a training."""
    play = _("Play: show how the layers change from the first step to the last")
    return Places(WORD, _("Step"), _("step {step}"), play)


def framed(panel: Drawn, part: str, step: int) -> str:
    """A chart's text at that step, as the browser shows it there."""
    whole, change = (json.loads(panel.content[f"{part}@{name}"]) for name in ("", step))
    return json.dumps(laid_over(whole, change))


def _heard(default: int, word: str) -> None:
    """The scrubber has come to rest."""
    told = st.session_state[_KEY].step
    if isinstance(told, dict) and isinstance(told.get("step"), int):
        _write(told["step"], default, word)


def _write(step: int, default: int, word: str) -> None:
    """Keep the step in the address; the default stands for itself."""
    if step != default:
        st.query_params[word] = str(step)
    elif word in st.query_params:
        del st.query_params[word]
