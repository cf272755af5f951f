"""The registry of pages is complete: every file stands in it, and every word of a page's widgets in addresses."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from resnet.ui.app import language, pages
from resnet.ui.bench.session import is_bench_word

UI = Path(pages.__file__).parents[1]
BINDERS = {"choice", "menu", "choose"}  # functions of the pages that bind their first argument


def bound_keys(path: Path) -> Iterator[str]:
    """The keys of the widgets in one file that keep their value in the address."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Assign) and re.match(r"\(?WORD(_[A-Z]+)?\b", ast.unparse(node.targets[0])):
            yield next(part.value for part in ast.walk(node.value) if isinstance(part, ast.Constant))
        if not isinstance(node, ast.Call):
            continue
        keywords = {word.arg: word.value for word in node.keywords}
        if isinstance(keywords.get("bind"), ast.Constant) and isinstance(keywords.get("key"), ast.Constant):
            yield keywords["key"].value
        if isinstance(node.func, ast.Attribute) and node.func.attr in BINDERS and node.args:
            if isinstance(node.args[0], ast.Constant):
                yield node.args[0].value
            elif ast.unparse(node.func).startswith("widgets."):
                yield ast.unparse(node.args[0])


def own_files(page: pages.PageRecord) -> list[Path]:
    """The page and its helpers, which bear its name."""
    section, name = page.file.split("/")
    helpers = UI / section / name
    found = [page.path, helpers.with_suffix(".py"), *helpers.glob("**/*.py")]
    return [path for path in found if path.exists()]


@pytest.mark.parametrize("page", pages.PAGES, ids=lambda page: page.name)
def test_every_bound_widget_of_a_page_has_its_word_in_the_registry(page: pages.PageRecord) -> None:
    keys = {key for path in own_files(page) for key in bound_keys(path)}
    assert keys <= page.words


def test_every_word_belongs_to_a_widget() -> None:
    files = [*pages.FOLDER.glob("**/*.py"), *UI.glob("**/*.py")]
    keys = {key for path in files for key in bound_keys(path)} - {language.WORD}
    assert {word for page in pages.PAGES for word in page.words} == keys


def test_no_page_takes_a_word_of_the_bench() -> None:
    assert not [word for page in pages.PAGES for word in page.words if is_bench_word(word)]


def test_files_and_records_are_the_same() -> None:
    files = {str(path.relative_to(pages.FOLDER).with_suffix("")) for path in pages.FOLDER.glob("**/*.py")}
    assert {page.file for page in pages.PAGES} == files


def test_names_in_addresses_are_unique() -> None:
    names = [page.name for page in pages.PAGES]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("page", pages.PAGES, ids=lambda page: page.name)
def test_a_page_that_plays_steps_knows_their_word(page: pages.PageRecord) -> None:
    texts = [path.read_text("utf-8") for path in own_files(page)]
    if any("playback.WORD" in text or "playback.player(shown, recorded, step)" in text for text in texts):
        assert "step" in page.words
