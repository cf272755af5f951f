"""What a selection of runs is taken away as: files for people, and pages that need no other file."""

import json
import re
import shlex
import zipfile
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import load

from resnet.__main__ import _parser
from resnet.commands import words
from resnet.export import report, tensorboard
from resnet.export.archive import Reader
from resnet.runs.store import Store, listing
from resnet.runs.store.listing import Listed
from resnet.specs import NetSpec, Recipe
from resnet.takeaway import bundle, selection
from tests.runs.recorded import recorded


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "runs.sqlite")


@pytest.fixture
def lines(store: Store) -> list[Listed]:
    recorded(store, "plain-8")
    recorded(store, lr=0.01)
    listing.rename(store, recorded(store), "<b>mine</b>")
    return listing.listed(store)


def test_the_zip_holds_every_kind_of_file_and_its_manifest_their_checksums(
    store: Store, lines: list[Listed], tmp_path: Path
) -> None:
    bundle.write_zip(store, lines, tmp_path / "all.zip")
    with zipfile.ZipFile(tmp_path / "all.zip") as made:
        names = set(made.namelist())
        manifest = json.loads(made.read("manifest.json"))
        assert made.testzip() is None
        weights = load(made.read(f"runs/{lines[0].run.id}/weights-30.safetensors"))
    people = {"curves.csv", "curves.parquet", "layers.csv", "layers.parquet", "columns.txt", "command.txt"}
    assert people | {"comparison.html", "report.html"} <= names
    assert sum(name.startswith("tensorboard/") for name in names) == 3
    assert {file["name"] for file in manifest["files"]} == {
        name for name in names if not name.startswith(("runs/", "manifest"))
    }
    assert all(re.fullmatch("[0-9a-f]{64}", file["sha256"]) for file in manifest["files"])
    assert (weights["w"] == np.full((2, 3), 30)).all()
    Reader(tmp_path / "all.zip").require_sound()


@pytest.mark.parametrize(("weights", "count"), [("all", 2), ("last", 1), ("none", 0)])
def test_weights_are_taken_along_as_far_as_wanted(
    weights: str, count: int, store: Store, lines: list[Listed], tmp_path: Path
) -> None:
    bundle.write_zip(store, lines[:1], tmp_path / "runs.zip", weights)
    (run,) = Reader(tmp_path / "runs.zip").manifest.runs
    assert list(run.states) == [10, 30][2 - count :]


def test_a_zip_that_cannot_be_finished_leaves_nothing(
    store: Store, lines: list[Listed], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bundle.report, "page", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        bundle.write_zip(store, lines, tmp_path / "runs.zip")
    assert not list(tmp_path.glob("runs.zip*"))


def test_without_tensorboard_the_zip_has_all_the_rest(
    store: Store, lines: list[Listed], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tensorboard, "find_spec", lambda name: None)
    bundle.write_zip(store, lines, tmp_path / "runs.zip", "none")
    names = zipfile.ZipFile(tmp_path / "runs.zip").namelist()
    assert "report.html" in names
    assert not [name for name in names if name.startswith("tensorboard")]


RECIPE = Recipe(steps=30, lr=0.01, augment=False, weight_decay=1e-4, record_every=5)


def test_the_command_line_trains_the_same_runs() -> None:
    nets = [NetSpec.parse("plain-8"), NetSpec.parse("res-20-w16-nobn")]
    _python, _m, _resnet, *arguments = shlex.split(bundle.command(nets, RECIPE))
    options = _parser().parse_args(arguments)
    assert options.command == "train"
    assert [NetSpec.parse(name) for name in options.nets] == nets
    assert words.recipe(options) == RECIPE


def test_runs_of_one_recipe_share_a_command_line(lines: list[Listed]) -> None:
    told = bundle.commands(lines).splitlines()
    assert sorted(told) == [
        "python -m resnet train res-8 --steps 30 --lr 0.01",
        "python -m resnet train res-8 plain-8 --steps 30",
    ]


def test_pages_need_no_other_file_and_take_no_name_for_a_tag(store: Store, lines: list[Listed]) -> None:
    for html in (bundle.comparison_html(store, lines), bundle.report_html(store, lines, "https://lab.example/?nets=x")):
        assert not re.search(r"<(script|link|img)[^>]+(src|href)=", html)
        assert "<b>mine" not in html
    assert "&lt;b&gt;mine&lt;/b&gt;" in html
    assert "@media print" in html
    assert 'href="https://lab.example/?nets=x"' in html
    assert "learning rate 0.01" in html
    assert '<td class="number">25.0</td>' in html


def test_a_link_that_is_no_web_address_is_left_out(store: Store, lines: list[Listed]) -> None:
    assert "javascript:" not in bundle.report_html(store, lines, "javascript:alert(1)").rpartition("</script>")[2]


@pytest.mark.parametrize(
    ("markdown", "html"),
    [
        ("**a \\*b\\* \\<i\\>**  \nc", "<b>a *b* &lt;i&gt;</b><br>c"),
        ("<script>", "&lt;script&gt;"),
        ("\\*\\*no\\*\\*", "**no**"),
        ("res\\-20 \\& co", "res-20 &amp; co"),
    ],
)
def test_findings_become_html(markdown: str, html: str) -> None:
    assert report.from_markdown(markdown) == html


def test_a_run_at_work_cannot_be_taken_away(store: Store) -> None:
    recorded(store, status="running")
    with pytest.raises(bundle.NothingToTake, match="none of these runs has ended"):
        bundle.zip_bytes(store, listing.listed(store))


def test_two_runs_of_one_net_are_told_apart_in_the_chart(store: Store, lines: list[Listed]) -> None:
    runs = selection.chosen(store, lines)
    looks = [(one.look.label, one.look.colour, one.look.symbol) for one in runs]
    assert len({label for label, _, _ in looks}) == len({colour for _, colour, _ in looks}) == 3
    assert len({one.look.symbol for one in runs}) == 3
