"""One page of HTML that needs no other file: a chart, what it shows, how the runs were trained. It prints well."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING

from resnet.i18n import _, language

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

_STYLE = """
body { font: 15px/1.45 system-ui, "Noto Sans SC", "PingFang SC", "Microsoft YaHei", sans-serif; color: #1f2328;
  background: #fff; max-width: 62rem; margin: 1.5rem auto; padding: 0 1rem; }
h1 { font-size: 1.5rem; margin: 0 0 .3rem; } h2 { font-size: 1.05rem; margin: 1.2rem 0 .3rem; }
table { border-collapse: collapse; width: 100%; font-size: .87rem; }
th, td { text-align: left; padding: .2rem .7rem .2rem 0; border-bottom: 1px solid #d8dee4; vertical-align: top; }
td.number, th.number { text-align: right; font-variant-numeric: tabular-nums; }
p.small { color: #57606a; font-size: .85rem; overflow-wrap: anywhere; }
button { font: inherit; font-size: .85rem; margin-right: .5rem; }
@page { size: A4; margin: 14mm; }
@media print {
  body { max-width: none; margin: 0; padding: 0; font-size: 10.5pt; }
  button, .modebar-container { display: none !important; }
  h2, tr, .chart { break-inside: avoid; }
  a { color: inherit; text-decoration: none; }
}
"""
_SAVE = "Plotly.downloadImage('chart', {format: '%s', filename: 'resnet-lab', width: 1000, height: 480, scale: %d})"
_CHART = "chart"  # the id that the buttons name


@dataclass(frozen=True)
class Table:
    """Texts by row; columns whose place is in `numbers` stand right."""

    title: str
    head: Sequence[str]
    rows: Sequence[Sequence[str]]
    numbers: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Report:
    """`found` is Markdown as findings write it; `link` reopens the runs' bench, `notes` are small print."""

    title: str
    lead: str
    found: str
    tables: Sequence[Table] = ()
    notes: Sequence[str] = ()
    link: str = ""


def page(report: Report, figure: "Figure") -> str:
    """The page, with Plotly's code in it: 4.5 MB."""
    from plotly.io import to_html

    figure.update_layout(font_color="#1f2328", paper_bgcolor="#fff", plot_bgcolor="#fff", template="none")
    figure.update_layout(font_family='system-ui, "Noto Sans SC", "PingFang SC", "Microsoft YaHei", sans-serif')
    figure.update_xaxes(linecolor="#8c959f", gridcolor="#eaeef2", zerolinecolor="#8c959f")
    figure.update_yaxes(linecolor="#8c959f", gridcolor="#eaeef2", zerolinecolor="#8c959f")
    config = {"displaylogo": False, "responsive": True, "showSendToCloud": False, "plotlyServerURL": ""}
    chart = to_html(figure, config=config, include_plotlyjs=True, full_html=False, div_id=_CHART)
    parts = [
        *(f"<h1>{escape(report.title)}</h1>", f"<p>{escape(report.lead)}</p>", f'<div class="chart">{chart}</div>'),
        *(_button(kind, scale) for kind, scale in (("svg", 1), ("png", 2))),
        *(f"<h2>{escape(_('What it shows'))}</h2><p>{from_markdown(report.found)}</p>" if report.found else "",),
        *map(_table, report.tables),
        *(f'<p class="small">{escape(note)}</p>' for note in report.notes),
        _link(report.link),
    ]
    return _document(report.title, "\n".join(part for part in parts if part))


def _document(title: str, body: str) -> str:
    head = f'<meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>{escape(title)}</title>'
    head = f"<head>{head}<style>{_STYLE}</style></head>"
    return f'<!doctype html>\n<html lang="{language()}">{head}\n<body>{body}</body></html>\n'


def from_markdown(text: str) -> str:
    """Bold, line breaks and escaped signs, which is all that findings write; everything else is text."""
    kept = re.sub(r"\\([\\`*_{}\[\]()#+\-.!<>|~$:^&=@/])", lambda match: f"\0{ord(match[1])};", text)
    kept = re.sub(r"\*\*(.+?)\*\*", r"<b>\1</b>", escape(kept)).replace("  \n", "<br>")
    return re.sub("\0(\\d+);", lambda match: escape(chr(int(match[1]))), kept)


def _button(kind: str, scale: int) -> str:
    label = _("Save the chart as {format}", format=kind.upper())
    return f'<button onclick="{escape(_SAVE % (kind, scale))}">{escape(label)}</button>'


def _table(table: Table) -> str:
    head = "".join(_cell("th", place, text, table) for place, text in enumerate(table.head))
    rows = ["".join(_cell("td", place, text, table) for place, text in enumerate(row)) for row in table.rows]
    body = "".join(f"<tr>{row}</tr>" for row in rows)
    return f"<h2>{escape(table.title)}</h2><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def _cell(kind: str, place: int, text: str, table: Table) -> str:
    style = ' class="number"' if place in table.numbers else ""
    return f"<{kind}{style}>{escape(text)}</{kind}>"


def _link(address: str) -> str:
    if not address.startswith(("http://", "https://")):
        return ""
    return f'<p class="small">{escape(_("Open again:"))} <a href="{escape(address)}">{escape(address)}</a></p>'
