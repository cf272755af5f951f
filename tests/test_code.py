"""The code itself: lint, format, types, and who may import what."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


def run(*command):
    return subprocess.run([sys.executable, *command], cwd=ROOT, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("command", [("ruff", "check"), ("ruff", "format", "--check"), ("mypy",)], ids=" ".join)
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
            "resnet.runs.tasks.train, resnet.runs.tasks.step0, resnet.runs.tasks.explain",
            (*HEAVY, "streamlit"),
        ),
        ("resnet.charts.curves, resnet.charts.profiles, resnet.charts.steps", (*HEAVY, "streamlit")),
        (
            "resnet.ui.bench.sidebar, resnet.ui.lab.train, resnet.ui.lab.gradients, resnet.ui.lab.attribution, app",
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


def test_functions_have_at_most_40_lines():
    long = []
    for path in [*ROOT.glob("resnet/**/*.py"), *ROOT.glob("pages/**/*.py")]:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                body = node.body[1:] if ast.get_docstring(node) and len(node.body) > 1 else node.body
                if node.end_lineno - body[0].lineno >= 40:
                    long.append(f"{path.name}:{node.lineno} {node.name}")
    assert not long


def test_visible_top_level_is_as_agreed():
    tracked = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False).stdout.split()
    if not tracked:
        pytest.skip("not a git checkout")
    visible = {name.split("/")[0] for name in tracked if not name.startswith(".")}
    assert visible == {"pyproject.toml", "README.md", "app.py", "pages", "resnet", "assets", "tests"}
