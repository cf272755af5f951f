"""All that drawing any page imports, before there is a visitor.

A module that one visitor's page imports is seen half imported by the others': Plotly takes pandas from `sys.modules`,
and their charts fail.
"""

import gc
import inspect
import pkgutil
from importlib import import_module

from resnet import i18n

NAMES = (  # what pages and Streamlit import only when they draw
    "pandas",
    "pyarrow.pandas_compat",
    "pyarrow.vendored.version",
    "plotly.io.json",
    "PIL.ImageDraw",
    "PIL.ImageOps",
    "PIL.features",
    "resnet.analyses.series",
    "resnet.datasets.shapes",
    "resnet.export.code",
    "resnet.export.notebook",
    "resnet.export.packages",
)
ROOMS = ("resnet.ui", "resnet.charts", "resnet.findings", "resnet.runs.tasks")  # by name: some lie above this file
SCRIPT = "resnet.ui.app.main"  # it draws when it is imported


def preload() -> None:
    """Import it; nothing of it is torch or computes.

    What is imported stays: the garbage collector need not look for it, now or in one of its rounds.
    """
    gc.disable()
    try:
        _import()
    finally:
        gc.freeze()
        gc.enable()


def _import() -> None:
    for name in NAMES:
        import_module(name)
    for room in ROOMS:
        for module in pkgutil.walk_packages(import_module(room).__path__, f"{room}."):
            if module.name != SCRIPT:
                import_module(module.name)
    i18n.load()
    _use_what_is_lazy()


def _use_what_is_lazy() -> None:
    """Pillow imports its file formats, Plotly the classes of a figure's parts, when they are first used."""
    from PIL import Image
    from plotly import graph_objects as go

    Image.init()
    font, title = {"size": 12}, {"text": "x", "font": {"size": 12}}
    marks = {"line": {"width": 1}, "marker": {"size": 4, "line": {"width": 1}}}
    data = [go.Scatter(**marks), go.Bar(marker={"line": {"width": 1}}), go.Heatmap(colorbar={"title": title})]
    axis = {"title": title, "tickfont": font}
    layout = {"title": title, "legend": {"font": font}, "hoverlabel": {"font": font}, "margin": {"l": 0}, "font": font}
    figure = go.Figure(data, {**layout, "xaxis": axis, "yaxis": axis})
    figure.add_annotation(text="x", font=font)
    figure.add_hline(0, line={"width": 1})
    figure.to_json()
    inspect.stack()  # Streamlit looks at it before the first element; it remembers the files of all modules
