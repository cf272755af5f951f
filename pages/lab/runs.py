"""What was trained here? All runs that a visitor may see: find, compare, name, keep, delete, take away."""

import streamlit as st

from resnet.charts.curves import View
from resnet.findings.text import paragraph
from resnet.i18n import _
from resnet.takeaway.selection import MOST_COMPARED
from resnet.ui.bench import session
from resnet.ui.lab.runs import actions, panel, room, table
from resnet.ui.parts import backend, curve_choices, nets_table, owner, panels, plot

st.title(_("What was trained here?"))
host = owner.is_host()
visitor, also = None if host else owner.name(), tuple(backend.ids(session.current()))
panels.show(panels.panel(panel.noted, visitor, also, news=panel.news))
lines = panel.lines(visitor, also)
whose = _("All runs of this computer.") if host else _("Your runs, those on the bench, and those that are kept.")
st.caption(paragraph(whose, room.sentence(lines)))

wanted = table.filters(lines)
shown = [line for line in lines if wanted.takes(line)][: table.MOST_SHOWN]
actions.undo_line()
if not lines:
    st.info(_("There is no run yet: press **Train** in the side bar, or bring runs from a file below."))
elif not shown:
    st.info(_("No run is like that: take a word out of Find, or choose All."))
else:
    chosen = table.show(shown)
    if not chosen:
        st.caption(_("Choose runs on the left to compare them, put them onto the bench or take them away."))
    else:
        actions.row(chosen)
        with st.container(horizontal=True, gap="medium", vertical_alignment="bottom"):
            quantity, split = curve_choices.quantity(), curve_choices.split()
        ids = tuple(line.run.id for line in chosen[:MOST_COMPARED])
        drawn = panels.show(panels.panel(panel.drawn, ids, View(quantity, split), runs=ids))
        said = drawn.content["!said"]
        plot.show(drawn.content["curves"], "runs-curves", panel.HEIGHT, drawn.part("curves"), drawn.at, said=said)
        if len(chosen) > MOST_COMPARED:
            st.caption(_("The chart shows the first {count} of the chosen runs.", count=MOST_COMPARED))
        st.markdown(drawn.content["!said"])
        nets_table.show_table(drawn.content["rows"], drawn.part("rows"))
room.expander()
