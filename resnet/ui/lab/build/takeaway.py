"""The net of the layer table to take away: code, notebook, ONNX."""

from functools import partial

import streamlit as st

from resnet.i18n import _
from resnet.runs.engine.questions import Asker
from resnet.runs.store import Run
from resnet.runs.tasks import export
from resnet.specs import NetSpec, Recipe
from resnet.ui.lab.build.counts import Counted
from resnet.ui.parts import backend, waiting


def section(net: NetSpec, recipe: Recipe, counted: Counted) -> None:
    """Three downloads, made when they are asked for, and the code to read."""
    from resnet.export.code import module_code
    from resnet.export.notebook import notebook

    name = str(net)
    code = partial(module_code, net, *counted, recipe=recipe)
    with st.container(horizontal=True, gap="small"):
        _button(_("PyTorch code"), code, f"{name}.py", "text/x-python", _("One file that needs only torch."))
        text = _("Builds, counts and trains this net by the recipe of the bench.")
        _button(_("Notebook"), partial(notebook, net, recipe), f"{name}.ipynb", "application/x-ipynb+json", text)
        _onnx(net, recipe)
    with st.expander(_("Read the code"), key="code", on_change="rerun") as opened:
        if opened.open:
            st.code(code(), language="python", height=420)


def _onnx(net: NetSpec, recipe: Recipe) -> None:
    missing = _missing()
    run = backend.runs_of([net], recipe).get(net)
    trained = run is not None and run.status == "done"
    text = _("With the trained weights.") if trained else _("With the weights of step 0: this net is not trained yet.")
    if missing:
        text = _("Needs the packages {names} on the server: pip install “resnet-lab[onnx]”.", names=", ".join(missing))
    make = partial(_exported, backend.visitor(), net, recipe, run)
    _button(_("ONNX"), make, f"{net}.onnx", "application/octet-stream", text, disabled=bool(missing))


def _exported(visitor: str, net: NetSpec, recipe: Recipe, run: Run | None) -> bytes:
    """Asked in turn like everything, but not kept; it is made outside of the script, where no session is known."""
    questions, asker = backend.engine().questions, Asker(visitor)
    asked = questions.ask(asker, export.onnx_file, net, recipe, backend.state(run))
    try:
        made: bytes = waiting.answer_of(asked)
    finally:
        questions.leave(asker)
    return made


@st.cache_data(show_spinner=False)
def _missing() -> list[str]:
    from resnet.export.packages import missing

    return missing()


def _button(
    label: str, data: "partial[str] | partial[bytes]", file: str, mime: str, text: str, disabled: bool = False
) -> None:
    st.download_button(
        label,
        data,
        file,
        mime,
        key=f"download-{file.rsplit('.', 1)[-1]}",
        icon=":material/download:",
        on_click="ignore",
        help=text,
        disabled=disabled,
    )
