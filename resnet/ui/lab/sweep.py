"""The depth sweep: plain and residual nets of many depths by the recipe of the bench, and what their runs say."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape

import streamlit as st

from resnet.charts.sweep import Point, sweep_figure
from resnet.findings.candidates import STATES, Candidate
from resnet.findings.sweep import seeds_ended, sweep_sentences
from resnet.findings.text import clauses, duration, listed, paragraph, plain
from resnet.i18n import _, plural
from resnet.runs.store import Run
from resnet.specs import NetSpec, Recipe, nearest_depth, run_id
from resnet.specs.bench import Bench, Entry
from resnet.specs.limits import LIMITS
from resnet.ui.app import pages
from resnet.ui.bench import session, together
from resnet.ui.parts import backend, durations, nets_table, panels, plot, seeds
from resnet.ui.parts.plot import described

HEIGHT = 320  # pixels
DEPTHS = tuple(sorted({LIMITS.depth(depth) for depth in (8, 14, 20, 32, 44, 56, 110)}))
_OPEN = "sweep-open"  # in the session: the net whose point was clicked
QUANTITIES = ("loss", "error")


@dataclass(frozen=True)
class Sweep:
    """Twins of several depths, the plain one of each first, and the recipe that trains them."""

    nets: tuple[NetSpec, ...]
    recipe: Recipe

    def ids(self) -> list[str]:
        """The runs of every net and seed, whether they exist or not."""
        device = backend.engine().device
        return [run_id(net, recipe, device) for recipe in self.recipe.each() for net in self.nets]

    def runs(self) -> dict[NetSpec, list[Run | None]]:
        """For each net its runs in the order of the seeds, None for one that does not exist."""
        found = backend.runs_of_recipes(self.nets, self.recipe.each())
        return {net: [own.get(net) for own in found] for net in self.nets}

    def missing(self) -> list[tuple[NetSpec, Recipe]]:
        """The runs without a result, in the order of training: the shallow ones first, so that points come early."""
        return seeds.missing(self.nets, self.recipe, shortest=True)


def depths_menu() -> list[int]:
    """The depths that the visitor chooses, in the address too."""
    text = _("Every depth is trained as a plain net and as a residual one.")
    chosen = st.multiselect(
        _("Depths"), list(DEPTHS), list(DEPTHS), key="depths", bind="query-params", help=text, width=520
    )
    return sorted(chosen)


def of_bench(bench: Bench, depths: Iterable[int]) -> Sweep:
    """The sweep whose nets are, but for depth and shortcut, the first one on the bench."""
    first = bench.entries[0].net
    residual = first if first.block == "residual" else first.twin()
    possible = dict.fromkeys(nearest_depth(depth, first.branch, first.family) for depth in depths)
    deep = [residual.adapt(depth=depth) for depth in possible]
    return Sweep(tuple(net for one in deep for net in (one.twin(), one)), bench.recipe)


def panel(sweep: Sweep) -> panels.Panel:
    """What changes while the runs train."""
    return panels.panel(drawn, sweep, runs=sweep.ids())


def drawn(sweep: Sweep) -> dict[str, str]:
    """Both charts, what they say, what trains now, and a text that draws the page anew when a run has ended."""
    found = sweep.runs()
    classes = backend.class_count(sweep.recipe)
    content = {
        quantity: described(sweep_figure(points(found, quantity), quantity, classes, HEIGHT)) for quantity in QUANTITIES
    }
    states = [run.status in backend.AT_WORK for own in found.values() for run in own if run]
    rerun = {f"{panels.RERUN}runs": f"{sum(states)} of {len(states)}"}
    return {**content, "!sentence": sentence(sweep.recipe, found), "going": escape(going(found)), **rerun}


def points(found: dict[NetSpec, list[Run | None]], quantity: str) -> list[Point]:
    """A point for each net."""
    return [_point(net, [run for run in runs if run], quantity) for net, runs in found.items()]


def _point(net: NetSpec, runs: Sequence[Run], quantity: str) -> Point:
    ended = [value_of(run, quantity) for run in runs if run.status in ("done", "diverged")]
    working = [run for run in runs if run.status == "running" and run.step]
    now = tuple(value for run in working if (value := value_of(run, quantity)) == value)
    words = [_("step {step} of {steps}", step=run.step, steps=run.recipe.steps) for run in working]
    return Point(net, tuple(ended), now, ", ".join(words))


def value_of(run: Run, quantity: str) -> float:
    """The final training loss of a run, or its test error in percent; by now, for one at work."""
    if run.status == "diverged":
        return float("nan")
    result = backend.result(run)
    return result.last if quantity == "loss" else 100 * (1 - result.test)


def sentence(recipe: Recipe, found: dict[NetSpec, list[Run | None]]) -> str:
    """What the sweep shows so far, or what to do; Markdown."""
    kinds = {
        block: {net.depth: [_candidate(net, run) for run in runs] for net, runs in found.items() if net.block == block}
        for block in ("plain", "residual")
    }
    lines = [
        _("**{subject}**: {told}.", subject=subject, told=plain(text))
        for subject, text in sweep_sentences(kinds["plain"], kinds["residual"])
    ]
    if not lines:
        return _("Press the button above: the points come as the runs end, the shallow nets first.")
    head = []
    if seeds_ended(*kinds.values()) == 1:
        head.append(_("**In these runs (one seed each):**") if recipe.seeds == 1 else _("**In one seed so far:**"))
    return "  \n".join([*head, *lines])


def _candidate(net: NetSpec, run: Run | None) -> Candidate:
    state = STATES.get(run.status, "open") if run else "open"
    return Candidate(net.title, {}, state, backend.result(run) if run else None)


def going(found: dict[NetSpec, list[Run | None]]) -> str:
    """What trains now and how far it is, how many wait, and the time that is left; else what ended early."""
    runs = [run for own in found.values() for run in own if run]
    now = [run for run in runs if run.status == "running"]
    waiting = [run for run in runs if run.status == "queued"]
    parts = [f"{run.net.title}: {nets_table.state_of(run)}" for run in now]
    if waiting:
        parts.append(plural("{count} run waits", "{count} runs wait", len(waiting)))
    if parts:
        length = duration(durations.seconds_left([*now, *waiting]))
        return _("{parts}; about {length} left", parts=clauses(parts), length=length)
    ends = {status: [run.net.title for run in runs if run.status == status] for status in ("stopped", "failed")}
    texts = {"stopped": _("Stopped before the end: {nets}."), "failed": _("Failed before the end: {nets}.")}
    told = paragraph(*(texts[status].format(nets=listed(nets)) for status, nets in ends.items() if nets))
    return told or seeds.origin(runs)


def buttons(sweep: Sweep) -> None:
    """Train what has no result, and stop what trains."""
    if missing := sweep.missing():
        length = duration(durations.seconds_until(missing))
        label = plural(
            "Train the sweep · {count} run · about {length}",
            "Train the sweep · {count} runs · about {length}",
            len(missing),
            length=length,
        )
        text = _("Train every net of the sweep that has no result yet, by the recipe of the bench, seed by seed.")
        together.train_button(label, "sweep-train", text, lambda: together.queue(sweep.missing()))
    together.stop_button((run for own in sweep.runs().values() for run in own), "sweep-stop")


def picked(key: str) -> None:
    """A point of that chart was clicked."""
    if what := plot.picked(key):
        st.session_state[_OPEN] = what


def open_menu(sweep: Sweep) -> None:
    """Open the twins of a depth on the Train page: from a menu, or because a point was clicked."""
    twins = {net.depth: (net, net.twin()) for net in sweep.nets if net.block == "plain"}
    clicked = st.session_state.pop(_OPEN, "")
    depth = next((net.depth for net in sweep.nets if str(net) == clicked), None)
    with st.container(horizontal=True, gap="small", vertical_alignment="bottom"):
        about = _("The curves of both nets of that depth; a click on a point does the same.")
        names = {depth: _("Depth {depth}", depth=depth) for depth in twins}
        chosen = st.selectbox(_("Runs"), list(names), format_func=names.__getitem__, key="sweep-depth", help=about,
                              width=150)  # fmt: skip
        pressed = st.button(_("Open on the Train page"), key="sweep-open-button", icon=":material/monitoring:",
                            help=_("Puts these two nets on the bench."))  # fmt: skip
    if depth or pressed:
        entries = tuple(Entry(net=net) for net in twins[depth or chosen])
        bench = Bench(entries=entries[-LIMITS.max_nets :], recipe=sweep.recipe)
        session.leave_with(bench)
        st.switch_page(pages.named("train").path, query_params=bench.to_query())
