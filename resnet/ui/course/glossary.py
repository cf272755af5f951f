"""The glossary's lines."""

from collections.abc import Iterable

from resnet.catalog.glossary import Term
from resnet.findings.text import plain
from resnet.i18n import LANGUAGES, _, language, speaking


def listed(terms: Iterable[Term]) -> str:
    """A line for each term: its name in the visitor's language, then in the others, then what it means; Markdown."""
    return "\n".join(f"- **{plain(_(term.name))}** · {_others(term)}  \n  {plain(_(term.text))}" for term in terms)


def _others(term: Term) -> str:
    names = []
    for code in LANGUAGES:
        if code != language():
            with speaking(code):
                names.append(plain(_(term.name)))
    return " · ".join(names)
