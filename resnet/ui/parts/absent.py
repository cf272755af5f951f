"""What a page shows in the place of a data set that is not here: why, and one button that brings it."""

from functools import partial

import streamlit as st

from resnet import catalog, datasets
from resnet.catalog import DataError
from resnet.datasets import sources
from resnet.findings.text import cited, plain
from resnet.i18n import _
from resnet.ui.parts import jobs


def show(name: str, error: DataError | None = None) -> None:
    """The state of the data set `name`; with `error` what was wrong when it was read."""
    record = catalog.data_choice(name)
    if jobs.at_work(name):
        st.info(_("{data} is on its way.", data=plain(_(record.label))), icon=":material/downloading:")
        jobs.show(name)
        return
    job = jobs.of(name)
    st.info(plain(_sentence(name, job.error if job else "", error)), icon=":material/photo_library:")
    if name in sources.SOURCES and jobs.allowed():
        _button(name, _("Fetch {data} ({size} MB)", data=_(record.label), size=record.megabytes))
        st.caption(_("{source}; {licence}.", source=plain(cited(record.source)), licence=_(record.licence)))
    elif name in sources.SOURCES:
        st.caption(_("Nothing is fetched from the page here: the host does so by {command}.", command=_command(name)))
    elif datasets.state(name) == "unread":
        _button(name, _("Read the folder"))
    if datasets.state(name) == "absent":
        st.caption(sources.by_hand(name))


def _sentence(name: str, failed: str, error: DataError | None) -> str:
    """What went wrong last, else what is the matter."""
    if failed or error:
        reason = failed or str(error)
        return f"{reason[:1].upper()}{reason[1:]}."
    label = _(catalog.data_choice(name).label)
    match datasets.state(name):
        case "absent":
            return _("{data} is not on this computer yet: its makers' files have to be fetched once.", data=label)
        case "unread":
            return _("The pictures of {data} have not been read yet.", data=label)
    return _("The pictures of this data set were deleted: ask who sent the link, or upload them again.")


def _command(name: str) -> str:
    return f"`python -m resnet fetch {name}`"


def _button(name: str, label: str) -> None:
    st.button(
        label,
        key="bring-data",
        icon=":material/download:",
        type="primary",
        on_click=partial(jobs.fetch, name),
        help=_("Goes on while you look at other pages; everybody on this computer can use it then."),
    )
