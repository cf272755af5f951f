"""Downloads of runs: a button for each kind of file, made when it is pressed."""

from collections.abc import Callable, Sequence
from functools import partial

import streamlit as st

from resnet import i18n
from resnet.export import tensorboard
from resnet.i18n import _, plural
from resnet.runs.store import Store, listing
from resnet.runs.store.listing import Listed
from resnet.takeaway import bundle
from resnet.ui.parts import backend

MOST_BYTES = 200_000_000  # a browser's download passes through the memory of the pages' process
MOST_RUNS = 40  # of a table; their numbers are a hundred thousand rows each

_ZIP, _HTML, _CSV, _ANY = "application/zip", "text/html", "text/csv", "application/octet-stream"


def files(store: Store, lines: Sequence[Listed], link: str, key: str) -> None:
    """A button that opens the choice of files for these runs; what is at work is left out."""
    lines = [line for line in lines if line.run.status in bundle.ENDED]
    label, text = _("Take away"), _("Files of these runs: tables, pages, weights, or all in one zip.")
    opened = st.popover(
        label,
        key=f"{key}-open",
        icon=":material/download:",
        on_change="rerun",
        help=text,
        disabled=not lines,
        width="content",
    )
    if opened.open and lines:
        with opened:
            _content(store, lines, link, key)


def of_runs(runs: Sequence[str], link: str, key: str) -> None:
    """The same for runs by id, as far as they exist; nothing while none of them has ended."""
    store = backend.engine().store
    lines = [line for run in runs if (line := listing.one(store, run)) and line.run.status in bundle.ENDED]
    if lines:
        files(store, lines, link, key)


def _content(store: Store, lines: Sequence[Listed], link: str, key: str) -> None:
    st.markdown(plural("**{count} run**, as", "**{count} runs**, as", len(lines)))
    _everything(store, lines, link, key)
    few = len(lines) <= MOST_RUNS
    with st.container(horizontal=True, gap="small", key=f"{key}-files"):
        for table, what in (("curves", _("Curves")), ("layers", _("Layers"))):
            for kind, mime, make in (("csv", _CSV, bundle.csv), ("parquet", _ANY, bundle.parquet)):
                label = f"{what} · {'CSV' if kind == 'csv' else 'Parquet'}"
                text = _("One number a row, with its unit.")
                maker = _made(partial(make, table, store, lines))
                _button(label, maker, f"{table}.{kind}", mime, key, text, few)
        text = _("The chart with what it shows; needs no other file.")
        _button(
            _("Comparison · HTML"), _made(lambda: _html(store, lines, link, False)), "comparison.html", _HTML, key, text
        )
        text = _("Chart, findings, results and recipes on a page that prints well.")
        _button(_("Report · HTML"), _made(lambda: _html(store, lines, link, True)), "report.html", _HTML, key, text)
        _events(store, lines, key, few)
        if len(lines) == 1:
            _weights(store, lines[0], key)
    st.caption(_("The command line that trains these runs:"))
    st.code(bundle.commands(lines).strip(), language="bash", wrap_lines=True)


def _everything(store: Store, lines: Sequence[Listed], link: str, key: str) -> None:
    """The zip that another machine brings back; where it would be too large, the command that writes it."""
    if bundle.size(lines) > MOST_BYTES:
        text = _("All of it is {size:,.0f} MB, too much for a browser; on the server:", size=bundle.size(lines) / 1e6)
        st.caption(text)
        ids = " ".join(line.run.id for line in lines)
        st.code(f"python -m resnet export {ids} --to runs.zip", language="bash", wrap_lines=True)
        return
    text = _("All files below and the weights, with checksums; another ResNet Lab brings the runs back from it.")
    label = _("Everything · about {size:.1f} MB", size=bundle.size(lines) / 1e6)
    _button(label, _made(lambda: bundle.zip_bytes(store, lines, link=link)), "runs.zip", _ZIP, key, text)


def _events(store: Store, lines: Sequence[Listed], key: str, few: bool) -> None:
    text = _("Event files of the curves, a folder for each run.")
    if not tensorboard.installed():
        text = _("Needs the package tensorboard on the server: pip install “resnet-lab[tensorboard]”.")
    maker = _made(lambda: bundle.events_zip(store, lines))
    _button("TensorBoard", maker, "tensorboard.zip", _ZIP, key, text, few and tensorboard.installed())


def _weights(store: Store, line: Listed, key: str) -> None:
    """The last weights of one run, as they are kept: with net, recipe, data and version in their metadata."""
    done = line.run.status == "done"
    text = _("The weights after the last step, with net, recipe, data and version in the file.")
    if not done:
        text = _("Only a run that is done has weights.")
    name = f"{line.run.net}-{line.run.id}.safetensors"
    _button(_("Weights"), _made(lambda: store.state(line.run.id) or b""), name, _ANY, key, text, done)


def _html(store: Store, lines: Sequence[Listed], link: str, whole: bool) -> bytes:
    make = bundle.report_html if whole else bundle.comparison_html
    return make(store, lines, link).encode()


def _made(make: Callable[[], bytes]) -> Callable[[], bytes]:
    """The same in the visitor's language: files are made outside of the script, where no session is known."""
    language = i18n.language()

    def speaking() -> bytes:
        with i18n.speaking(language):
            return make()

    return speaking


def _button(
    label: str, make: Callable[[], bytes], file: str, mime: str, key: str, text: str, enabled: bool = True
) -> None:
    st.download_button(
        label,
        make,
        file,
        mime,
        key=f"{key}-{file.rpartition('-')[0] or file}",
        icon=":material/download:",
        on_click="ignore",
        help=text,
        disabled=not enabled,
    )
