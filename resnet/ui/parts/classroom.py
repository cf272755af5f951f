"""The class that a visitor is in: a word of the link, kept on every page until one leaves."""

from collections.abc import Iterable
from contextlib import suppress

import streamlit as st

from resnet.errors import UserError
from resnet.i18n import _
from resnet.runs.engine import shared
from resnet.runs.errors import StoreError
from resnet.runs.store import Store, class_work, classes
from resnet.runs.store.classes import ClassError
from resnet.ui.app import carried
from resnet.ui.parts import owner, visitors, widgets


def follow() -> None:
    """Read the class from the address and keep it there; call in each run, before a page is drawn."""
    visitors.me().room = carried.follow(carried.CLASS, _accepted)
    _use_key()


def _accepted(asked: str) -> str:
    try:
        return classes.checked_word(asked)
    except ClassError as error:
        widgets.notify(_("This link leads to no class: {reason}.", reason=str(error)))
        return ""


def enter(word: str) -> None:
    """Callback: be in that class from now on. Raises ClassError for a word that cannot be used."""
    carried.put(carried.CLASS, classes.checked_word(word))


def leave() -> None:
    """Callback: be in no class; what is kept in it stays."""
    carried.put(carried.CLASS, "")


def current() -> str:
    """The visitor's class; empty outside of one."""
    return carried.kept(carried.CLASS)


def visitor() -> str:
    """Who this visitor is to the store, which keeps a hash of it."""
    return owner.name()


def is_teacher() -> bool:
    """Whether this visitor is the teacher of the class."""
    return bool(current()) and classes.teaches(_store(), current(), owner.name())


def is_taught() -> bool:
    """Whether the class has a teacher, whoever that is."""
    return classes.taught(_store(), current())


def own() -> str:
    """What stands for this visitor among those of the class."""
    return classes.member(_store(), current(), owner.name())


def open_as_teacher() -> None:
    """Make this visitor the teacher. Raises ClassError when the class has another one."""
    classes.open_class(_store(), current(), owner.name())


def teacher_link() -> str:
    """The words of an address that make one more browser the teacher's. Raises ClassError."""
    key = classes.teacher_key(_store(), current(), owner.name())
    return f"{carried.CLASS}={current()}&{carried.KEY}={key}"


def _use_key() -> None:
    """A teacher's link works once, and its key does not stay in the address."""
    key = st.query_params.get(carried.KEY, "")
    if not key:
        return
    del st.query_params[carried.KEY]
    try:
        if current() and not is_teacher():
            classes.use_key(_store(), current(), key, owner.name())
    except UserError as error:
        tell(error)


def tell(error: UserError) -> None:
    """Say on top of the page why something of the class was refused."""
    text = str(error)
    widgets.notify(f"{text[:1].upper()}{text[1:]}.")


def held(lesson: str) -> bool:
    """Whether the teacher of the class has not revealed that lesson's answer yet; False outside of a class."""
    return bool(current()) and class_work.held(_store(), current(), lesson)


def reveal(lesson: str) -> None:
    """Let the class see the answer of a lesson. Raises ClassError for others than the teacher."""
    class_work.reveal(_store(), current(), lesson, owner.name())


def guess(lesson: str, option: str) -> None:
    """Pool this visitor's guess, where it is another one than is known. Raises ClassError when the class is full."""
    if class_work.own_guess(_store(), current(), lesson, owner.name()) != option:
        class_work.guess(_store(), current(), lesson, owner.name(), option)


def name() -> str:
    """The name that this visitor has typed for the class; empty without one."""
    return classes.name_of(_store(), current(), owner.name())


def set_name(text: str) -> None:
    """Let the class see this visitor's runs under a name. Raises ClassError for one that cannot be used."""
    classes.set_name(_store(), current(), owner.name(), text)


def add(runs: Iterable[str]) -> None:
    """Put these runs on the board as this visitor's. Raises ClassError when it is full."""
    class_work.add_runs(_store(), current(), runs, owner.name())


def note(store: Store, run: str) -> None:
    """This visitor has asked for that run: it is on the visitor's list, and on the board of the class."""
    owner.note(store, run)
    if word := current():
        try:
            with suppress(StoreError):  # as for the list
                class_work.add_runs(store, word, [run], owner.name())
        except ClassError as error:
            tell(error)


def _store() -> Store:
    return shared().store
