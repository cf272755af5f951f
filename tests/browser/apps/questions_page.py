"""With ``?ask=9`` a page that waits for nine answers, else one that counts what all visitors wait for."""

from concurrent.futures import Future
from typing import Any

import streamlit as st

from resnet.runs.engine import engine as engines
from resnet.runs.engine.questions import Questions
from resnet.ui.parts import backend, visitors, waiting


class Silent:
    """An engine whose only worker has one question for ever."""

    def __init__(self) -> None:
        self.questions = Questions(lambda *_arguments: Future(), lambda: 1)


st.set_page_config(page_icon=None)
asked: Any = engines._shared or Silent()
engines._shared = asked
visitors.here((), asked.questions)


@st.fragment(run_every=0.2)
def count() -> None:
    st.text(f"{asked.questions.unanswered()} questions, {len(visitors._here)} visitors")


if "ask" in st.query_params:
    st.button("Elsewhere", on_click=st.query_params.clear)
    with waiting.answers():
        waiting.gather([backend.ask(len, str(name)) for name in range(int(st.query_params["ask"]))])
else:
    count()
