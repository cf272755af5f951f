"""The code itself: lint, format, types, dependencies, sizes, and who may import what."""

import ast
import graphlib
import re
import statistics
import subprocess
import sys
from collections.abc import Iterator

import pytest

from tests.house import LINE, ROOT, graph, room

SOURCES = [*ROOT.glob("resnet/**/*.py"), *ROOT.glob("pages/**/*.py"), ROOT / "app.py"]


def run(*command):
    return subprocess.run([sys.executable, *command], cwd=ROOT, capture_output=True, text=True, check=False)


@pytest.mark.parametrize(
    "command", [("ruff", "check"), ("ruff", "format", "--check"), ("mypy",), ("deptry", ".")], ids=" ".join
)
def test_tool_finds_nothing(command):
    result = run("-m", *command)
    assert result.returncode == 0, result.stdout + result.stderr


HEAVY = ("torch", "torchvision", "captum", "sklearn")


@pytest.mark.parametrize(
    ("modules", "absent"),
    [
        ("resnet, resnet.specs, resnet.catalog, resnet.nets.layers, resnet.findings", (*HEAVY, "streamlit", "plotly")),
        (
            "resnet.runs.store, resnet.datasets, "
            "resnet.runs.tasks.train, resnet.runs.tasks.step0, resnet.runs.tasks.maps, resnet.runs.tasks.scores, "
            "resnet.runs.tasks.sanity, resnet.runs.tasks.mistakes, resnet.runs.tasks.pictures, "
            "resnet.runs.tasks.export",
            (*HEAVY, "streamlit"),
        ),
        ("resnet.charts.curves, resnet.charts.profiles, resnet.charts.steps", (*HEAVY, "streamlit")),
        (
            "resnet.ui.bench.sidebar, resnet.ui.lab.train, resnet.ui.lab.gradients.panel, "
            "resnet.ui.lab.attribution, app",
            HEAVY,
        ),
        ("resnet.training.loop, resnet.attributions.attribute, resnet.__main__", ("streamlit",)),
    ],
)
def test_importing_leaves_out(modules, absent):
    code = f"import sys, {modules}; sys.exit(', '.join(m for m in {absent!r} if m in sys.modules) or 0)"
    result = run("-W", "ignore", "-c", code)
    assert result.returncode == 0, result.stderr


def test_names_of_the_public_interface_are_all_there():
    result = run("-c", "import resnet; [getattr(resnet, name) for name in resnet.__all__]")
    assert result.returncode == 0, result.stderr


def test_no_module_imports_itself_by_a_detour():
    graphlib.TopologicalSorter(graph()).prepare()  # raises CycleError


def test_imports_point_down_the_house_and_never_to_a_neighbour():
    up = {
        f"{name} imports {other}"
        for name, others in graph().items()
        for other in others
        if room(name) != room(other) and LINE[room(name)] >= LINE[room(other)]
    }
    assert not up


def functions() -> Iterator[tuple[str, int]]:
    """Where every function is, and how many lines it has without its head and its docstring."""
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                body = node.body[1:] if ast.get_docstring(node) and len(node.body) > 1 else node.body
                yield f"{path.name}:{node.lineno} {node.name}", (node.end_lineno or 0) - body[0].lineno + 1


def test_functions_have_at_most_40_lines_and_half_of_them_at_most_6():
    lines = dict(functions())
    assert not [name for name, count in lines.items() if count > 40]
    assert statistics.median(lines.values()) <= 6


def test_files_have_at_most_300_lines():
    lines = {path.relative_to(ROOT).as_posix(): len(path.read_text("utf-8").splitlines()) for path in SOURCES}
    assert not {name: count for name, count in lines.items() if count > 300}


def tracked():
    """The files of the repository, or a skipped test."""
    names = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False).stdout.split()
    return names or pytest.skip("not a git checkout")


REQUIRED = {"pyproject.toml", "README.md", "app.py", "pages", "resnet", "assets", "tests"}
WELCOME = {"LICENSE", "CHANGELOG.md", "CITATION.cff", "CONTRIBUTING.md"}  # what a project may add


def test_visible_top_level_is_as_agreed():
    visible = {name.split("/")[0] for name in tracked() if not name.startswith(".")}
    assert visible - WELCOME == REQUIRED


def test_no_note_that_is_not_in_the_repository_is_referred_to():
    texts = [*SOURCES, ROOT / "README.md", ROOT / "pyproject.toml", *ROOT.glob("assets/ui/*")]
    notes = re.compile(r"\b(FACTS|DESIGN|MOVES|COURSE|STREAMLIT\.md|TODO|FIXME)\b")
    assert not [path.name for path in texts if notes.search(path.read_text("utf-8"))]


def braced(path):
    """What a shell makes of braces: ``a/{b,c}`` is ``a/b`` and ``a/c``."""
    inner = re.search(r"\{([^{}]*)\}", path)
    if not inner:
        return [path]
    return [one for part in inner[1].split(",") for one in braced(path[: inner.start()] + part + path[inner.end() :])]


def test_every_path_that_the_readme_names_exists():
    readme = (ROOT / "README.md").read_text("utf-8")
    named = re.findall(r"(?<![\w./])(?:resnet|pages|tests|assets|app|\.ci|\.devcontainer)[/.][\w/.{},*<>-]*", readme)
    paths = {path for name in named for path in braced(re.sub(r"<\w+>", "*", name.rstrip(".,")))}
    assert len(paths) > 20
    paths = {path for path in paths if not re.fullmatch(r"resnet(\.\w+)+\.[A-Z]\w+", path)}  # a class for Dask
    paths = {re.sub(r"\.", "/", path) + ".py" if re.fullmatch(r"tests(\.\w+)+", path) else path for path in paths}
    assert not [path for path in paths if not list(ROOT.glob(path.rstrip("/")))]
