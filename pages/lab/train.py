"""Does a deeper net learn better? Loss and error of all nets on the bench, live."""

import streamlit as st

from resnet.charts.curves import Series, View, curves_figure
from resnet.charts.look import looks
from resnet.findings.learning import loss_floor
from resnet.i18n import _
from resnet.ui.bench import session
from resnet.ui.lab import train
from resnet.ui.parts import backend, nets_table, widgets
from resnet.ui.parts.nets_table import Row
from resnet.ui.parts.plot import plot

st.title(_("Does a deeper net learn better?"))
bench = session.current()
st.caption(train.caption(bench))

with st.container(horizontal=True, gap="medium", vertical_alignment="bottom"):
    quantity = widgets.choice(
        "quantity",
        _("Quantity"),
        {"loss": _("Loss"), "error": _("Error")},
        _("Loss: cross-entropy in nats. Error: share of wrong answers."),
    )
    split = widgets.choice(
        "split",
        _("Images"),
        {"train": _("Train"), "test": _("Test"), "both": _("Both")},
        _("Train: the batches that the net learns from. Test: images it never sees."),
    )
    x = widgets.choice(
        "x",
        _("x axis"),
        {"step": _("Steps"), "seconds": _("Seconds")},
        _("Steps count updates; seconds include the evaluations."),
    )
    smoothing = st.slider(
        _("Smoothing, steps"),
        1,
        100,
        20,
        key="smoothing",
        bind="query-params",
        width=150,
        help=_("Each point is the mean of so many training steps."),
    )
    log = st.toggle(_("Log scale"), key="log", bind="query-params", help=_("Logarithmic y axis."))

view = View(quantity, split, smoothing, log, x)


def show() -> None:
    """The part of the page that is drawn anew while nets train."""
    found = backend.runs(bench)
    drawn = [(look, found.get(entry.net)) for look, entry in zip(looks(bench), bench.entries, strict=True)]
    series = [Series(look, backend.curves(run)) for look, run in drawn if run]
    classes = backend.class_count(bench.recipe)
    floors = sorted({loss_floor(net.outputs(bench.recipe.data)) for net in bench.nets if net.softmax})
    plot(curves_figure(series, view, bench.recipe.steps, classes, floors, height=360), key="curves")
    st.markdown(train.of_bench(bench))
    rows = [Row(look, nets_table.state_of(run), train.of_run(run), nets_table.progress_of(run)) for look, run in drawn]
    nets_table.show_rows(rows)


nets_table.engine_note()
st.fragment(show, run_every=1.0 if backend.at_work(backend.runs(bench).values()) else None)()
