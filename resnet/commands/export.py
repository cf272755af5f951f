"""``resnet export``: runs in one file that another computer brings back."""

import argparse
from pathlib import Path
from typing import Any

from resnet.commands.output import refused, say
from resnet.interrupts import Interrupts


def add(commands: Any) -> None:
    export = commands.add_parser("export", help="put runs into a file for another computer")
    export.add_argument("runs", nargs="+", metavar="RUN", help="a run's id, the beginning of it, or its name")
    export.add_argument("--to", metavar="FILE.zip", type=Path, required=True, help="the file that is written")
    export.add_argument("--weights", choices=("all", "last", "none"), default="all", help="default: all that were kept")
    export.add_argument("--force", action="store_true", help="write over a file that is there")


def run(options: argparse.Namespace, interrupts: Interrupts) -> int:
    """The file appears when it is whole."""
    from resnet.files import home
    from resnet.runs.store import Store, listing
    from resnet.takeaway import bundle

    path: Path = options.to
    if path.exists() and not options.force:
        return refused(f"{path} is there already; --force writes over it")
    store = Store(home() / "runs.sqlite")
    try:
        lines = bundle.ended(listing.find(store, options.runs))
        bundle.write_zip(store, lines, path, options.weights)
    except OSError as error:
        return refused(f"{path} cannot be written: {error.strerror or error}")
    finally:
        store.close()
    say(f"{len(lines)} runs, {path.stat().st_size / 1e6:.1f} MB: {path}\n")
    return 0
