"""The frame around every page: navigation, side bar, notices. Streamlit runs this script for each visitor."""

from typing import Literal

import streamlit as st

from resnet.i18n import N_, _
from resnet.runs.errors import StoreError
from resnet.ui.app import language, server, style
from resnet.ui.bench import session, sidebar
from resnet.ui.parts import backend, widgets

# A line per page: the file, its section and title in the menu, its icon, and the words that its own widgets have in
# the address. The first one is the start page; HIDDEN ones are reached from the
# pages of their group.
HIDDEN = ""
PAGES: list[tuple[str, str, str, str, set[str]]] = [
    ("lab/start", N_("Lab"), N_("Start"), "home", set()),
    ("lab/train", N_("Lab"), N_("Train"), "monitoring", {"quantity", "split", "x", "smoothing", "log"}),
    ("lab/build", N_("Lab"), N_("Build"), "account_tree", {"image", "fault"}),
    ("lab/gradients", N_("Lab"), N_("Gradients"), "ssid_chart", {"probe", "place", "divided", "step"}),
    (
        "lab/attribution",
        N_("Lab"),
        N_("Attribution"),
        "visibility",
        {"rows", "method", "explain", "baseline", "sign", "opacity", "size", "outline", "own", "images"},
    ),
    ("lab/scores", HIDDEN, N_("Scores"), "leaderboard", {"score-images", "score"}),
    ("lab/sanity", HIDDEN, N_("Sanity check"), "health_and_safety", {"randomise", "like"}),
    ("lab/mistakes", HIDDEN, N_("Mistakes"), "rule", {"order"}),
    ("lab/pictures", HIDDEN, N_("Own pictures"), "add_a_photo", {"source", "own-method"}),
    ("lab/board", HIDDEN, N_("Who did it?"), "search", set()),
    ("lab/equations", HIDDEN, N_("Equations"), "functions", set()),
    ("lab/shattered", HIDDEN, N_("Shattered gradients"), "grain", {"between"}),
    ("lab/paths", HIDDEN, N_("Path lengths"), "route", set()),
]
NOTICES = {
    "page": N_("There is no page at this address; this is the start page."),
    "long": N_("This link is too long to be read; here is the demo instead."),
}

language.follow_language()
st.set_page_config(  # before the navigation, which would fetch the page's icon from another server
    page_icon=str(server.ASSETS / "icon.png"),
    layout="wide",
    menu_items={"About": _("ResNet Lab: build plain and residual nets of any depth, train them and look inside.")},
)
sections: dict[str, list[st.Page]] = {}
own_words: dict[str, set[str]] = {}
for file, section, title, icon, own in PAGES:
    path = server.PAGES / f"{file}.py"
    shown: Literal["visible", "hidden"] = "visible" if section else "hidden"
    icon = f":material/{icon}:"
    page = st.Page(path, title=_(title), icon=icon, default=file == PAGES[0][0], visibility=shown)
    sections.setdefault(_(section or N_("Lab")), []).append(page)
    own_words[page.url_path] = own

page = st.navigation(sections, expanded=True)
st.set_page_config(page_title=f"{page.title} · ResNet Lab")
if notice := NOTICES.get(st.query_params.get(server.NOTICE, "")):
    widgets.notify(_(notice))
    del st.query_params[server.NOTICE]
session.follow_address(page.url_path, own_words[page.url_path])
style.apply()
try:
    backend.engine()
except StoreError as error:
    st.error(widgets.plain(str(error)), icon=":material/error:")
    st.stop()
sidebar.sidebar()
widgets.show_notices()
page.run()
server.settle(page.url_path)
