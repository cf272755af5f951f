"""The page of a paper's experiments: which one, train and stop, and the way to the bench."""

from functools import partial

import streamlit as st

from resnet.catalog.published import CIFAR_2015
from resnet.charts.sweep import published_figure
from resnet.experiments import EXPERIMENTS, Experiment, Row, in_group
from resnet.experiments.later import ELSEWHERE
from resnet.findings.experiments import name_of, rule_sentence, sources
from resnet.findings.text import cited, clauses, duration, plain
from resnet.i18n import _, plural
from resnet.specs import NetSpec, Recipe
from resnet.specs.bench import Bench, Entry
from resnet.ui.app import pages
from resnet.ui.bench import session, together
from resnet.ui.bench.recipe import summary
from resnet.ui.lab.experiments.panel import DEPTH_HEIGHT, panel, runs, show_table
from resnet.ui.parts import durations, links, nets_table, panels, plot, seeds

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
        said = shown.content["!sentence"]
        plot.show(text, key, plot.height_of(text), shown.part("figure"), shown.at, on_pick=on_pick, said=said)

    if experiment.chart == "rows":
        measured()
        return
    left, right = st.columns([5, 4], gap="small")
    with left:
        measured()
    with right:
        if experiment.chart == "depth":
            plot.plot(published_figure(CIFAR_2015, DEPTH_HEIGHT), "experiment-published")
        else:
            text = shown.content["blocks"]
            plot.show(text, f"{key}-blocks", DEPTH_HEIGHT, shown.part("blocks"), shown.at)


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
    return [asked for asked in experiment.runs() if seeds.is_open(found.get(asked))]


def buttons(experiment: Experiment) -> None:
    """Train what has not been trained here, and stop what trains."""
    if left := missing(experiment):
        length = duration(durations.seconds_until(left))
        label = plural(
            "Train here · {count} run · about {length}",
            "Train here · {count} runs · about {length}",
            len(left),
            length=length,
        )
        text = _("Train every net of the experiment on this computer, seed by seed. What is trained already is kept.")
        together.train_button(label, "experiment-train", text, lambda: together.queue(missing(experiment)))
    together.stop_button(runs(experiment).values(), "experiment-stop")


def picked(key: str) -> None:
    """A point of that chart was clicked."""
    if what := plot.picked(key):
        st.session_state[_OPEN] = what


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
        seeds.origin(runs(experiment).values()),
        rule_sentence(experiment),
        clauses(map(cited, sources(experiment))),
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
        label = _(page.title)
        if source:  # its number is on that page; here it would not fit on a phone
            label = _("{page} ({source})", page=label, source=cited(source.partition(",")[0]))
        st.page_link(page.path, label=label, icon=page.material, width="content")
