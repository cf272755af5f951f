"""A small app around `plot`: what a live page does, without an engine."""

import streamlit as st

from resnet.ui.app import server

app = st.App("charts_page.py", routes=server.routes(), middleware=[])
