"""What an option of the catalog is, with its formula and its source."""

from resnet.catalog import Choice
from resnet.findings.text import cited
from resnet.i18n import _


def about(option: Choice) -> str:
    """One option in Markdown: its name, what it is, its formula and its source."""
    formula = f" ${option.formula}$" if option.formula else ""
    source = _(" ({source})", source=cited(option.source)) if option.source else ""
    return _("**{subject}**: {told}", subject=_(option.label), told=f"{_(option.help)}{formula}{source}")
