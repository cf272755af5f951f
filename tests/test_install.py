"""A plain ``pip install .``: what the wheel holds, and that it works away from the checkout."""

import json
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from resnet.commands.app import NO_PAGES
from tests.house import ROOT


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with what the wheel puts among the packages; built from a copy, so that the checkout stays clean."""
    copy, folder = (tmp_path_factory.mktemp(name) for name in ("copy", "installed"))
    shutil.copytree(ROOT / "resnet", copy / "resnet", ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md", "app.py"):
        shutil.copy(ROOT / name, copy)
    command = [sys.executable, "-m", "pip", "wheel", "--no-deps", "--no-build-isolation", "--no-index", "-w", "."]
    done = subprocess.run([*command, "."], cwd=copy, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    (wheel,) = copy.glob("*.whl")
    zipfile.ZipFile(wheel).extractall(folder)
    return folder


def run(folder: Path, *words: str) -> "subprocess.CompletedProcess[str]":
    """Python in that folder, whose `resnet` comes before the one of this environment."""
    environment = {**os.environ, "PYTHONPATH": str(folder)}
    return subprocess.run(
        [sys.executable, *words], cwd=folder, env=environment, capture_output=True, text=True, check=False
    )


def test_the_wheel_holds_every_module_the_mark_of_types_and_nothing_else(installed: Path) -> None:
    found = {path.relative_to(installed).as_posix() for path in installed.rglob("*") if path.is_file()}
    modules = {path.relative_to(ROOT).as_posix() for path in ROOT.glob("resnet/**/*.py")}
    assert {path for path in found if ".dist-info/" not in path} == {*modules, "resnet/py.typed"}


def test_the_library_of_the_wheel_serves_a_notebook(installed: Path) -> None:
    code = """
import resnet
from resnet import NetSpec, Recipe, build_network, layer_table, load_dataset, train
from resnet.i18n import _
spec = NetSpec.parse("res-8-w4")
steps = list(train(build_network(spec, channels=1), load_dataset("digits"), Recipe(data="digits", steps=2)))
print(resnet.__file__, len(layer_table(spec)), len(steps), _("Loss"))
"""
    done = run(installed, "-c", code)
    assert done.stdout.split()[0] == str(installed / "resnet" / "__init__.py"), done.stderr
    assert done.stdout.split()[2:] == ["3", "Loss"]


def test_the_command_line_of_the_wheel_prints_code_and_says_where_the_app_is(installed: Path) -> None:
    assert "class Block" in run(installed, "-m", "resnet", "code", "res-8").stdout
    done = run(installed, "-m", "resnet", "app")
    assert (done.returncode, done.stdout, done.stderr) == (2, "", f"resnet: {NO_PAGES}\n")


def test_a_browser_workspace_installs_and_shows_what_the_readme_says() -> None:
    workspace = json.loads((ROOT / ".devcontainer" / "devcontainer.json").read_text("utf-8"))
    readme = (ROOT / "README.md").read_text("utf-8")
    assert workspace["postAttachCommand"].startswith(".venv/bin/streamlit run app.py")
    assert ".venv/bin/streamlit run app.py" in readme
    assert workspace["forwardPorts"] == [8501]  # Streamlit's own
