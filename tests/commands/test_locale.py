"""The catalogs: every text of today is translated, and the translation can stand where the English text stands."""

import re
import string
from collections import Counter
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages import pofile
from babel.messages.catalog import Catalog, Message

from resnet import i18n
from resnet.catalog.glossary import SUBJECTS
from resnet.commands import locale

LANGUAGES = [language for language in i18n.LANGUAGES if language != "en"]
FULL = "（）。，、；：！？“”…"  # signs that bring their own room along
PARTS = {  # what of a text must stand in its translation as often
    "bold": r"\*\*",
    "code": r"`[^`]*`",
    "address": r"\]\([^)]*\)",
    "formula": r"\$[^$]+\$",
    "word of a chart": r"%\{[^}]*\}",
    "icon": r":material/\w+:",
    "line": r"\n",
}


@pytest.fixture(scope="module")
def template() -> Catalog:
    return locale.template()


def read(language: str) -> Catalog:
    with i18n.catalog_file(language).open("rb") as file:
        return pofile.read_po(file, locale=language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_of_code_and_lessons_is_translated_and_no_other(language: str, template: Catalog) -> None:
    texts = {(message.id, message.context) for message in template if message.id}
    done = {(m.id, m.context) for m in read(language) if m.id and not m.fuzzy and all(locale.strings(m.string))}
    assert len(texts) > 1500
    assert sorted(map(str, texts - done)) == [], "run `python -m resnet locale` and translate"
    assert sorted(map(str, done - texts)) == [], "run `python -m resnet locale`"


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_text_stands_twice_and_none_is_out_of_use(language: str) -> None:
    text = i18n.catalog_file(language).read_text("utf-8")
    assert "\n#~" not in text
    keys = Counter(re.findall(r'(?:msgctxt .*\n)?msgid (?:".*"\n)+', text))
    assert [key for key, count in keys.items() if count > 1] == []


def places(text: str) -> set[tuple[str, str, str]]:
    """The places of a text, each with the way in which its value is written; those of charts are no such places."""
    plain = re.sub(PARTS["word of a chart"], "", text)
    return {(name, spec or "", kind or "") for _text, name, spec, kind in string.Formatter().parse(plain) if name}


def faults(message: Message) -> list[str]:
    """What a translation lost or made up."""
    forms = locale.strings(message.id)
    found = []
    for text in filter(None, locale.strings(message.string)):
        known, needed = set().union(*map(places, forms)), places(forms[-1])
        if not (places(text) <= known and (needed <= places(text) or places(text) == places(forms[0]))):
            found.append(f"places: {text}")
        for what, part in PARTS.items():
            if Counter(re.findall(part, text)) not in [Counter(re.findall(part, form)) for form in forms]:
                found.append(f"{what}: {text}")
        for end in (0, -1):
            if {form[end].isspace() for form in forms} != {text[end].isspace()} and text[end] not in FULL:
                found.append(f"room at the edge: {text}")
    return found


@pytest.mark.parametrize("language", LANGUAGES)
def test_places_markdown_and_edges_are_those_of_the_english_text(language: str) -> None:
    assert [fault for message in read(language) if message.id for fault in faults(message)] == []


def test_what_the_test_above_finds() -> None:
    wrong = {"{a} b": "b", "**a**": "a", "`a`": "a", "a": "{a}", " a": "a", "[a](b)": "[a](c)", "$x$": "$y$"}
    assert [text for text, made in wrong.items() if not faults(Message(text, made))] == []
    right = {"{a} b": "乙 {a}", "a: {b:.1f} %": "甲：{b:.1f}%", " (one)": "（一）"}
    assert [text for text, made in right.items() if faults(Message(text, made))] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_translations_come_from_the_catalog_and_follow_their_context(language: str) -> None:
    with i18n.speaking(language):
        said = {i18n._("Start"), i18n.C_("of a net", "Start")}
        assert len(said) == 2
        assert "Start" not in said
        assert i18n._("A text that nobody has written") == "A text that nobody has written"


# Words of the glossary that mean one thing wherever they stand; others, such as "plain" or "control", mean several.
STRICT = ("batch norm", "bottleneck", "pre-activation", "projection shortcut", "identity mapping", "receptive field")
STRICT += ("degradation", "learning rate", "warm-up", "momentum", "weight decay", "residual net", "plain net", "twin")


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_term_of_the_glossary_is_the_same_word_everywhere(language: str) -> None:
    terms = {term.name for subject in SUBJECTS.values() for term in subject}
    assert {*STRICT} <= terms
    with i18n.speaking(language):
        net = i18n._("net")
        words = {term: i18n._(term).removesuffix(net) for term in STRICT}  # a net may be called a net before
    found = []
    for message in read(language):
        english = re.sub(r"\{\w*[^}]*\}|`[^`]*`", "", " ".join(locale.strings(message.id)))
        for term, word in words.items():
            if re.search(rf"(?<![\w-]){term}s?(?![\w=-])", english, re.IGNORECASE):
                found += [text for text in locale.strings(message.string) if text and word not in text]
    assert found == []


def test_names_of_classes_are_no_other_words(template: Catalog) -> None:
    """ "plain" is a landscape among the classes of CIFAR-100: a net of that kind needs another text, or `C_`."""
    own = "resnet/catalog/pictures.py"
    files = {message.id: {file for file, _line in message.locations} for message in template if not message.context}
    shared = {text for text, found in files.items() if own in found and found != {own}}
    assert shared == set()


def test_extraction_finds_texts_by_every_way_of_marking_them(tmp_path: Path) -> None:
    path = tmp_path / "some.py"
    path.write_text(
        '_("a" " a")\nN_("b")\nplural("{count} c", "{count} cs", 2)\nC_("of", "d")\nother("e")\nf"{_(\'f\')}"\n'
    )
    found = list(locale.texts(path, next(iter(locale.SOURCES))))
    assert found == [("a a", None), ("b", None), (("{count} c", "{count} cs"), None), ("d", "of"), ("f", None)]


LESSON = b"""
notes = "1.1"
title = "A question?"
words = ["lesson-depth"]
sources = ["A paper"]
[[tasks]]
name = "first"
text = "Do it."
page = "gradients"
query = "nets=res-20"
[teacher]
ask = "Ask."
"""


def test_extraction_finds_the_texts_of_a_lesson_and_nothing_else() -> None:
    found = [text for _line, _function, text, _comments in locale.extract_lesson(BytesIO(LESSON), (), ())]
    assert found == ["A question?", "A paper", "Do it.", "Ask."]


def test_an_update_keeps_what_is_translated_guesses_nothing_and_drops_what_is_gone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = Catalog()
    for text in ("Loss", "Losses"):
        now.add(text)
    monkeypatch.setattr(locale, "template", lambda: now)
    path = tmp_path / "zh.po"
    path.write_text('msgid ""\nmsgstr ""\n\nmsgid "Loss"\nmsgstr "L"\n\nmsgid "Lost"\nmsgstr "X"\n')
    catalog = locale.updated("zh", path)
    assert {message.id: message.string or "" for message in catalog if message.id} == {"Loss": "L", "Losses": ""}
    written = path.read_text("utf-8")
    assert "fuzzy" not in written
    assert "Lost" not in written
    locale.updated("zh", path)
    assert path.read_text("utf-8") == written
