"""A small app that asks a worker who never answers."""

import streamlit as st

app = st.App("questions_page.py", middleware=[])
