"""The command line: ``resnet app`` starts the app, ``resnet train plain-56 res-56 --steps 400`` fills its store."""

import argparse
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from tqdm import tqdm

from resnet.export.code import module_code
from resnet.export.notebook import notebook
from resnet.findings.training import run_sentence
from resnet.i18n import _
from resnet.runs.engine import Engine
from resnet.runs.errors import EngineError, StoreError
from resnet.runs.store.records import Run
from resnet.specs import NetSpec, Recipe, SpecError
from resnet.training.estimates import longest_first

ROOT = Path(__file__).parents[1]  # of a checkout; an installed package has neither app.py nor pages there
NO_PAGES = "the app's pages are no part of the installed package: clone the repository and start `streamlit run app.py`"
AT_WORK = ("queued", "running")
LOOK_EVERY = 0.2  # seconds


def main(arguments: Sequence[str] | None = None) -> int:
    """Exit status: 0 when every run is done, 1 when one ended early, 2 for wrong words."""
    options = _parser().parse_args(arguments)
    if options.command == "app":
        return _app(options.arguments)
    if options.command == "code":
        return _code(options.net, options.notebook)
    words = {name: value for name in Recipe.model_fields if (value := getattr(options, name)) is not None}
    try:
        nets = list(dict.fromkeys(NetSpec.parse(name) for name in options.nets))
        return _train(nets, Recipe.from_query(words))
    except (SpecError, EngineError, StoreError) as error:
        print(f"resnet: {error}", file=sys.stderr)
        return 2


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="resnet", description="Train plain and residual nets and compare them.")
    commands = parser.add_subparsers(dest="command", required=True)
    app = commands.add_parser("app", help="start the app in the browser")
    app.add_argument(
        "arguments", nargs="*", metavar="OPTION", help="for Streamlit, after --, as in -- --server.port 80"
    )
    code = commands.add_parser("code", help="print a net as PyTorch code")
    code.add_argument("net", metavar="NET", help="a net's name, e.g. res-20-preact or resnet-50")
    code.add_argument("--notebook", action="store_true", help="as a Jupyter notebook that trains it")
    train = commands.add_parser("train", help="train nets by one recipe")
    train.add_argument("nets", nargs="+", metavar="NET", help="a net's name, e.g. plain-56 or res-20-w16-nobn")
    for name, field in Recipe.model_fields.items():
        train.add_argument(
            f"--{name.replace('_', '-')}",
            dest=name,
            metavar=_metavar(field.annotation),
            help=f"default: {field.default}",
        )
    return parser


def _app(arguments: list[str]) -> int:
    script = ROOT / "app.py"
    if not script.exists():
        print(f"resnet: {NO_PAGES}", file=sys.stderr)
        return 2
    command = [sys.executable, "-m", "streamlit", "run", script.name, *arguments]
    with suppress(KeyboardInterrupt):  # Ctrl-C reaches Streamlit too, which ends by itself
        return subprocess.run(command, cwd=ROOT, check=False).returncode
    return 0


def _code(name: str, as_notebook: bool) -> int:
    try:
        net = NetSpec.parse(name)
    except SpecError as error:
        print(f"resnet: {error}", file=sys.stderr)
        return 2
    print(notebook(net, Recipe()) if as_notebook else module_code(net), end="")
    return 0


def _metavar(kind: Any) -> str:
    return {int: "N", float: "X", bool: "yes|no"}.get(kind, "NAME")


def _train(nets: list[NetSpec], recipe: Recipe) -> int:
    engine = Engine.open()
    engine.start()
    try:
        _wait_until_ready(engine)
        ids = {engine.submit(net, recipe, "command line"): net for net in longest_first(nets, recipe)}
        runs = _follow(engine, ids, recipe)
    except KeyboardInterrupt:
        print("stopped", file=sys.stderr)
        return 1
    finally:
        engine.close()
    return 0 if all(run.status == "done" for run in runs.values()) else 1


def _wait_until_ready(engine: Engine) -> None:
    """A run's id depends on the device, which the workers find out. Raises EngineError."""
    while engine.state == "starting":
        time.sleep(LOOK_EVERY / 4)
    if engine.state != "ready":
        raise EngineError(_(engine.message))


def _follow(engine: Engine, ids: dict[str, NetSpec], recipe: Recipe) -> dict[str, Run]:
    """A progress bar over the steps of all runs; one line for each run when it ends."""
    told: set[str] = set()
    with tqdm(total=len(ids) * recipe.steps, unit="step", smoothing=0.05) as bar:
        while True:
            runs = engine.store.runs(ids)
            bar.update(sum(run.step for run in runs.values()) - bar.n)
            for key, run in runs.items():
                if run.status not in AT_WORK and key not in told:
                    told.add(key)
                    bar.write(_line(engine, run))
            if len(told) == len(ids):
                return runs
            time.sleep(LOOK_EVERY)


def _line(engine: Engine, run: Run) -> str:
    curves = engine.store.curves(run.id)
    said = run_sentence(curves.result(run.recipe), run.net.outputs(run.recipe.data) if run.net.softmax else 0)
    return f"{run.net!s:24} {run.status:9} {run.seconds:6.1f} s  {run.sentence} {said}"


if __name__ == "__main__":
    sys.exit(main())
