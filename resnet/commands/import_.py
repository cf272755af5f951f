"""``resnet import``: the runs of a file that another computer wrote."""

import argparse
from pathlib import Path
from typing import Any

from resnet.commands.output import refused, say
from resnet.interrupts import Interrupts


def add(commands: Any) -> None:
    command = commands.add_parser("import", help="bring back the runs of a file")
    command.add_argument("file", metavar="FILE.zip", type=Path, help="what `resnet export` wrote")


def run(options: argparse.Namespace, interrupts: Interrupts) -> int:
    """All runs of the file or none; one that is here already stays as it is, one without its pictures stays out."""
    from resnet.export.archive import Reader
    from resnet.files import home
    from resnet.runs.store import Store, bringing

    if not options.file.is_file():
        return refused(f"there is no file {options.file}")
    reader = Reader(options.file)
    store = Store(home() / "runs.sqlite")
    try:
        result = bringing.bring(store, reader)
    finally:
        store.close()
        reader.close()
    told = {"new": result.new, "here already, left as it is": result.known}
    told["left out: its pictures are not on this computer"] = result.absent
    for name, ids in told.items():
        say("".join(f"{run}  {name}\n" for run in ids))
    return 0
