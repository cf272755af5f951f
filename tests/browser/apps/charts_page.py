"""A chart that changes five times a second and one that stays."""

import numpy as np
import plotly.graph_objects as go
import streamlit as st

from resnet.ui.parts.plot import plot

st.set_page_config(page_icon=None, layout="wide")
state = st.session_state


@st.fragment(run_every=0.2)
def live() -> None:
    state.updates = state.get("updates", 0) + 1
    steps = np.arange(20 + state.updates, dtype=np.float32)
    scales = (2,) if state.get("alone") else (1, 2)
    figure = go.Figure([go.Scatter(x=steps, y=scale * np.sqrt(steps), name=f"net {scale}") for scale in scales])
    figure.update_layout(height=360, paper_bgcolor="rgba(0,0,0,0)", showlegend=True)
    figure.update_xaxes(title="step")
    plot(figure, "live curves")
    st.text(f"update {state.updates}")


live()
st.toggle("Net 2 alone", key="alone")
plot(go.Figure(go.Bar(y=[1, 2])), "still", height=200)
