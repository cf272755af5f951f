"""Tasks of a lesson: a bench that opens with one click or an answer to enter, and whether it is right."""

from collections.abc import Callable, Mapping
from urllib.parse import parse_qs

import streamlit as st

from resnet.i18n import _
from resnet.lessons import Lesson, Task, Verdict
from resnet.specs.bench import Bench, is_bench_word
from resnet.ui.app import pages
from resnet.ui.bench import session
from resnet.ui.course import progress
from resnet.ui.parts import waiting

Checks = Mapping[str, Callable[[str], Verdict]]


def show(record: Lesson, checks: Checks) -> None:
    """All tasks, below each other."""
    st.markdown(f"**{_('Find out')}**")
    for task in record.tasks:
        with st.container(key=f"task-{task.name}", gap="xsmall", border=True):
            _task(record, task, checks[task.name])


def _task(record: Lesson, task: Task, check: Callable[[str], Verdict]) -> None:
    verdict = progress.current().verdicts.get((record.name, task.name))
    icon = ":material/check_circle:" if verdict and verdict.done else ":material/radio_button_unchecked:"
    st.markdown(f"{icon} {_(task.text)}")
    with st.container(horizontal=True, gap="small", vertical_alignment="bottom"):
        entered = _entry(record, task)
        if task.page:
            _opens(record, task)
        text = _("Looks at the bench and at what was trained or measured for it.") if task.kind == "bench" else None
        asked = st.button(_("Check"), key=f"check-{record.name}-{task.name}", help=text, disabled=entered is None)
    if asked and entered is not None:
        _judge(record, task, check, entered)
    if verdict and verdict.text:
        st.caption(verdict.text)


def _entry(record: Lesson, task: Task) -> str | None:
    """What is entered, as text; empty for a task of the bench; None while nothing is."""
    key = f"answer-{record.name}-{task.name}"
    if task.kind == "choice":
        options = {option.name: _(option.label) for option in task.options}
        chosen: str | None = st.selectbox(
            _("Your answer"),
            list(options),
            index=None,
            format_func=options.__getitem__,
            key=key,
            placeholder=_("Choose an answer"),
            width=230,
        )
        return chosen
    if task.kind == "number":
        number: int | None = st.number_input(_("Your answer"), value=None, step=1, key=key, width=140)
        return None if number is None else str(number)
    return ""


def _opens(record: Lesson, task: Task) -> None:
    page = pages.named(task.page)
    text = _("Puts the lesson's nets on the bench. What is there now is one click away then, in the side bar.")
    label = _("Open “{page}”", page=_(page.title))
    if st.button(label, key=f"open-{record.name}-{task.name}", icon=page.material, help=text):
        words = {word: texts[-1] for word, texts in parse_qs(task.query).items()}
        bench = Bench.from_query({word: text for word, text in words.items() if is_bench_word(word)})
        session.leave_with(bench)
        st.switch_page(page.path, query_params={**words, **bench.to_query()})


def _judge(record: Lesson, task: Task, check: Callable[[str], Verdict], entered: str) -> None:
    """Ask the check, which may wait, and show the lesson anew with what it says."""
    try:
        with waiting.answers():
            verdict = check(entered)
    except waiting.PageEnds:
        return
    progress.judge(record, task, verdict)
    st.rerun()
