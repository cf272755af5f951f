"""A slider over the recorded steps of the runs on the bench, with a play button; for use inside a fragment."""

import re
from collections.abc import Sequence

import streamlit as st

from resnet.i18n import _

FRAME = 0.35  # seconds a picture is shown while playing
FRAMES = 40  # a whole run is played in at most so many pictures
WORD = "step"  # in the address
_PLAYING = "playing"
_REWIND = "rewind"


def is_playing() -> bool:
    """Whether the visitor has pressed play."""
    return bool(st.session_state.get(_PLAYING))


def step_slider(recorded: Sequence[int]) -> int:
    """The chosen step, one of `recorded`; 0, and no slider, when there is nothing to choose from."""
    if len(recorded) < 2:
        st.session_state[_PLAYING] = False
        return 0
    steps = list(recorded)
    place = _nearest(steps, _wanted())
    ends = False
    if is_playing():
        place = min(place + max(1, len(steps) // FRAMES), len(steps) - 1)
        ends = place == len(steps) - 1
    st.session_state["step"] = steps[place]
    with st.container(horizontal=True, gap="medium", vertical_alignment="bottom"):
        label, icon = (_("Pause"), "pause") if is_playing() else (_("Play"), "play_arrow")
        pressed = st.button(
            label,
            key="play",
            icon=f":material/{icon}:",
            help=_("Show how the layers change from the first step to the last."),
        )
        chosen: int = st.select_slider(
            _("Step"), steps, key="step", help=_("Updates made so far; 0 is before the first."), width="stretch"
        )
    if not is_playing():
        _write(chosen)
    if pressed or ends:
        _toggle(steps)
        st.rerun()  # the whole page: how often this part is drawn anew changes
    return chosen


def _wanted() -> int:
    """The step that was chosen last; on a new page the one in the address."""
    if st.session_state.pop(_REWIND, False):
        return 0
    asked = st.query_params.get(WORD, "0")
    return int(st.session_state.get("step", asked if re.fullmatch("[0-9]{1,7}", asked) else 0))


def _write(step: int) -> None:
    """Keep the step in the address; 0 is the default and stands for itself."""
    if str(step) != st.query_params.get(WORD, "0"):
        if step:
            st.query_params[WORD] = str(step)
        else:
            del st.query_params[WORD]


def _toggle(steps: list[int]) -> None:
    st.session_state[_PLAYING] = not is_playing()
    if is_playing() and st.session_state.get("step") == steps[-1]:
        st.session_state[_REWIND] = True


def _nearest(steps: list[int], wanted: int) -> int:
    return min(range(len(steps)), key=lambda place: abs(steps[place] - wanted))
