"""The command line: ``resnet app`` starts the app, ``resnet train plain-56 res-56 --steps 400`` fills its store.

Nearly everything is imported inside the functions: Ctrl-C while that goes on for seconds is one line like any other.
While the workers are started, watched and ended it is heard only where the command waits.
"""

import argparse
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from resnet.interrupts import Interrupts

if TYPE_CHECKING:
    from resnet.runs.engine import Engine
    from resnet.runs.store.records import Run
    from resnet.specs import NetSpec, Recipe

ROOT = Path(__file__).parents[1]  # of a checkout; an installed package has neither app.py nor pages there
NO_PAGES = "the app's pages are no part of the installed package: clone the repository and start `streamlit run app.py`"
AT_WORK = ("queued", "running")
LOOK_EVERY = 0.2  # seconds
QUIET = 3.0  # seconds of waiting for the workers before a word about it
INTERRUPTED = 130  # what shells expect of a program that ended by Ctrl-C
APP_ENDS_WITHIN = 10.0  # seconds after Ctrl-C, which reaches it too


class OutputError(Exception):
    """Nobody takes what is printed."""


def program() -> NoReturn:
    """`main`, and the end of Python: Ctrl-C during it is no traceback."""
    with Interrupts(afterwards=signal.SIG_IGN) as interrupts:
        status = _main(None, interrupts)
    sys.exit(status)


def main(arguments: Sequence[str] | None = None) -> int:
    """Exit status: 0 when every run is done, 1 when one ended early, 2 for what cannot be done, 130 after Ctrl-C."""
    with Interrupts() as interrupts:
        return _main(arguments, interrupts)


def _main(arguments: Sequence[str] | None, interrupts: Interrupts) -> int:
    try:
        try:
            return _command(arguments, interrupts)
        finally:
            interrupts.hold()
            _print("")
    except KeyboardInterrupt:
        print("stopped", file=sys.stderr)
        return INTERRUPTED
    except OutputError as error:
        with suppress(OSError, ValueError):  # Python would try again at its end, and say so
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        if not isinstance(error.__cause__, BrokenPipeError):  # a reader like `head` has had enough
            print(f"resnet: the output could not be written: {error}", file=sys.stderr)
        return 1


def _command(arguments: Sequence[str] | None, interrupts: Interrupts) -> int:
    options = _parser().parse_args(arguments)
    if options.command == "app":
        return _app(options.arguments, interrupts)
    from resnet.errors import UserError
    from resnet.specs import NetSpec, Recipe, limits

    for sentence in limits.unknown():
        print(f"resnet: {sentence}", file=sys.stderr)
    words = {name: value for name in Recipe.model_fields if (value := getattr(options, name)) is not None}
    try:
        limits.require_usable()
        recipe = Recipe.from_query(words)
        if options.command == "code":
            return _code(NetSpec.parse(options.net), recipe if options.notebook else None, list(words))
        return _train(list(dict.fromkeys(NetSpec.parse(name) for name in options.nets)), recipe, interrupts)
    except UserError as error:
        return _refused(str(error))


def _refused(sentence: str) -> int:
    print(f"resnet: {sentence}", file=sys.stderr)
    return 2


def _print(text: str) -> None:
    """To the standard output, at once. Raises OutputError."""
    try:
        print(text, end="", flush=True)
    except OSError as error:
        raise OutputError(error.strerror) from error


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="resnet", description="Train plain and residual nets and compare them.")
    commands = parser.add_subparsers(dest="command", required=True)
    app = commands.add_parser("app", help="start the app in the browser")
    app.add_argument(
        "arguments", nargs="*", metavar="OPTION", help="for Streamlit, after --, as in -- --server.port 80"
    )
    code = commands.add_parser("code", help="print a net as PyTorch code")
    code.add_argument("net", metavar="NET", help="a net's name, e.g. res-20-preact or resnet-50")
    code.add_argument("--notebook", action="store_true", help="as a Jupyter notebook that trains it by the recipe")
    train = commands.add_parser("train", help="train nets by one recipe")
    train.add_argument("nets", nargs="+", metavar="NET", help="a net's name, e.g. plain-56 or res-20-w16-nobn")
    for command in (code, train):
        _add_recipe(command)
    return parser


def _add_recipe(command: argparse.ArgumentParser) -> None:
    from resnet.specs import Recipe

    group = command.add_argument_group("recipe")
    for name, field in Recipe.model_fields.items():
        group.add_argument(
            f"--{name.replace('_', '-')}",
            dest=name,
            metavar=_metavar(field.annotation),
            help=f"default: {field.default}",
        )


def _metavar(kind: Any) -> str:
    return {int: "N", float: "X", bool: "yes|no"}.get(kind, "NAME")


def _app(arguments: list[str], interrupts: Interrupts) -> int:
    script = ROOT / "app.py"
    if not script.exists():
        return _refused(NO_PAGES)
    command = [sys.executable, "-m", "streamlit", "run", script.name, *arguments]
    interrupts.hold()
    with subprocess.Popen(command, cwd=ROOT) as streamlit:
        try:
            while streamlit.poll() is None:
                interrupts.sleep(LOOK_EVERY)
            return streamlit.returncode
        except KeyboardInterrupt:  # it reaches Streamlit too, which ends by itself
            with suppress(subprocess.TimeoutExpired):
                streamlit.wait(APP_ENDS_WITHIN)
            streamlit.terminate()
    return 0


def _code(net: "NetSpec", recipe: "Recipe | None", given: list[str]) -> int:
    """The net's code, or the notebook that trains it by `recipe`; `given` are the options of a recipe that were."""
    from resnet.export.code import module_code
    from resnet.export.notebook import notebook

    if recipe is None and given:
        return _refused(f"--{given[0].replace('_', '-')} belongs to a notebook's recipe; add --notebook")
    _print(module_code(net) if recipe is None else notebook(net, recipe))
    return 0


def _train(nets: list["NetSpec"], recipe: "Recipe", interrupts: Interrupts) -> int:
    from resnet.runs.engine import Engine
    from resnet.training.estimates import longest_first

    interrupts.hold()
    engine = Engine.open()
    engine.start()
    try:
        _wait_until_ready(engine, interrupts.sleep)
        ids = {engine.submit(net, recipe, "command line"): net for net in longest_first(nets, recipe)}
        runs = _follow(engine, ids, recipe, interrupts.sleep)
    finally:
        engine.close()
    return 0 if all(run.status == "done" for run in runs.values()) else 1


def _wait_until_ready(engine: "Engine", sleep: Callable[[float], None] = time.sleep) -> None:
    """A run's id depends on the device, which the workers find out. Raises EngineError, and what `sleep` raises."""
    from resnet.i18n import _
    from resnet.runs.errors import EngineError

    speak_at: float = time.monotonic() + QUIET
    while engine.state == "starting":
        if time.monotonic() > speak_at:
            speak_at = float("inf")
            cluster = os.environ.get("RESNET_SCHEDULER")
            what = f"the cluster at {cluster}, which RESNET_SCHEDULER names" if cluster else "the workers to start"
            print(f"resnet: waiting for {what} …", file=sys.stderr)
        sleep(LOOK_EVERY / 4)
    if engine.state != "ready":
        raise EngineError(_(engine.message))


def _follow(
    engine: "Engine", ids: dict[str, "NetSpec"], recipe: "Recipe", sleep: Callable[[float], None] = time.sleep
) -> dict[str, "Run"]:
    """A progress bar over the steps of all runs, on a terminal only; one line for each run when it ends."""
    from tqdm import tqdm

    told: set[str] = set()
    trouble = ""
    hidden = True if os.environ.get("TERM") == "dumb" else None  # None: where nobody looks at a terminal
    with tqdm(total=len(ids) * recipe.steps, unit="step", smoothing=0.05, disable=hidden) as bar:
        while True:
            runs = engine.store.runs(ids)
            bar.update(sum(run.step for run in runs.values()) - bar.n)
            if trouble != (trouble := engine.trouble) and trouble:
                bar.write(f"resnet: {trouble}", file=sys.stderr)
            for key, run in runs.items():
                if run.status not in AT_WORK and key not in told:
                    told.add(key)
                    with bar.external_write_mode():
                        _print(_line(engine, run))
            if len(told) == len(ids):
                return runs
            sleep(LOOK_EVERY)


def _line(engine: "Engine", run: "Run") -> str:
    from resnet.findings.training import run_sentence

    curves = engine.store.curves(run.id)
    said = run_sentence(curves.result(run.recipe), run.net.outputs(run.recipe.data) if run.net.softmax else 0)
    reason = run.sentence and run.sentence.rstrip(".") + "."
    return f"{run.net!s:24} {run.status:9} {run.seconds:6.1f} s  {reason} {said}\n"


if __name__ == "__main__":
    program()
