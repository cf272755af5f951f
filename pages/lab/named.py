"""Which nets have a name? Those of papers and of the course notes, each one click away from the bench."""

import streamlit as st

from resnet.i18n import _
from resnet.ui.lab.build import presets
from resnet.ui.parts import links

links.group_links("build")
st.title(_("Which nets have a name?"))
presets.buttons()
