"""The frame around every page: navigation, side bar, notices. Streamlit runs this script for each visitor."""

import streamlit as st

from resnet.catalog import DataError
from resnet.errors import UserError
from resnet.findings.text import paragraph, plain
from resnet.i18n import N_, _
from resnet.runs.engine import external
from resnet.runs.errors import StoreError
from resnet.specs import limits
from resnet.ui.app import carried, failures, language, menu, pages, server, style
from resnet.ui.bench import news, session, sidebar
from resnet.ui.course import contents, progress, slides
from resnet.ui.parts import (
    absent,
    backend,
    class_line,
    classroom,
    own_data,
    panels,
    teaching,
    visitors,
    waiting,
    widgets,
)

NOTICES = {
    "page": N_("There is no page at this address; this is the start page."),
    "short": N_("This short link leads nowhere, or no longer; this is the start page."),
    "long": N_("This link is too long to be read; here is the demo instead."),
}


def trouble() -> None:
    """Say on every page while there are no workers, or runs cannot be recorded."""
    engine = backend.engine()
    if engine.state in ("failed", "lost"):
        text = plain(_("The engine cannot work: {reason}", reason=_(engine.message)))
        again = _("The app connects by itself as soon as it can.") if external.address() else ""
        st.error(paragraph(text, again), icon=":material/error:")
    if sentence := engine.trouble:
        text = _("Runs cannot be recorded at the moment: {reason}.", reason=plain(sentence))
        st.error(text, icon=":material/error:")


language.follow_language()
teaching.follow()
st.set_page_config(  # before the navigation, which would fetch the page's icon from another server
    page_icon=str(server.ASSETS / "icon.png"),
    layout="wide",
    initial_sidebar_state="collapsed" if teaching.mode() else "auto",
    menu_items={"About": _("ResNet Lab: build plain and residual nets of any depth, train them and look inside.")},
)
page = menu.page()
st.set_page_config(page_title=f"{_(pages.named(page.url_path).title)} · ResNet Lab")
if notice := NOTICES.get(st.query_params.get(server.NOTICE, "")):
    widgets.notify(_(notice))
    del st.query_params[server.NOTICE]
record = pages.named(page.url_path)
session.follow_address(page.url_path, record.words | carried.WORDS)
progress.follow()
style.apply()
teaching.style()
try:
    limits.require_usable()
    engine = backend.engine()
except UserError as error:
    failures.failed(error)
classroom.follow()
visitors.here(backend.ids(session.current()), engine.questions)
trouble()
visitors.opens(page.url_path)
own_data.here(session.current().recipe.data)
panels.begin()
try:
    language.switch()
    class_line.show()
    if record.group == pages.LESSONS:
        contents.sidebar()
    else:
        sidebar.sidebar()
    slides.bar(page.url_path)
    widgets.show_notices()
    page.run()
except waiting.PageEnds:
    pass
except DataError as error:
    absent.show(session.current().recipe.data, error)
except StoreError as error:  # whatever a page asks, it reads the file of runs
    failures.failed(error)
news.follow()
server.settle(page.url_path)
