"""For the host alone: who is here, what trains and waits, memory, limits, classes."""

import streamlit as st

from resnet.i18n import _
from resnet.ui.classroom import host

st.title(_("For the host"))
host.require_host()
about = _("The figures are those of the moment when the page was drawn.")
st.button(_("Look again"), icon=":material/refresh:", help=about)
host.figures()
st.subheader(_("Runs that train or wait"))
host.queue()
st.subheader(_("Classes"))
host.class_list()
st.subheader(_("Limits"))
host.limit_fields()
