"""The glossary: every term in all languages, each once."""

from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from resnet.catalog.glossary import SUBJECTS, Term
from resnet.i18n import LANGUAGES, _, speaking
from resnet.ui.course import glossary

TERMS = [term for terms in SUBJECTS.values() for term in terms]


def test_a_line_names_the_term_in_the_language_that_is_read_first() -> None:
    term = Term("residual", "A block that hands on x + F(x).")
    assert glossary.listed([term]).startswith("- **residual** · 残差")
    with speaking("zh"):
        assert glossary.listed([term]).startswith("- **残差** · residual")


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_term_stands_twice_in_a_language(language: str) -> None:
    with speaking(language):
        names = [_(term.name) for term in TERMS]
    assert len(names) == len(set(names))


def test_the_page_has_every_term(visit: Callable[..., AppTest]) -> None:
    lines = "".join(element.value for element in visit("glossary").markdown)
    assert all(f"**{glossary.plain(term.name)}**" in lines for term in TERMS)
