"""ResNet Lab: ``streamlit run app.py``."""

import streamlit as st

from resnet.ui.app import failures, server

app = st.App(
    "resnet/ui/app/main.py",
    lifespan=server.lifespan,
    routes=server.routes(),
    middleware=server.middleware(),
    on_script_error=failures.told,
)
