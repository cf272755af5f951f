"""What a selection of runs can be taken away as: single files, and one zip of all of it that comes back elsewhere."""

import io
import tempfile
import time
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from pathlib import Path

from resnet.charts.curves import View
from resnet.errors import UserError
from resnet.export import report, tables, tensorboard
from resnet.export.archive import CHUNK, Writer
from resnet.export.metadata import app_version
from resnet.export.tables import Recorded
from resnet.findings.selection import STATUS_WORDS, recipe_words
from resnet.findings.text import duration, nats, paragraph
from resnet.i18n import _, plural
from resnet.runs.store import Store, bringing
from resnet.runs.store.listing import Listed
from resnet.specs import NetSpec, Recipe
from resnet.takeaway import selection

APP = app_version()  # once: the path on which it is looked up changes while pages are drawn
ENDED = ("done", "stopped", "diverged", "failed")
WEIGHTS = ("all", "last", "none")


class NothingToTake(UserError, ValueError):
    """No run of the selection has ended."""


def ended(lines: Iterable[Listed]) -> list[Listed]:
    """The runs that can be taken away. Raises NothingToTake."""
    found = [line for line in lines if line.run.status in ENDED]
    if not found:
        raise NothingToTake(_("none of these runs has ended; a run can be taken away when it has"))
    return found


def size(lines: Iterable[Listed]) -> int:
    """About how many bytes a zip with all weights will have; an HTML page has 4.5 MB of code and is packed to 1.4."""
    return sum(line.size for line in lines) + 2 * 1_400_000


def write_zip(store: Store, lines: Sequence[Listed], path: Path, weights: str = "all", link: str = "") -> None:
    """One zip with everything, and only when it is whole under its name. `weights`: one of WEIGHTS."""
    lines = ended(lines)
    part = path.with_name(f"{path.name}.part")
    try:
        writer = Writer(part)
        for name, make in _files(store, lines, link):
            writer.add(name, make())
        for line in lines:
            kept = () if weights == "none" else bringing.states(store, line.run.id, last_only=weights == "last")
            writer.add_run(bringing.words(line), bringing.numbers(store, line.run.id), kept)
        writer.close(APP, time.time())
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def zip_bytes(store: Store, lines: Sequence[Listed], weights: str = "all", link: str = "") -> bytes:
    """The same for a browser, by way of a temporary file."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "runs.zip"
        write_zip(store, lines, path, weights, link)
        return path.read_bytes()


def csv(table: str, store: Store, lines: Sequence[Listed]) -> bytes:
    """The table of these runs, see `export.tables`."""
    return "".join(_csv_pieces(table, store, lines)).encode()


def parquet(table: str, store: Store, lines: Sequence[Listed]) -> bytes:
    """The same as Parquet."""
    return b"".join(_parquet(table, store, lines))


def comparison_html(store: Store, lines: Sequence[Listed], link: str = "") -> str:
    """The curves of the runs, to zoom into, and what they differ in."""
    return _page(store, lines, _("Comparison of runs"), link, whole=False)


def report_html(store: Store, lines: Sequence[Listed], link: str = "") -> str:
    """The same with what each run came to, and how it was trained: one page to print."""
    return _page(store, lines, _("Report on runs"), link, whole=True)


def commands(lines: Iterable[Listed]) -> str:
    """The command lines that train these runs again, one for each recipe."""
    by_recipe: dict[Recipe, list[NetSpec]] = {}
    for line in lines:
        by_recipe.setdefault(line.run.recipe, []).append(line.run.net)
    return "".join(f"{command(nets, recipe)}\n" for recipe, nets in by_recipe.items())


def command(nets: Iterable[NetSpec], recipe: Recipe) -> str:
    """The command line that trains these nets by that recipe."""
    words = [f"--{name.replace('_', '-')} {text}" for name, text in recipe.to_query().items()]
    return " ".join(["python -m resnet train", *dict.fromkeys(map(str, nets)), *words])


def recorded(store: Store, lines: Iterable[Listed]) -> Iterator[Recorded]:
    """The numbers of the runs, one after another."""
    for line in lines:
        run = line.run
        yield Recorded(run.id, line.name, str(run.net), run.recipe.seed, bringing.numbers(store, run.id))


def _files(
    store: Store, lines: Sequence[Listed], link: str
) -> Iterator[tuple[str, Callable[[], Iterable[bytes | str]]]]:
    """The files for people: name, and what makes it piece by piece."""
    for table in tables.COLUMNS:
        yield f"{table}.csv", partial(_csv_pieces, table, store, lines)
        yield f"{table}.parquet", partial(_parquet, table, store, lines)
    yield "columns.txt", lambda: [tables.documentation()]
    yield "command.txt", lambda: [commands(lines)]
    yield "comparison.html", lambda: [comparison_html(store, lines, link)]
    yield "report.html", lambda: [report_html(store, lines, link)]
    for line in lines if tensorboard.installed() else ():
        yield _event_name(line), partial(_event_pieces, store, line)


def _csv_pieces(table: str, store: Store, lines: Sequence[Listed]) -> Iterator[str]:
    return tables.csv_text(table, recorded(store, lines))


def _event_pieces(store: Store, line: Listed) -> list[bytes]:
    return [events(store, line)]


def events(store: Store, line: Listed) -> bytes:
    """The curves of a run as a TensorBoard event file. Raises NoTensorBoard."""
    return tensorboard.event_file(bringing.numbers(store, line.run.id), line.run.started or line.run.created)


def events_zip(store: Store, lines: Sequence[Listed]) -> bytes:
    """A zip with a folder of event files for each run: what ``tensorboard --logdir`` is pointed at."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        for line in ended(lines):
            packed.writestr(_event_name(line), events(store, line))
    return file.getvalue()


def _event_name(line: Listed) -> str:
    run = line.run
    return f"tensorboard/{run.net}-seed{run.recipe.seed}-{run.id}/events.out.tfevents.{run.created:.0f}.resnet-lab"


def _parquet(table: str, store: Store, lines: Iterable[Listed]) -> Iterator[bytes]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "table.parquet"
        tables.write_parquet(table, recorded(store, lines), path)
        with path.open("rb") as file:
            while piece := file.read(CHUNK):
                yield piece


def _page(store: Store, lines: Sequence[Listed], title: str, link: str, whole: bool) -> str:
    lines = ended(lines)
    runs = selection.chosen(store, lines[: selection.MOST_COMPARED])
    view = View(split="both")
    lead = plural("{count} run of ResNet Lab.", "{count} runs of ResNet Lab.", len(lines))
    lead = paragraph(lead, _("Lines: batches of the training. Markers: test images, which the nets never learn from."))
    if len(lines) > len(runs):
        lead = paragraph(lead, _("The chart shows the first {count}.", count=len(runs)))
    tabled = [_results(lines), _recipes(lines)] if whole else []
    notes = [_("ResNet Lab {version}.", version=APP), commands(lines).strip().replace("\n", " ; ")] if whole else []
    made = report.Report(title, lead, selection.sentences(runs), tabled, notes, link)
    return report.page(made, selection.figure(runs, view, height=400).figure())


def _results(lines: Sequence[Listed]) -> report.Table:
    head = [_("Run"), _("Net"), _("Seed"), _("Ended"), _("Loss, nats"), _("Test error, %"), _("Time"), _("Device")]
    return report.Table(_("Results"), head, [_result(line) for line in lines], frozenset({2, 4, 5}))


def _result(line: Listed) -> list[str]:
    run = line.run
    loss = "" if line.loss is None else nats(line.loss)
    error = "" if line.error is None else f"{100 * line.error:.1f}"
    state = run.sentence if run.status != "done" and run.sentence else _(STATUS_WORDS[run.status])
    return [line.name, str(run.net), str(run.recipe.seed), state, loss, error, duration(run.seconds), run.device]


def _recipes(lines: Sequence[Listed]) -> report.Table:
    """What of each recipe differs from the default, and by which runs it was followed."""
    by_recipe: dict[str, list[str]] = {}
    for line in lines:
        words = recipe_words(line.run.recipe) or _("the default")
        by_recipe.setdefault(words, []).append(line.name)
    rows = [[words, ", ".join(dict.fromkeys(names))] for words, names in by_recipe.items()]
    return report.Table(_("Recipes: what differs from the default"), [_("Recipe"), _("Runs")], rows)
