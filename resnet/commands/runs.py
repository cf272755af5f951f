"""``resnet runs``: what has been trained here, as a plain table or as lines of JSON."""

import argparse
import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from resnet.commands.output import say
from resnet.interrupts import Interrupts

if TYPE_CHECKING:
    from resnet.runs.store.listing import Listed

STATUSES = ("queued", "running", "paused", "done", "stopped", "diverged", "failed")


def add(commands: Any) -> None:
    runs = commands.add_parser("runs", help="list the runs of this computer, newest first")
    runs.add_argument("--recorded", action="store_true", help="list the runs that came with the app instead")
    runs.add_argument("--json", action="store_true", help="one line of JSON a run")
    runs.add_argument("--net", metavar="WORD", default="", help="only nets whose name, or own name, holds this word")
    runs.add_argument("--data", metavar="NAME", default="", help="only runs on this data set")
    runs.add_argument("--status", choices=STATUSES, default="", help="only runs that stand so")
    runs.add_argument("--limit", metavar="N", type=_count, default=50, help="at most N runs, 0: all (default: 50)")


def run(options: argparse.Namespace, interrupts: Interrupts) -> int:
    """An empty list is no fault."""
    every = _recorded() if options.recorded else _trained()
    lines = [line for line in every if _wanted(line, options)]
    shown = lines[: options.limit or None]
    if options.json:
        say("".join(f"{json.dumps(_fields(line))}\n" for line in shown))
        return 0
    say(_recorded_table(shown) if options.recorded else _table(shown))
    if len(shown) < len(lines):
        say(f"{len(lines) - len(shown)} more; --limit 0 shows all\n")
    return 0


def _trained() -> "list[Listed]":
    from resnet.files import home
    from resnet.runs.store import Store, listing

    store = Store(home() / "runs.sqlite")
    try:
        return listing.listed(store)
    finally:
        store.close()


def _recorded() -> "list[Listed]":
    from resnet.runs.store import listing
    from resnet.runs.store.recorded import wanted

    recordings = wanted()
    return [] if recordings is None else listing.recorded(recordings)


def _count(text: str) -> int:
    count = int(text)
    if count < 0:
        raise ValueError
    return count


def _wanted(line: "Listed", options: argparse.Namespace) -> bool:
    run = line.run
    named = options.net.lower() in f"{run.net} {line.label}".lower()
    return named and options.data in ("", run.recipe.data) and options.status in ("", run.status)


def _fields(line: "Listed") -> dict[str, Any]:
    """What is known of a run in plain values; losses in nats, the error a share, times in seconds, sizes in bytes."""
    run = line.run
    told = {name: getattr(run, name) for name in ("id", "status", "step", "seconds", "device", "created", "finished")}
    own: dict[str, Any] = {
        "name": line.label,
        "net": str(run.net),
        "recipe": run.recipe.to_query(),
        "message": run.sentence,
    }
    own |= {"loss": line.loss, "test_error": line.error, "bytes": line.size, "kept": line.kept}
    return {**told, **own, "origin": dict(line.origin) or None, "recorded": run.recorded or None}


_HEAD = ("id", "net", "recipe", "status", "loss", "error %", "seconds", "device", "when", "MB")
_RIGHT = {"loss", "error %", "seconds", "MB"}


def _table(lines: Sequence["Listed"]) -> str:
    if not lines:
        return "no runs; `resnet train plain-20 res-20` trains two\n"
    return _set([_HEAD, *map(_row, lines)])


def _recorded_table(lines: Sequence["Listed"]) -> str:
    """By experiment, and below it where and when its runs were trained."""
    if not lines:
        return "no recorded runs\n"
    rows = [(str(line.origin["experiment"]), *_row(line)) for line in lines]
    origins = dict.fromkeys(line.run.recorded for line in lines)
    return _set([("experiment", *_HEAD), *rows]) + "".join(f"recorded: {origin}\n" for origin in origins)


def _set(rows: Sequence[tuple[str, ...]]) -> str:
    """Rows below their heads, the first one, in columns."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "".join(f"{_aligned(row, widths, rows[0])}\n" for row in rows)


def _aligned(row: Sequence[str], widths: Sequence[int], heads: Sequence[str]) -> str:
    cells = zip(heads, row, widths, strict=True)
    told = (text.rjust(width) if head in _RIGHT else text.ljust(width) for head, text, width in cells)
    return "  ".join(told).rstrip()


def _row(line: "Listed") -> tuple[str, ...]:
    from datetime import datetime

    run = line.run
    name = f"{run.net} ({line.label})" if line.label else str(run.net)
    loss = "" if line.loss is None else f"{line.loss:.4g}"
    error = "" if line.error is None else f"{100 * line.error:.1f}"
    when = datetime.fromtimestamp(run.created).strftime("%Y-%m-%d %H:%M")
    ended = (run.status, loss, error, f"{run.seconds:.1f}", run.device, when, f"{line.size / 1e6:.1f}")
    return run.id, name, str(run.recipe) or "default", *ended
