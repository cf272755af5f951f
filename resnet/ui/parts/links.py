"""Links between the pages."""

import json

import streamlit as st

from resnet.findings.text import plain
from resnet.i18n import _
from resnet.ui.app import pages

_KEY = "group-links"
# Where the menu is open it lists the same pages.
_STYLE = f"""<style>
.stApp:has([data-testid="stSidebar"][data-collapsed="false"]) .st-key-{_KEY} {{ display: none; }}
</style>"""


def group_links(group: str) -> None:
    """Links to the pages that ask one question each about the same thing; call first on each of them."""
    with st.container(horizontal=True, gap="small", key=_KEY):
        st.html(_STYLE)
        for page in pages.in_group(group):
            st.page_link(page.path, label=_(page.tab), icon=page.material, width="content")


def questions(told: str) -> None:
    """A link for each question that the numbers raise; `told` is a list of `findings.next_question`, as JSON."""
    for question in json.loads(told):
        page = pages.named(question["page"])
        st.page_link(page.path, label=plain(question["text"]), icon=":material/arrow_forward:")
