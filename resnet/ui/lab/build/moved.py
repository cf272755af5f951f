"""What once stood on the Build page and has a page of its own now."""

import streamlit as st

from resnet.ui.app import pages

_PAGES = {"fault": "faults"}  # a word of older links, and the page that answers it


def follow_old_links() -> None:
    """Open the page that a word in the address belongs to; call first."""
    for word, page in _PAGES.items():
        if text := st.query_params.get(word):
            st.switch_page(pages.named(page).path, query_params={word: text})
