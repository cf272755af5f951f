"""The controls of the Attribution page: what is asked, and how maps are drawn."""

from collections.abc import Callable, Mapping
from dataclasses import replace

import streamlit as st

from resnet import catalog
from resnet.charts.grid import Style
from resnet.datasets import Dataset
from resnet.i18n import _
from resnet.runs.store import Run
from resnet.runs.tasks import loading
from resnet.specs import NetSpec
from resnet.specs.bench import Bench
from resnet.ui.lab import attribution
from resnet.ui.parts import backend, widgets
from resnet.ui.parts.backend import Question

_SIX = ["saliency", "integrated_gradients", "grad_cam", "occlusion", "deep_lift", "guided_backprop"]


def question(table: Bench, data: Dataset) -> tuple[bool, list[str], Question]:
    """Whether rows are images (else methods), the methods of the rows, and the question without its images."""
    with st.container(horizontal=True, gap="medium", vertical_alignment="bottom"):
        rows = widgets.choice(
            "rows",
            _("Rows"),
            {"images": _("Images"), "methods": _("Methods")},
            _("Several images by one method, or one image by several methods."),
        )
        labels = attribution.method_labels(table.nets)
        if rows == "images":
            text = widgets.explain(_("How maps are made."), catalog.METHODS)
            methods = [widgets.menu("method", _("Method"), labels, text)]
        else:
            methods = _several(labels)
        target = widgets.menu("explain", _("Explain"), _targets(data), _("Whose score is explained."), width=150)
        chosen = [catalog.METHODS[method] for method in methods]
        baseline = _baseline(any(record.baseline for record in chosen))
        stage = _stage(table) if any(record.layer for record in chosen) else 0
    return rows == "images", methods, Question(methods[0], (), target, baseline, stage)


def _targets(data: Dataset) -> dict[str, str]:
    classes = {str(number): _(name) for number, name in enumerate(data.classes)}
    return {"label": _("the label"), "prediction": _("the prediction"), **classes}


def _several(labels: dict[str, str]) -> list[str]:
    chosen = st.multiselect(
        _("Methods"),
        list(labels),
        _SIX,
        format_func=labels.__getitem__,
        key="methods",
        persist_state="session",
        width=420,
        help=_("A row for each; all explain the first of the images below."),
    )
    return chosen or _SIX[:1]


def _baseline(useful: bool) -> str:
    labels = {name: _(record.label) for name, record in catalog.BASELINES.items()}
    text = widgets.explain(_("What stands for “nothing there”."), catalog.BASELINES)
    if not useful:
        return next(iter(labels))
    return widgets.menu("baseline", _("Baseline"), labels, text, width=150)


def _stage(table: Bench) -> int:
    """Counted from 1; 0 is the last stage of each net."""
    most = min(len(net.blocks) for net in table.nets)
    stages = {0: _("last"), **{stage: str(stage) for stage in range(1, most + 1)}}
    chosen = st.selectbox(
        _("Stage"),
        list(stages),
        format_func=stages.__getitem__,
        key="at-stage",
        persist_state="session",
        width=100,
        help=_("The stage that layer methods look at: early ones are fine, late ones about the class."),
    )
    return int(chosen)


def style(masks: bool) -> tuple[Style, bool]:
    """How maps are drawn, and whether each has a scale of its own."""
    about = _("Each map fills the colours by itself: shows weak maps, but maps can no longer be compared.")
    own = st.toggle(_("Own scale"), key="own", bind="query-params", help=about)
    with st.popover(_("View"), icon=":material/palette:", help=_("Values, overlay, outline and size of the maps.")):
        signs = {"signed": _("Signed"), "absolute": _("Absolute"), "positive": _("Positive")}
        about = _("Signed: for and against the class. Absolute: size alone. Positive: what speaks for the class.")
        sign = widgets.menu("sign", _("Values"), signs, about)
        about = _("0: the map alone; above it the map lies over the grey image.")
        opacity = st.slider(_("Overlay"), 0.0, 1.0, 0.0, 0.1, key="opacity", bind="query-params", help=about)
        about = _("Width of every picture, in pixels: all zoom in step.")
        size = st.slider(_("Size"), 90, 400, 150, 10, key="size", bind="query-params", help=about)
        about = _("The border of the object; data sets without masks have none.")
        contour = st.toggle(_("Outline"), True, key="outline", bind="query-params", help=about, disabled=not masks)
    return Style(contour, sign, opacity, size), own


def step(found: Mapping[NetSpec, Run]) -> int:
    """The step of training that is explained: a slider where runs have kept their weights on the way."""
    steps = sorted({step for run in found.values() for step in backend.kept_steps(run)})
    if len(steps) < 2:
        return loading.LAST
    if st.session_state.get("at-step") not in steps:
        st.session_state["at-step"] = steps[-1]
    about = _("Weights that were kept on the way: watch where a net begins to look. Nets without them show their last.")
    chosen = st.select_slider(_("After step"), steps, key="at-step", persist_state="session", help=about)
    return loading.LAST if chosen == steps[-1] else int(chosen)


def with_images(asked: Question, images: tuple[int, ...], step: int) -> Question:
    """The question about those images, at that step."""
    return replace(asked, images=images, step=step)


def download(make: Callable[[], bytes], name: str) -> None:
    """The grid as one picture, made when it is asked for."""
    st.download_button(
        _("Save as PNG"),
        make,
        f"resnet-lab-{name}.png",
        "image/png",
        key="save-maps",
        icon=":material/download:",
        on_click="ignore",
        help=_("All maps of this page in one picture, in the chosen size."),
    )
