"""What do the nets learn from? The images of the data set on the bench, their numbers, and pictures of one's own."""

import streamlit as st

from resnet import catalog, datasets, i18n
from resnet.findings import data as findings
from resnet.findings.text import paragraph
from resnet.i18n import _
from resnet.ui.bench import session
from resnet.ui.lab import data
from resnet.ui.parts import absent, backend, links, widgets

links.group_links("build")
st.title(_("What do the nets learn from?"))
recipe = session.current().recipe
record = catalog.data_choice(recipe.data)
data.menu(recipe)
st.html(data.STYLE)

if datasets.state(recipe.data) != "here":
    absent.show(recipe.data)
else:
    images = backend.dataset(recipe)
    train, test = data.counts(images)
    lines = [
        findings.counts_sentence(train.sum(), test.sum(), len(train), train.min(), train.max()),
        findings.pixel_sentence(images.mean.tolist(), images.std.tolist()),
    ]
    st.caption(paragraph(*lines))
    data.few(recipe)
    part = widgets.choice(
        "part",
        _("Shown"),
        {"train": _("Training images"), "test": _("Test images")},
        _("Training images: those that nets learn from. Test images: those they never see. Behind a name: how many."),
    )
    st.html(data.contact_sheet(images, part))
    data.left_out(recipe.data)
    st.subheader(_("What augmentation makes of them"))
    st.caption(data.augmentation_sentence(recipe))
    st.html(data.augmentation(images, recipe.flip and record.flip))

if recipe.data == "shapes":
    st.subheader(_("The levels of the generated shapes"))
    st.html(data.levels(i18n.language()))

st.subheader(_("Your own pictures"))
st.caption(
    _(
        "They are cut to their middle square and kept in three sizes on this computer; only who has the link finds "
        "them. Without a test folder every fifth picture of a class is kept for the test. Twenty of each class are "
        "enough to try."
    )
)
data.own_section(recipe)
