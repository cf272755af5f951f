"""``resnet record``: train the app's experiments and write them as the recordings that come with it."""

import argparse
import sys
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from resnet.commands.output import say
from resnet.interrupts import Interrupts

if TYPE_CHECKING:
    from resnet.experiments import Experiment
    from resnet.runs.engine import Engine
    from resnet.runs.store.records import Run
    from resnet.specs import NetSpec, Recipe

FOLDER = Path(__file__).parents[2] / "assets" / "recordings"
MOST_BYTES = 12_000_000  # of all files together
AHEAD = 40  # runs that wait at a time: fewer than one visitor may have waiting
LOOK_EVERY = 0.2  # seconds
ENDED = ("done", "diverged")


def add(commands: Any) -> None:
    record = commands.add_parser("record", help="train experiments and write them as recordings")
    record.add_argument("names", nargs="*", metavar="NAME", help="an experiment (default: all); --list shows them")
    record.add_argument("--to", type=Path, default=FOLDER, metavar="FOLDER", help="where the files are written")
    record.add_argument("--seeds", type=int, metavar="N", help="seeds of every net (default: as each experiment says)")
    record.add_argument("--list", action="store_true", help="list the experiments, their runs and the time they take")
    record.add_argument("--table", action="store_true", help="print what was trained or recorded beside the papers")


def run(options: argparse.Namespace, interrupts: Interrupts) -> int:
    """Status 1 when a run ended early, or the files are larger than they may be."""
    chosen = _chosen(options.names, options.seeds)
    if options.list:
        say("".join(map(_listed, chosen)))
        return 0
    if options.table:
        from resnet.commands.record_table import table

        say(table(chosen, options.to))
        return 0
    return _record(chosen, options.to, options.seeds, interrupts)


def _chosen(names: Iterable[str], seeds: int | None) -> list["Experiment"]:
    from resnet.experiments import EXPERIMENTS
    from resnet.i18n import _
    from resnet.specs import SpecError

    for name in names:
        if name not in EXPERIMENTS:
            known = ", ".join(EXPERIMENTS)
            raise SpecError(_("there is no experiment “{name}”; there are {known}", name=name[:40], known=known))
    return _with_seeds((EXPERIMENTS[name] for name in dict.fromkeys(names or EXPERIMENTS)), seeds)


def _with_seeds(experiments: Iterable["Experiment"], seeds: int | None) -> list["Experiment"]:
    from dataclasses import replace

    return [replace(one, seeds=one.seeds if seeds is None else seeds) for one in experiments]


def _listed(experiment: "Experiment") -> str:
    from resnet.findings.text import duration
    from resnet.training.estimates import seconds

    runs = dict.fromkeys(experiment.runs())
    length = duration(sum(seconds(net, recipe) for net, recipe in runs))
    return f"{experiment.name:18} {len(runs):3} runs, at most {length:6} of one core  {experiment.title}\n"


def _record(chosen: list["Experiment"], folder: Path, seeds: int | None, interrupts: Interrupts) -> int:
    from resnet.commands import train
    from resnet.commands.recorded_runs import Writer
    from resnet.experiments import EXPERIMENTS
    from resnet.runs.engine import Engine

    interrupts.hold()
    engine = Engine.open()
    engine.start()
    try:
        train._wait_until_ready(engine, interrupts.sleep)
        wanted = list(dict.fromkeys(one for experiment in chosen for one in experiment.runs()))
        runs = _trained(engine, wanted, interrupts.sleep)
        writer = Writer(engine.store, engine.device_label, _with_seeds(EXPERIMENTS.values(), seeds), folder)
        for experiment in chosen:
            say(writer.write(experiment, runs))
    finally:
        engine.close()
    return _status(folder, runs)


def _status(folder: Path, runs: Mapping[Any, "Run"]) -> int:
    total = sum(path.stat().st_size for path in folder.glob("*.safetensors"))
    say(f"{'all files':18} {total / 1e6:6.2f} MB\n")
    if total > MOST_BYTES:
        print(f"resnet: that is more than {MOST_BYTES / 1e6:.0f} MB", file=sys.stderr)
    ended = all(run.status in ENDED for run in runs.values())
    return 0 if ended and total <= MOST_BYTES else 1


def _trained(
    engine: "Engine", wanted: list[tuple["NetSpec", "Recipe"]], sleep: Callable[[float], None]
) -> dict[tuple["NetSpec", "Recipe"], "Run"]:
    """Every run that is wanted once it has ended, a line for each; what was trained before is reused."""
    from resnet.commands.train import AT_WORK
    from resnet.specs import run_id

    ids = {run_id(*one, engine.device): one for one in wanted}
    told: dict[tuple[NetSpec, Recipe], Run] = {}
    left, going = list(ids), dict[str, None]()
    while len(told) < len(ids):
        while left and len(going) < AHEAD:
            going[_asked_for(engine, left.pop(0), ids)] = None
        for key, run in engine.store.runs(going).items():
            if run.status not in AT_WORK:
                del going[key]
                told[ids[key]] = run
                say(_line(run, len(told), len(ids)))
        sleep(LOOK_EVERY)
    return told


def _asked_for(engine: "Engine", key: str, ids: Mapping[str, tuple["NetSpec", "Recipe"]]) -> str:
    """Queue a run unless it was trained here already; one that has diverged would diverge again."""
    known = engine.store.runs([key]).get(key)
    if known is None or known.recorded or known.status not in ENDED:
        engine.submit(*ids[key], "command line")
    return key


def _line(run: "Run", place: int, count: int) -> str:
    words = f"{run.net} seed {run.recipe.seed}"
    return f"{place:4}/{count} {words:36} {run.status:9} {run.seconds:6.1f} s  {run.sentence}".rstrip() + "\n"
