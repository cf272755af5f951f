"""A class whose members all change pages, move sliders and train nets of their own: `visitors.py --class NAME`."""

import asyncio
import random
import threading
import time
from contextlib import AsyncExitStack, contextmanager

from resnet.runs.store import Store, class_work
from resnet.specs import Recipe
from tests.benchmarks.visitors import Server, Visitor, summary

NETS = "plain-8-w4,res-8-w4"
STEPS = 60
PAUSE = 4.0  # seconds between two things that a member does, on average
PAGES = ("train", "class_board", "build")
AT_MOST = 240.0  # seconds for all runs to end


async def lesson(found: Server, visitors: int, seconds: float, word: str) -> None:
    with peak_of(found) as peak:
        start = found.megabytes
        async with AsyncExitStack() as stack:
            members = [Visitor(found.port, Recipe(seed=100 + n, steps=STEPS), NETS, more=f"&class={word}")
                       for n in range(visitors)]  # fmt: skip
            for member in members:
                await member.enter(stack)
            print(f"{visitors} members of class {word}, median / 95th percentile of all", flush=True)
            print(f"idle      {await at_work(members, seconds)}  {found.megabytes:.0f} MB", flush=True)
            asked = await asyncio.gather(*(press(member) for member in members))
            print(f"Train pressed by all, answered in {summary(asked)}", flush=True)
            ended = asyncio.ensure_future(all_ended(found, 2 * visitors))
            told = await at_work(members, seconds)
            print(f"training  {told}  {found.megabytes:.0f} MB", flush=True)
            await ended
            report(found, visitors, word)
            for member in members:
                member.leave()
        await asyncio.sleep(5)
    after = f"memory {start:.0f} MB at the start, {peak[0]:.0f} at most, {found.megabytes:.0f} after they left"
    print(f"{after}; tracebacks in the log: {found.tracebacks}", flush=True)


@contextmanager
def peak_of(found: Server):
    """The most memory that the pages' process has had."""
    peak, over = [0.0], threading.Event()

    def look() -> None:
        while not over.wait(0.25):
            peak[0] = max(peak[0], found.megabytes)

    thread = threading.Thread(target=look, daemon=True)
    thread.start()
    yield peak
    over.set()
    thread.join()


async def at_work(members: list[Visitor], seconds: float) -> str:
    times: dict[str, list[float]] = {"page": [], "slider": []}
    await asyncio.gather(*(work(member, time.monotonic() + seconds, times) for member in members))
    return "  ".join(f"{name} {summary(all_times)}" for name, all_times in times.items())


async def work(member: Visitor, end: float, times: dict[str, list[float]]) -> None:
    """Go from page to page, and move a slider where there is one, as people do."""
    while time.monotonic() < end:
        await asyncio.sleep(2 * PAUSE * random.random())
        times["page"].append(await member.run(random.choice([page for page in PAGES if page != member.page])))
        if member.page == "train":
            await asyncio.sleep(PAUSE * random.random())
            slider = next(each for label, each in member.sliders.items() if label.lower().startswith("smooth"))
            times["slider"].append(await member.run(id=slider.id, value=float(random.randint(1, 100))))


async def press(member: Visitor) -> float:
    await asyncio.sleep(random.random())
    await member.run("train")
    button = next(id_ for label, id_ in member.buttons.items() if label.startswith("Train"))
    return await member.run(id=button, trigger=True)


async def all_ended(found: Server, runs: int) -> None:
    store, end = Store(found.home / "runs.sqlite"), time.monotonic() + AT_MOST
    while sum(run.status == "done" for run in store.recent(runs)) < runs and time.monotonic() < end:
        await asyncio.sleep(0.5)
    store.close()


def report(found: Server, visitors: int, word: str) -> None:
    """How long the members waited for their runs, and whether one is missing."""
    store = Store(found.home / "runs.sqlite")
    runs, board = store.recent(2 * visitors + 10), class_work.runs(store, word)
    store.close()
    waited = [run.started - run.created for run in runs if run.started]
    whole = [run.finished - run.created for run in runs if run.finished]
    print(f"until a run began {summary(waited)}, until it ended {summary(whole)}", flush=True)
    done = sum(run.status == "done" for run in runs)
    owners = len({own for one in board for own in one.visitors})
    print(f"{done} of {2 * visitors} runs done; on the board {len(board)} of {owners} members", flush=True)
