"""``python -m resnet locale``: bring the catalogs of all languages up to the texts in code and lessons."""

import argparse
import ast
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from resnet.commands.output import refused, say
from resnet.interrupts import Interrupts

if TYPE_CHECKING:
    from babel.messages.catalog import Catalog

ROOT = Path(__file__).parents[2]  # of a checkout; an installed package has neither pages nor lessons
NO_CHECKOUT = "texts are collected in a checkout of the repository"
KEYWORDS = {"_": None, "N_": None, "plural": (1, 2), "C_": ((1, "c"), 2)}
SOURCES = {  # how texts are found in which files
    "resnet.commands.locale:extract_code": ("resnet/**/*.py", "pages/**/*.py", "app.py"),
    "resnet.commands.locale:extract_lesson": ("assets/lessons/*.toml",),
}
NO_TEXT = {"name", "notes", "page", "query", "right", "check", "icon", "kind", "id", "links", "slides", "words"}
WIDTH = 120
HEADER = "# The texts of ResNet Lab; `python -m resnet locale` brings them up to the code."

Found = tuple[int, str, str | list[str | None], list[str]]


def add(commands: Any) -> None:
    commands.add_parser(
        "locale", help="for developers: bring the catalogs in assets/locale up to the texts in the code"
    )


def run(_options: argparse.Namespace, _interrupts: Interrupts) -> int:
    """Every catalog gets the new texts and loses the old ones; nothing is guessed."""
    from resnet.i18n import LANGUAGES, catalog_file

    if not (ROOT / "pages").exists():
        return refused(NO_CHECKOUT)
    for language, name in LANGUAGES.items():
        if language != "en":
            catalog = updated(language, catalog_file(language))
            done = sum(all(strings(message.string)) and not message.fuzzy for message in catalog if message.id)
            say(f"{name}: {len(catalog)} texts, {len(catalog) - done} of them untranslated\n")
    return 0


def updated(language: str, path: Path) -> "Catalog":
    """The catalog of a language with the texts of today, written to its file."""
    from babel.messages import pofile
    from babel.messages.catalog import Catalog

    nobody = dict.fromkeys(("version", "msgid_bugs_address", "last_translator", "language_team"), " ")
    catalog = Catalog(language, project="ResNet Lab", fuzzy=False, **nobody)
    if path.exists():
        with path.open("rb") as file:
            catalog = pofile.read_po(file, locale=language)
    catalog.header_comment = HEADER
    found = template()
    found.creation_date = catalog.creation_date  # a file in which no text has changed stays as it is
    catalog.update(found, no_fuzzy_matching=True)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        pofile.write_po(file, catalog, width=WIDTH, ignore_obsolete=True, include_lineno=False)
    return catalog


def template() -> "Catalog":
    """All texts of today, each with the files in which it stands."""
    from babel.messages.catalog import Catalog

    found = Catalog(project="ResNet Lab")
    for method, patterns in SOURCES.items():
        for path in sorted(path for pattern in patterns for path in ROOT.glob(pattern)):
            name = path.relative_to(ROOT).as_posix()
            for text, context in texts(path, method):
                flags = ["python-brace-format"] * ("{" in "".join(text))
                found.add(text, locations=[(name, 0)], context=context, flags=flags)
    return found


def texts(path: Path, method: str) -> Iterator[tuple[str | tuple[str, ...], str | None]]:
    """Every text of a file with its context, None without one; a text with a plural is a pair."""
    from babel.messages.extract import extract

    with path.open("rb") as file:
        for _line, text, _comments, context in extract(method, file, KEYWORDS):
            yield text, context


def extract_code(file: IO[bytes], keywords: Iterable[str], _tags: object, **_options: object) -> Iterable[Found]:
    """The texts of a module; unlike Babel's own way this one finds those inside f-strings."""
    calls = [node for node in ast.walk(ast.parse(file.read())) if isinstance(node, ast.Call)]
    for call in sorted(calls, key=lambda node: (node.lineno, node.col_offset)):
        if isinstance(call.func, ast.Name) and call.func.id in keywords:
            values = [part.value if isinstance(part, ast.Constant) else None for part in call.args]
            yield call.lineno, call.func.id, [text if isinstance(text, str) else None for text in values], []


def extract_lesson(file: IO[bytes], _keywords: object, _tags: object, **_options: object) -> Iterable[Found]:
    """Babel's way to ask for the texts of a lesson."""
    for text in dict.fromkeys(_values(tomllib.load(file))):
        yield 0, "", text, []


def _values(value: Any) -> Iterator[str]:
    """Every string below `value`, but for what names something."""
    if isinstance(value, str):
        if value:
            yield value
    elif isinstance(value, Mapping):
        for name, part in value.items():
            if name not in NO_TEXT:
                yield from _values(part)
    elif isinstance(value, list):
        for part in value:
            yield from _values(part)


def strings(text: str | tuple[str, ...] | list[str] | None) -> tuple[str, ...]:
    """A text or its translation with all forms of its plural."""
    return (text or "",) if text is None or isinstance(text, str) else tuple(text)
