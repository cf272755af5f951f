"""The Runs page: whose runs it shows, how they are found, and what its buttons do with those that are chosen."""

import io
import itertools
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from streamlit.runtime.scriptrunner import StopException
from streamlit.testing.v1 import AppTest

from resnet.runs.engine import Engine
from resnet.runs.store import Store, listing
from resnet.specs import NetSpec, Recipe
from resnet.takeaway import bundle
from resnet.ui.lab.runs import actions, panel, room, table
from resnet.ui.parts import owner, plot, takeaway, widgets
from tests.runs.recorded import recorded

Visit = Callable[..., AppTest]
CHOSEN = "runs chosen"


@pytest.fixture
def store(waiting_engine: Engine) -> Store:
    return waiting_engine.store


@pytest.fixture
def host(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(owner, "is_host", lambda: True)


@pytest.fixture
def me(monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setattr(owner, "is_host", lambda: False)
    monkeypatch.setattr(owner, "name", lambda: "me")
    return "me"


@pytest.fixture
def listed(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """The ids that the table has shown, by run of the page."""
    shown: list[list[str]] = []
    columns = table._columns

    def noted(lines: Any) -> Any:
        shown.append([line.run.id for line in lines])
        return columns(lines)

    monkeypatch.setattr(table, "_columns", noted)
    return shown


def text_of(app: AppTest) -> str:
    assert not app.exception
    told = [*app.main.caption, *app.main.markdown, *app.main.info, *app.main.warning]
    return " ".join(str(one.value) for one in told).replace("\\", "")


def press(app: AppTest, key: str) -> AppTest:
    next(button for button in app.button if button.key == key).click()
    return app.run()


def chosen(app: AppTest, *runs: str) -> AppTest:
    app.session_state[CHOSEN] = runs
    return app.run()


@pytest.mark.usefixtures("host")
def test_without_runs_the_page_says_what_to_do(visit: Visit) -> None:
    assert "There is no run yet: press **Train** in the side bar" in text_of(visit("runs"))


def test_a_visitor_sees_own_runs_those_on_the_bench_and_kept_ones(
    visit: Visit, store: Store, me: str, listed: list[list[str]]
) -> None:
    mine, foreign, kept = recorded(store), recorded(store, "res-14"), recorded(store, "res-20")
    bench = recorded(store, "plain-8")
    listing.ask(store, [mine], me)
    listing.keep(store, [kept], True)
    app = visit("runs", nets="plain-8", steps="30")
    assert set(listed[-1]) == {mine, kept, bench}
    assert foreign not in listed[-1]
    assert "Your runs, those on the bench, and those that are kept. 3 runs" in text_of(app)


@pytest.mark.usefixtures("host")
def test_a_host_sees_all_newest_first(visit: Visit, store: Store, listed: list[list[str]]) -> None:
    runs = [recorded(store), recorded(store, "res-14"), recorded(store, "res-20")]
    assert "All runs of this computer. 3 runs" in text_of(visit("runs"))
    assert listed[-1] == runs[::-1]


@pytest.mark.usefixtures("host")
@pytest.mark.parametrize(
    ("words", "found"),
    [
        ({"find": "14"}, {"res-14"}),
        ({"find": "best ADAM"}, set()),
        ({"find": "the best"}, {"res-8"}),
        ({"find": "learning rate 0.01"}, {"plain-8"}),
        ({"kind": "Plain"}, {"plain-8"}),
        ({"state": "stopped"}, {"res-14"}),
        ({"state": "stopped", "kind": "Plain"}, set()),
    ],
    ids=str,
)
def test_the_list_is_narrowed_by_words_of_the_address(
    words: dict[str, str], found: set[str], visit: Visit, store: Store, listed: list[list[str]]
) -> None:
    runs = {"plain-8": recorded(store, "plain-8", lr=0.01), "res-14": recorded(store, "res-14", status="stopped")}
    runs["res-8"] = recorded(store)
    listing.rename(store, runs["res-8"], "the best")
    app = visit("runs", **words)
    shown = set(listed[-1]) if listed else set()
    assert shown == {runs[name] for name in found}
    assert ("No run is like that" in text_of(app)) is (not found)


@pytest.mark.usefixtures("host")
def test_chosen_runs_are_compared_and_what_they_differ_in_is_said(
    visit: Visit, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    figures: dict[str, Any] = {}
    monkeypatch.setattr(plot, "_mount", lambda key, data: figures.update({key: json.loads(data["figure"])}))
    one, other = recorded(store), recorded(store, "plain-8", lr=0.01)
    app = chosen(visit("runs"), one, other)
    assert "These runs differ in shortcut and learning rate: a gap between two of them cannot be" in text_of(app)
    names = {trace["name"] for trace in figures["runs-curves"]["data"]}
    assert {"res-8", "plain-8 · learning rate 0.01"} <= names


@pytest.mark.usefixtures("host")
def test_a_run_that_is_hidden_by_the_filter_is_not_acted_on(visit: Visit, store: Store) -> None:
    one, other = recorded(store), recorded(store, "plain-8")
    app = chosen(visit("runs", kind="Plain"), one, other)
    press(app, "delete")
    assert [line.run.id for line in listing.listed(store)] == [one]


@pytest.mark.usefixtures("host")
def test_what_was_deleted_comes_back_by_undo(visit: Visit, store: Store) -> None:
    run, other = recorded(store), recorded(store, "plain-8")
    app = press(chosen(visit("runs"), run), "delete")
    assert "1 run was deleted." in text_of(app)
    assert [line.run.id for line in listing.listed(store)] == [other]
    app = press(app, "undo")
    assert "deleted" not in text_of(app)
    assert len(listing.listed(store)) == 2


def test_a_run_of_somebody_else_is_not_deleted_and_the_page_says_so(visit: Visit, store: Store, me: str) -> None:
    run = recorded(store)
    listing.ask(store, [run], "somebody")
    listing.keep(store, [run], True)
    app = press(chosen(visit("runs"), run), "delete")
    assert "1 run stays: it is at work, or others asked for it." in text_of(app)
    assert listing.listed(store)


@pytest.mark.usefixtures("host")
def test_a_run_is_kept_and_let_go_by_one_button(visit: Visit, store: Store) -> None:
    run = recorded(store)
    app = press(chosen(visit("runs"), run), "keep")
    assert listing.listed(store)[0].kept
    press(app, "keep")
    assert not listing.listed(store)[0].kept


def test_visitors_keep_only_as_much_as_there_is_room_for(
    visit: Visit, store: Store, me: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = recorded(store)
    listing.ask(store, [run], me)
    app = chosen(visit("runs"), run)
    monkeypatch.setattr(actions, "KEPT_SHARE", listing.listed(store)[0].size / 5e9 / 2)
    assert "Kept runs may take 0.0 GB together" in text_of(press(app, "keep"))
    assert not listing.listed(store)[0].kept


@pytest.mark.usefixtures("host")
def test_one_chosen_run_can_be_given_a_name(visit: Visit, store: Store) -> None:
    run = recorded(store)
    app = chosen(visit("runs"), run)
    app.text_input(f"name-{run}").set_value("  <b>*mine*</b> ").run()
    assert listing.listed(store)[0].label == "<b>*mine*</b>"
    assert "<b>*mine*" not in " ".join(str(one.value) for one in app.main.markdown)


@pytest.mark.usefixtures("host")
def test_runs_of_one_recipe_go_onto_the_bench_with_their_seeds(visit: Visit, store: Store) -> None:
    runs = [recorded(store, name, lr=0.01, seed=seed) for name in ("res-8", "plain-8") for seed in (3, 4)]
    app = press(chosen(visit("runs"), *runs), "to-bench-0")
    bench = app.session_state["bench"].bench
    assert [str(net) for net in bench.nets] == ["res-8", "plain-8"]
    assert bench.recipe == Recipe(steps=30, lr=0.01, seed=3, seeds=2)


def test_there_is_a_bench_for_each_recipe(store: Store) -> None:
    recorded(store, "res-8", seed=1)
    recorded(store, "res-8", seed=7)
    recorded(store, "res-14", lr=0.01)
    benches = actions.benches_of(listing.listed(store)[::-1])
    assert [bench.recipe for bench in benches] == [Recipe(steps=30, seed=1), Recipe(steps=30, lr=0.01)]
    assert [bench.nets for bench in benches] == [(NetSpec.parse("res-8"),), (NetSpec.parse("res-14"),)]


@pytest.mark.usefixtures("host")
def test_several_recipes_are_told_and_have_a_button_each(visit: Visit, store: Store) -> None:
    app = chosen(visit("runs"), recorded(store), recorded(store, lr=0.01))
    assert "One bench has one recipe, and these runs have 2: each button takes the nets of one." in text_of(app)
    labels = {button.key: button.label for button in app.main.button}
    assert labels["to-bench-0"] == "Bench: 1 net, steps 30"
    assert labels["to-bench-1"] == "Bench: 1 net, steps 30, learning rate 0.01"


@pytest.mark.usefixtures("host")
def test_a_run_of_another_device_is_said_to_be_trained_anew(visit: Visit, store: Store) -> None:
    app = chosen(visit("runs"), recorded(store, device="cuda"))
    assert "Trained on cuda: on the bench the same nets are trained anew, on cpu." in text_of(app)


def test_the_page_hears_of_a_run_that_ends_and_not_of_its_steps(store: Store) -> None:
    run = recorded(store, status="running")
    before = panel.noted(None, ())
    store.ask_to_stop(run)
    assert panel.noted(None, ()) == before
    store.finish("test", run, "done")
    assert panel.noted(None, ()) != before


def brought(store: Store, content: bytes, monkeypatch: pytest.MonkeyPatch) -> str:
    """What is said of an uploaded file."""
    said: list[str] = []
    monkeypatch.setattr(widgets, "notify", said.append)
    monkeypatch.setattr(table, "choose", lambda _runs: None)
    room._bring(uploaded(content))
    return " ".join(said)


def uploaded(content: bytes) -> io.BytesIO:
    file = io.BytesIO(content)
    file.file_id = str(next(NUMBERS))  # type: ignore[attr-defined]
    return file


NUMBERS = itertools.count()


def test_what_came_of_a_file_is_said_though_the_news_of_it_ended_the_run_of_the_page(
    store: Store, me: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = Store(tmp_path / "other.sqlite")
    run, said = recorded(other), list[str]()
    file = uploaded(bundle.zip_bytes(other, listing.listed(other), "none"))

    def overtaken(_runs: object) -> None:
        raise StopException

    monkeypatch.setattr(widgets, "notify", said.append)
    monkeypatch.setattr(table, "choose", overtaken)
    with pytest.raises(StopException):
        room._bring(file)
    monkeypatch.setattr(table, "choose", lambda _runs: None)
    room._bring(file)
    assert said == ["1 run was brought here."]
    assert [line.run.id for line in listing.listed(store, me)] == [run]
    assert not room._untold


def test_an_uploaded_file_is_brought_onto_the_visitors_list(
    store: Store, me: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = Store(tmp_path / "other.sqlite")
    run = recorded(other)
    content = bundle.zip_bytes(other, listing.listed(other), "none")
    assert brought(store, content, monkeypatch) == "1 run was brought here."
    assert [line.run.id for line in listing.listed(store, me)] == [run]
    told = brought(store, content, monkeypatch)
    assert told == "0 runs were brought here. 1 was here already and stays."


@pytest.mark.usefixtures("host")
def test_every_download_gives_what_its_name_says(visit: Visit, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    made: dict[str, bytes] = {}
    kinds: list[str] = []

    def button(label: str, make: Callable[[], bytes], file: str, mime: str, *_rest: Any) -> None:
        made[file] = make()
        kinds.append(mime)

    monkeypatch.setattr(takeaway, "_button", button)
    run = recorded(store)
    takeaway._content(store, listing.listed(store), "", "take")
    names = {"runs.zip", "curves.csv", "curves.parquet", "layers.csv", "layers.parquet", "comparison.html"}
    assert set(made) == names | {"report.html", "tensorboard.zip", f"res-8-{run}.safetensors"}
    assert made[f"res-8-{run}.safetensors"] == store.state(run)
    assert made["curves.csv"].startswith(b"run,name,net,seed,step")
    assert made["layers.parquet"][:4] == b"PAR1"
    assert made["report.html"].startswith(b"<!doctype html>")
    assert zipfile.ZipFile(io.BytesIO(made["tensorboard.zip"])).namelist()[0].startswith("tensorboard/res-8-seed0-")
    assert "manifest.json" in zipfile.ZipFile(io.BytesIO(made["runs.zip"])).namelist()
    assert len(kinds) == len(made)


def test_the_rule_of_cleaning_is_that_of_the_store() -> None:
    assert "5 GB (RESNET_MAX_STORE_GB)" in room.rule()
    assert "ended in the last 3 h stays" in room.rule()


@pytest.mark.usefixtures("host")
def test_runs_that_came_from_a_file_are_chosen_in_the_table(
    visit: Visit, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    run, other = recorded(store), recorded(store, "plain-8")
    content = bundle.zip_bytes(store, listing.find(store, [run]), "none")
    shown: list[Any] = []
    monkeypatch.setattr(table.st, "dataframe", lambda *_data, **words: shown.append(words))
    app = chosen(visit("runs"), other)
    before = shown[-1]["key"]
    app.file_uploader(key="bring").set_value(("runs.zip", content, "application/zip")).run()
    assert shown[-1]["selection_default"]["selection"]["rows"] == [1]  # newest first
    assert shown[-1]["key"] != before


@pytest.mark.usefixtures("host")
def test_a_file_that_cannot_be_used_is_refused_on_the_page(visit: Visit, store: Store) -> None:
    app = visit("runs")
    app.file_uploader(key="bring").set_value(("runs.zip", b"no zip", "application/zip")).run()
    assert "Nothing was brought here: the file is no zip, is damaged or needs a password." in text_of(app)
    assert not listing.listed(store)


@pytest.mark.usefixtures("host")
def test_what_is_too_large_for_a_browser_is_left_to_the_command_line(
    visit: Visit, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = recorded(store)
    app = visit("runs")
    app.session_state["take-open"] = True
    app = chosen(app, run)
    assert "python -m resnet train res-8 --steps 30" in [code.value for code in app.main.code]
    monkeypatch.setattr(takeaway, "MOST_BYTES", 1_000)
    app.run()
    assert f"python -m resnet export {run} --to runs.zip" in [code.value for code in app.main.code]
