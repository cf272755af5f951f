"""The page of a paper's experiments: which one, train and stop, and the way to the bench."""

from functools import partial

import streamlit as st

from resnet.catalog.published import CIFAR_2015
from resnet.charts.sweep import published_figure
from resnet.experiments import EXPERIMENTS, Experiment, Row, in_group
from resnet.experiments.later import ELSEWHERE
from resnet.findings.experiments import name_of, rule_sentence, sources
from resnet.findings.text import duration, plain
from resnet.i18n import _, plural
from resnet.runs.errors import EngineError
from resnet.runs.store import Run
from resnet.specs import NetSpec, Recipe, SpecError
from resnet.specs.bench import Bench, Entry
from resnet.ui.app import pages
from resnet.ui.bench import at_work, session
from resnet.ui.bench.recipe import summary
from resnet.ui.lab.experiments.panel import DEPTH_HEIGHT, panel, runs, show_table
from resnet.ui.parts import backend, durations, links, nets_table, panels, plot, seeds, visitors, widgets

WORD = "experiment"  # in the address
_WRITTEN = "experiment-written"  # in the session: what the address says since the last run
_OPEN = "experiment-picked"  # in the session: the row whose point was clicked


def page(group: str) -> None:
    """The page of a paper."""
    links.group_links("experiments")
    title = st.container()
    with st.container(horizontal=True, gap="medium", vertical_alignment="bottom"):
        experiment = chosen(group)
        buttons(experiment)
    title.title(_(experiment.question))
    nets_table.engine_note()
    shown = panels.show(panel(experiment))
    _charts(experiment, shown)
    st.html(
        f'<div data-live="{shown.part("going")}" style="font-size: 0.875rem; opacity: 0.8">'
        f"{shown.content['going']}</div>"
    )
    st.markdown(shown.content["!sentence"])
    show_table(shown.content["table"], shown.part("table"))
    open_menu(experiment)
    notes(experiment)


def _charts(experiment: Experiment, shown: panels.Drawn) -> None:
    key = f"experiment-{experiment.name}"

    def measured() -> None:
        text = shown.content["figure"]
        on_pick = partial(picked, key)
        plot.show(text, key, plot.height_of(text), shown.part("figure"), shown.at, on_pick=on_pick)

    if experiment.chart != "depth":
        measured()
        return
    left, right = st.columns([5, 4], gap="small")
    with left:
        measured()
    with right:
        plot.plot(published_figure(CIFAR_2015, DEPTH_HEIGHT), "experiment-published")


def recipe_words(experiment: Experiment) -> str:
    """How all rows are trained."""
    recipe = experiment.recipe(experiment.rows[0])
    common = Recipe.parse(experiment.words).but(seeds=recipe.seeds)
    return _("Recipe: {recipe}.", recipe=summary(common))


def chosen(group: str) -> Experiment:
    """The experiment that the visitor looks at; its name, which is the same in every language, is in the address."""
    names = {experiment.name: _(experiment.title) for experiment in in_group(group)}
    key, asked = f"experiment-of-{group}", st.query_params.get(WORD, "")
    if asked in names and (key not in st.session_state or asked != st.session_state.get(_WRITTEN)):
        st.session_state[key] = asked
    text = _("Figures and tables of the papers, as they can be measured in a lesson.")
    name = st.selectbox(_("Experiment"), list(names), format_func=names.__getitem__, key=key, help=text, width=430)
    st.session_state[_WRITTEN] = st.query_params[WORD] = name
    return EXPERIMENTS[name]


def missing(experiment: Experiment) -> list[tuple[NetSpec, Recipe]]:
    """The runs that have not been trained here to their end, in the order of training; a recorded one has not."""
    found = runs(experiment)

    def wanted(asked: tuple[NetSpec, Recipe]) -> bool:
        run = found.get(asked)
        return run is None or run.status in seeds.RETRY or bool(run.recorded)

    return [asked for asked in experiment.runs() if wanted(asked)]


def at_work_here(experiment: Experiment) -> list[Run]:
    """The runs that wait or train, and for which this visitor waits."""
    working = [run for run in runs(experiment).values() if run.status in backend.AT_WORK]
    return [run for run in working if run.id not in visitors.me().let_go]


def buttons(experiment: Experiment) -> None:
    """Train what has not been trained here, and stop what trains."""
    left, working = missing(experiment), at_work_here(experiment)
    if left:
        length = duration(durations.seconds_until(left))
        label = plural(
            "Train here · {count} run · about {length}",
            "Train here · {count} runs · about {length}",
            len(left),
            length=length,
        )
        text = _("Train every net of the experiment on this computer, seed by seed. What is trained already is kept.")
        st.button(label, key="experiment-train", icon=":material/play_arrow:", type="primary", help=text,
                  on_click=train, args=[experiment.name])  # fmt: skip
    if working:
        label = plural("Stop {count} run", "Stop {count} runs", len(working))
        text = _("Stop within one step. What was recorded so far is kept.")
        st.button(label, key="experiment-stop", icon=":material/stop:", help=text, on_click=at_work.stop,
                  args=[working])  # fmt: skip


def train(name: str) -> None:
    """Queue what is missing; when a run is refused, a notice says why."""
    try:
        for net, recipe in missing(EXPERIMENTS[name]):
            backend.submit(net, recipe)
    except (SpecError, EngineError) as error:
        widgets.notify(str(error))


def picked(key: str) -> None:
    """A point of that chart was clicked."""
    told = st.session_state[key].picked
    if isinstance(told, str):
        st.session_state[_OPEN] = told


def open_menu(experiment: Experiment) -> None:
    """Put a row and the one that it is compared with on the bench: from a menu, or because its point was clicked."""
    names = {row.key: name_of(row) for row in experiment.rows}
    clicked = st.session_state.pop(_OPEN, "")
    with st.container(horizontal=True, gap="small", vertical_alignment="bottom"):
        text = _("With the net that it is compared with, and the recipe; a click on a point does the same.")
        key = f"row-{experiment.name}"
        picked_row = st.selectbox(_("Row"), list(names), format_func=names.__getitem__, key=key, help=text, width=330)
        pressed = st.button(_("Put on the bench"), key="experiment-open", icon=":material/monitoring:",
                            help=_("Opens the Train page with these nets."))  # fmt: skip
    if clicked in names or pressed:
        bench = bench_of(experiment, experiment.row(clicked if clicked in names else picked_row))
        session.leave_with(bench)
        st.switch_page(pages.named("train").path, query_params=bench.to_query())


def bench_of(experiment: Experiment, row: Row) -> Bench:
    """The net of a row behind the one that it is compared with, where one recipe trains both."""
    other, recipe = experiment.reference(row), experiment.recipe(row)
    together = [other] if other and experiment.recipe(other) == recipe else []
    nets = dict.fromkeys(one.spec for one in (*together, row))
    return Bench(entries=tuple(Entry(net=net) for net in nets), recipe=recipe)


def notes(experiment: Experiment) -> None:
    """Why our numbers may differ, how orders are compared, where the published ones stand, and what shows more."""
    st.markdown(f"**{_('Why ours may differ.')}** {plain(_(experiment.why))}")
    told = [
        recipe_words(experiment),
        recorded_note(experiment),
        rule_sentence(experiment),
        "; ".join(sources(experiment)),
    ]
    st.caption("  \n".join(plain(text) for text in told if text))
    if experiment.group == "later":
        _elsewhere()
    with st.container(horizontal=True, gap="small"):
        for name in experiment.pages:
            _link(name)


def _elsewhere() -> None:
    """What later work has measured and a page of its own shows."""
    st.markdown(_("**Other later work is measured on pages of its own:**"))
    with st.container(horizontal=True, gap="small"):
        for name, source in ELSEWHERE:
            _link(name, source)


def _link(name: str, source: str = "") -> None:
    page = pages.named(name)
    if page.name == name:
        label = _("{page} ({source})", page=_(page.title), source=source) if source else _(page.title)
        st.page_link(page.path, label=label, icon=page.material, width="content")


def recorded_note(experiment: Experiment) -> str:
    """Where and when the runs were recorded that came with the app; empty where none did."""
    origins = dict.fromkeys(run.recorded for run in runs(experiment).values() if run.recorded)
    return _("Recorded: {origins}.", origins="; ".join(origins)) if origins else ""
