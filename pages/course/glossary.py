"""What do the words mean? The field's terms in all languages of the app, each with a sentence."""

import streamlit as st

from resnet.catalog.glossary import SUBJECTS
from resnet.i18n import _
from resnet.ui.course import glossary

st.title(_("What do the words mean?"))
st.caption(_("Each term as this app uses it, in both languages."))
for subject, terms in SUBJECTS.items():
    st.subheader(_(subject))
    st.markdown(glossary.listed(terms))
