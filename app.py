"""ResNet Lab: ``streamlit run app.py``."""

import streamlit as st

from resnet.ui import server

app = st.App(
    "resnet/ui/main.py",
    lifespan=server.lifespan,
    routes=server.routes(),
    middleware=server.middleware(),
)
