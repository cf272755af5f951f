"""Where is the bug? The faults of the course notes' net, each beside the sound net."""

import streamlit as st

from resnet.i18n import _
from resnet.ui.lab.build import faults
from resnet.ui.parts import links

links.group_links("build")
st.title(_("Where is the bug?"))
faults.section()
