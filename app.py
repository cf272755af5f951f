"""ResNet Lab: ``streamlit run app.py``."""

import streamlit as st

from resnet.ui.app import failures, server
from resnet.ui.parts import live

app = st.App(
    "resnet/ui/app/main.py",
    lifespan=server.lifespan,
    routes=[*server.routes(), live.route(server.base_path())],
    middleware=server.middleware(),
    on_script_error=failures.told,
)
