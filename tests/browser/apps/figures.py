"""Every kind of figure, from made numbers, without an engine."""

import streamlit as st

from resnet.ui.app import server

app = st.App("figures_page.py", routes=server.routes(), middleware=[])
