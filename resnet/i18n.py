"""The one translation function: every word on screen passes through `_`.

Catalogs are gettext files in ``assets/locale/<language>/LC_MESSAGES/resnet.po``, read as they are; a missing one falls
back to English. The language is asked for at each call, because one process serves many visitors.
"""

import gettext
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from io import BytesIO
from pathlib import Path

LOCALE = Path(__file__).parent.parent / "assets" / "locale"
LANGUAGES = {"en": "English", "zh": "中文"}

_language: Callable[[], str] = lambda: "en"  # noqa: E731 - replaced as a whole by `use_language`
_spoken: ContextVar[str] = ContextVar("language", default="")


def use_language(resolver: Callable[[], str]) -> None:
    """Let `resolver` say, at every call, which language the current visitor reads."""
    global _language
    _language = resolver


def language() -> str:
    """The language of whoever is answered now."""
    return _spoken.get() or _language()


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """For text that is made for a visitor outside of that visitor's run of a page."""
    before = _spoken.set(language)
    try:
        yield
    finally:
        _spoken.reset(before)


def speak(language: str) -> None:
    """For the rest of this thread, which serves one visitor: the visitor's language need not be looked up each time."""
    _spoken.set(language)


def catalog_file(language: str) -> Path:
    """Where the texts of a language are; English ones stand in the code."""
    return LOCALE / language / "LC_MESSAGES" / "resnet.po"


def load() -> None:
    """Read all catalogs, before there is a visitor: 0.05 s for 2,000 texts, and Babel is imported."""
    for known in LANGUAGES:
        _catalog(known)


@lru_cache
def _catalog(language: str) -> gettext.NullTranslations:
    """Compiled in memory, so that nobody needs a compiler or an old file beside the new one."""
    path = catalog_file(language)
    if not path.exists():
        return gettext.NullTranslations()
    from babel.messages import mofile, pofile  # who reads English needs none of it

    compiled = BytesIO()
    with path.open("rb") as file:
        mofile.write_mo(compiled, pofile.read_po(file, locale=language))
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


def _(text: str, **values: object) -> str:
    """The text in the visitor's language, with ``{name}`` places filled from `values`."""
    translated = _catalog(language()).gettext(text)
    return translated.format(**values) if values else translated


def C_(context: str, text: str) -> str:
    """`_` for a word that means several things: "Train" is a page, an action and a part of the images."""
    return _catalog(language()).pgettext(context, text)


def plural(one: str, many: str, count: int, **values: object) -> str:
    """`one` or `many` as the language's rule for `count` says; ``{count}`` is filled in."""
    return _catalog(language()).ngettext(one, many, count).format(count=count, **values)


def N_(text: str) -> str:
    """Mark a text for translation where it is defined; it is translated where it is shown."""
    return text
