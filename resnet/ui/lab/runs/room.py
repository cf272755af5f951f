"""How much room the runs take, by which rule they are removed, and runs that come from a file."""

from collections.abc import Sequence
from typing import Any

import streamlit as st

from resnet.errors import UserError
from resnet.export.archive import Reader
from resnet.findings.text import duration, paragraph, plain
from resnet.i18n import N_, _, plural
from resnet.runs.store import bringing, listing, quota
from resnet.runs.store.listing import Listed
from resnet.specs.limits import LIMITS
from resnet.ui.lab.runs import table
from resnet.ui.parts import backend, owner, widgets

MOST_TIMES = 20  # how many times larger than the largest upload its runs may be
_untold: dict[str, bringing.Result] = {}  # what came of a file whose visitor was not told yet
_DONE = "runs brought"  # the files that were read already, in the session


def sentence(lines: Sequence[Listed]) -> str:
    """How many runs there are, and the room that they and all runs take."""
    own = sum(line.size for line in lines) / 1e6
    text = plural("{count} run, {own:,.0f} MB.", "{count} runs, {own:,.0f} MB.", len(lines), own=own)
    used = listing.used(backend.engine().store) / 1e6
    if LIMITS.max_store_gb:
        most = 1e3 * LIMITS.max_store_gb
        return paragraph(text, _("All runs here: {used:,.0f} of {most:,.0f} MB.", used=used, most=most))
    return paragraph(text, _("All runs here: {used:,.0f} MB.", used=used))


def rule() -> str:
    """What is removed when, in words."""
    if not LIMITS.max_store_gb:
        return _("No run is removed to make room: RESNET_MAX_STORE_GB is 0.")
    return _(
        "When all runs together take more than {most:g} GB (RESNET_MAX_STORE_GB), the oldest lose their weights first, "
        "then their measurements of layers, then they go. What is at work, kept, or ended in the last {fresh} stays.",
        most=LIMITS.max_store_gb,
        fresh=duration(quota.FRESH),
    )


def bring_field() -> None:
    """A place for a file of runs."""
    file = st.file_uploader(
        _("Bring runs from a file"),
        type="zip",
        key="bring",
        help=_("What “Everything” under Take away, or `resnet export`, has written. Nothing in it is run."),
    )
    if file and st.session_state.get(_DONE) != file.file_id:
        try:
            _bring(file)
        except UserError as error:
            widgets.notify(_("Nothing was brought here: {reason}.", reason=str(error)))
        st.session_state[_DONE] = file.file_id
        st.rerun()
    places = {"most": LIMITS.max_upload_mb}
    st.caption(_("At most {most} MB; for larger files: `python -m resnet import FILE.zip`.", **places))


def _bring(file: Any) -> None:
    """Bring the runs and say which; the news of them may end this run of the page, and the next one says it then."""
    if file.file_id not in _untold:
        _untold[file.file_id] = _read(file)
    result = _untold[file.file_id]
    listing.ask(backend.engine().store, [*result.new, *result.known], owner.name())
    table.choose([*result.new, *result.known])
    text = plural("{count} run was brought here.", "{count} runs were brought here.", len(result.new))
    if result.known:
        one, many = N_("{count} was here already and stays."), N_("{count} were here already and stay.")
        known = plural(one, many, len(result.known))
        text = paragraph(text, known)
    if result.absent:
        one = N_("{count} stays out: its pictures are not on this computer.")
        many = N_("{count} stay out: their pictures are not on this computer.")
        absent = plural(one, many, len(result.absent))
        text = paragraph(text, absent)
    widgets.notify(text)
    _untold.pop(file.file_id, None)


def _read(file: Any) -> bringing.Result:
    reader = Reader(file, most=MOST_TIMES * LIMITS.max_upload_mb * 2**20)
    try:
        return bringing.bring(backend.engine().store, reader)
    finally:
        reader.close()


def expander() -> None:
    """Bringing and the rule, folded away."""
    with st.expander(_("Bring runs, and what is removed"), key="room", icon=":material/inventory_2:"):
        bring_field()
        st.markdown(plain(rule()))
