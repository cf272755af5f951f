"""What a class has guessed: counted while the guesses come, shown to whoever has guessed, revealed by the teacher."""

from collections.abc import Mapping
from html import escape

import streamlit as st

from resnet.errors import UserError
from resnet.i18n import _, plural
from resnet.runs.store import class_work
from resnet.ui.parts import backend, classroom, panels
from resnet.ui.parts.panels import Drawn

_STYLE = """<style>
.guesses { border-collapse: collapse; width: 100%; font-size: 0.92rem; line-height: 1.3; }
.guesses th, .guesses td { border: 0; padding: 0.12rem 0.6rem 0.12rem 0; text-align: left; font-weight: 400; }
.guesses th { width: 45%; }
.guesses .count { width: 2.5rem; text-align: right; font-variant-numeric: tabular-nums; }
.guesses i { display: block; height: 0.7rem; border-radius: 3px; background: light-dark(#0b7285, #4cc3d3); }
.guesses .bar { background: color-mix(in srgb, currentColor 10%, transparent); padding: 0; border-radius: 3px; }
</style>"""
_OPEN, _HELD, _REVEALED = "open", "held", "revealed"  # nobody holds the answer, a teacher does, or did


def held(lesson: str) -> bool:
    """Whether the teacher of the visitor's class has not revealed the answer yet; False outside of a class."""
    return classroom.held(lesson)


def pooled(lesson: str, options: Mapping[str, str], guess: str | None) -> None:
    """Pool the visitor's guess with those of the class, and show them; does nothing outside of a class.

    `options` by name with what each says; `guess` is one of these names, empty where none was wanted, None before.
    """
    if not (word := classroom.current()):
        return
    teacher = classroom.is_teacher()
    if guess in options and not teacher:  # a prepared slide has one
        _pool(lesson, str(guess))
    shown = panels.show(panels.panel(_drawn, word, lesson, tuple(options.items()), news=_news))
    state = shown.content["!state"]
    with st.container(gap="xsmall", key="guesses"):
        _part(shown, "count")
        if _may_see(lesson, guess, state, teacher):
            _part(shown, "bars")
        if teacher:
            _reveal_button(lesson, state)
        elif state == _HELD:
            st.caption(_("The answer appears when the teacher reveals it."))


def _pool(lesson: str, guess: str) -> None:
    try:
        classroom.guess(lesson, guess)
    except UserError as error:
        classroom.tell(error)


def _may_see(lesson: str, guess: str | None, state: str, teacher: bool) -> bool:
    """Whoever has still to guess shall not see what others think; a teacher chooses, who may be seen by all."""
    if state == _REVEALED or (guess is not None and not teacher):
        return True
    text = _("What the class has guessed so far. Those who have not guessed yet could see it here.")
    return teacher and st.toggle(_("Show the guesses"), key=f"guesses-{lesson}", help=text)


def _reveal_button(lesson: str, state: str) -> None:
    if state != _HELD:
        st.caption(_("The answer is revealed to the class."))
        return
    st.button(
        _("Reveal the answer to the class"),
        key="reveal-to-class",
        icon=":material/visibility:",
        type="primary",
        help=_("Everybody in the class sees the answer then, and no guess changes any more."),
        on_click=_reveal,
        args=(lesson,),
    )


def _reveal(lesson: str) -> None:
    try:
        classroom.reveal(lesson)
    except UserError as error:
        classroom.tell(error)


def _part(shown: Drawn, part: str) -> None:
    st.html(f'{_STYLE}<div data-live="{shown.part(part)}">{shown.content[part]}</div>')


def _news(word: str, lesson: str, _options: tuple[tuple[str, str], ...]) -> object:
    return class_work.guesses_version(backend.engine().store, word, lesson)


def _drawn(word: str, lesson: str, options: tuple[tuple[str, str], ...]) -> dict[str, str]:
    """How many have guessed, a bar for each option, and one text that draws the page anew at the reveal."""
    found = class_work.guesses(backend.engine().store, word, lesson)
    total = sum(found.get(name, 0) for name, _label in options)
    count = plural("{count} guess in class {word}", "{count} guesses in class {word}", total, word=word)
    rows = "".join(_row(label, found.get(name, 0), total) for name, label in options)
    return {"count": escape(count), "bars": f'<table class="guesses">{rows}</table>', "!state": _state(word, lesson)}


def _row(label: str, count: int, total: int) -> str:
    width = 100 * count / max(total, 1)
    bar = f'<td class="bar"><i style="width: {width:.0f}%"></i></td>'
    return f'<tr><th scope="row">{escape(label)}</th>{bar}<td class="count">{count}</td></tr>'


def _state(word: str, lesson: str) -> str:
    """Whether the answer is held by a teacher, was revealed, or is anybody's own affair."""
    _count, _at, taught, revealed = class_work.guesses_version(backend.engine().store, word, lesson)
    return (_REVEALED if revealed else _HELD) if taught else _OPEN
