"""What changes by itself on the Runs page: the list, and the curves of the chosen runs."""

from collections.abc import Sequence

from resnet.charts.curves import View
from resnet.findings.training import state_sentence
from resnet.runs.store import listing
from resnet.runs.store.listing import Listed
from resnet.takeaway import selection
from resnet.takeaway.selection import MOST_COMPARED, Chosen
from resnet.ui.parts import backend, nets_table
from resnet.ui.parts.nets_table import Row
from resnet.ui.parts.plot import described

HEIGHT = 320  # pixels


def news(visitor: str | None, also: Sequence[str]) -> object:
    """What changes when the list does."""
    return listing.version(backend.engine().store, visitor, also)


def noted(visitor: str | None, also: Sequence[str]) -> dict[str, str]:
    """The state of the list: where it changes, the page is drawn anew."""
    return {"!list": str(news(visitor, also))}


def lines(visitor: str | None, also: Sequence[str]) -> list[Listed]:
    """The runs of the list, newest first."""
    return listing.listed(backend.engine().store, visitor, also)


def drawn(runs: Sequence[str], view: View) -> dict[str, str]:
    """Curves of the chosen runs, a row for each, and what they differ in."""
    store = backend.engine().store
    found = [line for run in runs[:MOST_COMPARED] if (line := listing.one(store, run))]
    chosen = selection.chosen(store, found)
    figure = selection.figure(chosen, view, HEIGHT)
    table = nets_table.table([_row(one) for one in chosen])
    return {"curves": described(figure), "!said": selection.sentences(chosen), "rows": table}


def _row(one: Chosen) -> Row:
    run = one.line.run
    softmax = run.net.outputs(run.recipe.data) if run.net.softmax else 0
    told = state_sentence(run.sentence, backend.result(run), softmax)
    return Row(one.look, nets_table.state_of(run), told, nets_table.progress_of(run))
