"""What has the class found? All runs that were started in a class, against depth."""

from functools import partial

import streamlit as st

from resnet.i18n import _
from resnet.ui.bench import recipe
from resnet.ui.classroom.class_board import panel, people, runs
from resnet.ui.parts import classroom, panels, plot, waiting, widgets

st.title(_("What has the class found?"))
if not (word := classroom.current()):
    people.enter_form()
    waiting.end_page()

st.caption(_("All runs that were started in the class “{word}”, one point for each.", word=word))
own = classroom.own()
groups = runs.groups(word)
wanted, quantity = "", "loss"
with st.container(horizontal=True, gap="small", vertical_alignment="bottom"):
    if groups:
        labels = {name: recipe.summary(runs.recipe_of(group[0].run)) for name, group in groups.items()}
        about = _("Runs by different recipes do not stand in one chart. The one with most runs comes first.")
        wanted = widgets.menu("class-recipe", _("Recipe"), labels, about, width=360)
        options = {"loss": _("Loss"), "error": _("Error")}
        quantity = widgets.choice(
            "measure", _("Quantity"), options, _("Training loss in nats, or error on test images.")
        )
    people.tools()
shown = panels.show(panels.panel(panel.drawn, word, own, wanted, quantity, news=panel.news))
if not shown.content["!recipes"]:
    st.info(
        _("No run yet: open **Train** or **Depth sweep** and press the button there; the points come by themselves."),
        icon=":material/info:",
    )
    waiting.end_page()

plot.show(shown.content["chart"], "class-runs", panel.HEIGHT, shown.part("chart"), shown.at)
st.html(f'<div data-live="{shown.part("said")}">{shown.content["said"]}</div>')
st.caption(
    _(
        "Large: your own runs; faint: those of others. Lines: the lowest run of each depth, which may be one of many. "
        "Loss is the mean of the last 20 training steps; a triangle at the top has diverged or ends above the chart."
    )
)
st.html(f'{panel.STYLE}<div data-live="{shown.part("rows")}">{shown.content["rows"]}</div>')
st.download_button(
    _("All runs as CSV"),
    partial(runs.csv_bytes, word),
    f"class-{word}.csv",
    "text/csv",
    icon=":material/download:",
    on_click="ignore",
    help=_("One row for each run of the class, by any recipe."),
)
