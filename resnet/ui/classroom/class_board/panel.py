"""What changes by itself on the class board: the chart, what it says, and the table."""

import math
from collections.abc import Sequence
from html import escape

from resnet.charts.classroom import class_figure
from resnet.charts.ink import ink
from resnet.charts.look import look
from resnet.findings.text import nats
from resnet.i18n import _, plural
from resnet.runs.store import class_work
from resnet.ui.classroom.class_board import runs
from resnet.ui.classroom.class_board.runs import Entry
from resnet.ui.parts import backend
from resnet.ui.parts.plot import described
from resnet.ui.parts.swatch import swatch

HEIGHT = 360  # pixels
MOST_ROWS = 40
STYLE = """<style>
.class-runs { border-collapse: collapse; font-size: 0.92rem; line-height: 1.35; width: 100%; }
.class-runs th, .class-runs td { border: 0; padding: 0.15rem 0.9rem 0.15rem 0; text-align: left; font-weight: 400; }
.class-runs thead th { opacity: 0.8; }
.class-runs tbody th { white-space: nowrap; font-weight: 600; }
.class-runs tbody th i { display: inline-block; width: 1.75rem; vertical-align: middle; margin-right: 0.5rem; }
.class-runs .number { text-align: right; font-variant-numeric: tabular-nums; }
@media (max-width: 640px) { .class-runs th, .class-runs td { padding-right: 0.4rem; font-size: 0.8rem; } }
.class-runs .own { background: color-mix(in srgb, currentColor 10%, transparent); }
</style>"""


def news(word: str, *_about: str) -> object:
    """What changes when the board does."""
    return class_work.runs_version(backend.engine().store, word)


def drawn(word: str, own: str, wanted: str, quantity: str) -> dict[str, str]:
    """The board of one recipe, and one text that draws the page anew when there is another recipe to choose.

    `own` stands for the visitor, `wanted` for the recipe; by default that of most runs.
    """
    groups = runs.groups(word)
    if not groups:
        return {"!recipes": "", "chart": "", "said": "", "rows": ""}
    recipe = wanted if wanted in groups else next(iter(groups))
    chosen = groups[recipe]
    points = [runs.point(entry, entry.ended, own, quantity) for entry in chosen if entry.ended]
    figure = class_figure(points, quantity, backend.class_count(chosen[0].run.recipe), HEIGHT)
    said = "<br>".join(map(escape, runs.told(word, recipe, quantity)))
    rows = _table(chosen, own, quantity)
    return {"!recipes": " ".join(sorted(groups)), "chart": described(figure), "said": said, "rows": rows}


def _table(chosen: Sequence[Entry], own: str, quantity: str) -> str:
    """The visitor's own runs first, then the lowest; a note says how many are left out."""

    def place(entry: Entry) -> tuple[bool, float]:
        value = entry.ended.value(quantity) if entry.ended else math.nan
        return own not in entry.visitors, value if math.isfinite(value) else math.inf

    shown = sorted(chosen, key=place)
    lines = "".join(_line(entry, own) for entry in shown[:MOST_ROWS])
    heads = (_("Net"), _("Seed"), _("State"), _("Loss, nats"), _("Test error, %"), _("Name"))
    head = "".join(f'<th scope="col">{escape(text)}</th>' for text in heads)
    table = f'<table class="class-runs"><thead><tr>{head}</tr></thead><tbody>{lines}</tbody></table>'
    left = len(shown) - MOST_ROWS
    if left <= 0:
        return table
    note = plural("{count} more run is in the file.", "{count} more runs are in the file.", left)
    return f"{table}<small>{escape(note)}</small>"


def _line(entry: Entry, own: str) -> str:
    run, style = entry.run, look(entry.run.net)
    done = entry.ended if run.status == "done" else None
    loss = nats(done.value("loss")) if done else "–"
    error = f"{done.error:.1f}" if done and math.isfinite(done.error) else "–"
    mark = swatch(style.colour, style.dash, style.symbol)
    cells = f"<td>{run.recipe.seed}</td><td>{escape(runs.state_of(entry))}</td><td>{loss}</td><td>{error}</td>"
    head = f'<th scope="row" style="color:{ink(style.colour)}">{mark}{escape(style.label)}</th>'
    row = "<tr class=own>" if own in entry.visitors else "<tr>"
    return f"{row}{head}{cells}<td>{escape(entry.who(own))}</td></tr>"
