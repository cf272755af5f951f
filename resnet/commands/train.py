"""``resnet train``: fill the store without the app.

While the workers are started, watched and ended, Ctrl-C is heard only where the command waits.
"""

import argparse
import os
import sys
import time
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from resnet.commands import words
from resnet.commands.output import say
from resnet.interrupts import Interrupts

if TYPE_CHECKING:
    from resnet.runs.engine import Engine
    from resnet.runs.store.records import Run
    from resnet.specs import NetSpec, Recipe

AT_WORK = ("queued", "running")
LOOK_EVERY = 0.2  # seconds
QUIET = 3.0  # seconds of waiting for the workers before a word about it


def add(commands: Any) -> None:
    train = commands.add_parser("train", help="train nets by one recipe")
    train.add_argument("nets", nargs="+", metavar="NET", help="a net's name, e.g. plain-56 or res-20-w16-nobn")
    train.add_argument("--afresh", action="store_true", help="start from step 0 what could go on from a checkpoint")
    words.add_recipe(train)


def run(options: argparse.Namespace, interrupts: Interrupts) -> int:
    """Status 0 when every run is done, 1 when one ended early."""
    from resnet.specs import NetSpec

    recipe = words.recipe(options)
    return _train(list(dict.fromkeys(NetSpec.parse(name) for name in options.nets)), recipe, interrupts, options.afresh)


def _train(nets: list["NetSpec"], recipe: "Recipe", interrupts: Interrupts, afresh: bool) -> int:
    from resnet import datasets
    from resnet.runs.engine import Engine
    from resnet.training.estimates import longest_first

    if datasets.fixed(recipe.data):  # what is missing or damaged is said before the workers start
        datasets.load_dataset(recipe.data, recipe.level, pixels=recipe.pixels)
    interrupts.hold()
    engine = Engine.open()
    engine.start()
    try:
        _wait_until_ready(engine, interrupts.sleep)
        ordered, recipes = longest_first(nets, recipe), recipe.each()  # seed by seed: a comparison is there early
        ids = {_submit(engine, net, own, afresh): net for own in recipes for net in ordered}
        runs = _follow(engine, ids, recipe, interrupts.sleep)
        if len(recipes) > 1:
            say("".join(_seeds_line(engine, net, runs.values()) for net in nets))
    finally:
        engine.close()
    return 0 if all(run.status == "done" for run in runs.values()) else 1


def _submit(engine: "Engine", net: "NetSpec", recipe: "Recipe", afresh: bool) -> str:
    """The run's id; one line for a run that goes on where an earlier one, or a shorter one, has ended."""
    from resnet.specs import run_id
    from resnet.training.extension import longer, shorter

    after = ""
    if before := shorter(recipe):  # at a constant rate the longer run is one like any other, and nothing is extended
        recipe, after = longer(before, recipe.steps), run_id(net, before, engine.device)
    run = engine.submit(net, recipe, "command line", afresh=afresh, after=after)
    step = engine.store.checkpoints([run]).get(run)
    if step and engine.store.runs([run])[run].status in AT_WORK:
        seed = f", seed {recipe.seed}" if recipe.seed else ""
        print(f"resnet: {net}{seed} goes on from step {step}", file=sys.stderr)
    return run


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
    if missing := engine.missing_device:
        print(f"resnet: {missing}, which RESNET_DEVICE names, was not found; {engine.device} trains", file=sys.stderr)


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
                        say(_line(engine, run, f" seed {run.recipe.seed}" if recipe.seeds > 1 else ""))
            if len(told) == len(ids):
                return runs
            sleep(LOOK_EVERY)


def _line(engine: "Engine", run: "Run", seed: str = "") -> str:
    from resnet.findings.training import run_sentence

    curves = engine.store.curves(run.id)
    said = run_sentence(curves.result(run.recipe), run.net.outputs(run.recipe.data) if run.net.softmax else 0)
    reason = run.sentence and run.sentence.rstrip(".") + "."
    return f"{f'{run.net}{seed}':24} {run.status:9} {run.seconds:6.1f} s  {reason} {said}\n"


def _seeds_line(engine: "Engine", net: "NetSpec", runs: Iterable["Run"]) -> str:
    """What the runs of a net with several seeds come to."""
    from resnet.findings.candidates import STATES, Candidate
    from resnet.findings.seeds import seeds_sentence

    own = [(run, engine.store.curves(run.id).result(run.recipe)) for run in runs if run.net == net]
    told = [Candidate(str(net), {}, STATES.get(run.status, "open"), found) for run, found in own]
    return f"{net!s:24} {len(told)} seeds: {seeds_sentence(told)}\n"
