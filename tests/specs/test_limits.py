"""What a host sets by the environment: used, or told in one sentence; nothing is ignored without a word."""

import os
import re
import subprocess
import sys
from dataclasses import fields

import pytest

from resnet.specs import limits
from resnet.specs.limits import Limits, SettingError
from tests.house import ROOT


@pytest.fixture(autouse=True)
def _nothing_else_is_set(monkeypatch):
    for name in os.environ:
        if name.startswith("RESNET_") and name != "RESNET_HOME":
            monkeypatch.delenv(name)


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("RESNET_MAX_DEPTH", "abc", "RESNET_MAX_DEPTH must be a whole number, 8 to 100,000; got “abc”"),
        ("RESNET_MAX_DEPTH", "4", "RESNET_MAX_DEPTH must be a whole number, 8 to 100,000; got “4”"),
        ("RESNET_MAX_DEPTH", "1e3", "RESNET_MAX_DEPTH must be a whole number, 8 to 100,000; got “1e3”"),
        ("RESNET_MAX_NETS", "-1", "RESNET_MAX_NETS must be a whole number, 1 to 100; got “-1”"),
        ("RESNET_MAX_MEMORY_GB", "nan", "RESNET_MAX_MEMORY_GB must be a number, 0 to 100,000; got “nan”"),
        ("RESNET_WORKERS", "two", "RESNET_WORKERS must be a whole number, 0 to 1,024; got “two”"),
        ("RESNET_WORKERS", "-2", "RESNET_WORKERS must be a whole number, 0 to 1,024; got “-2”"),
        ("RESNET_DEVICE", "gpu", "RESNET_DEVICE must be cpu, cuda, cuda:0, cuda:1 … or mps; got “gpu”"),
        ("RESNET_MIN_BATCH", "600", "RESNET_MIN_BATCH must be at most RESNET_MAX_BATCH; got 600 and 512"),
        ("RESNET_MAX_WIDTH", "2", "RESNET_MIN_WIDTH must be at most RESNET_MAX_WIDTH; got 4 and 2"),
    ],
)
def test_a_value_that_cannot_be_used_is_one_sentence_and_the_default_stays(name, value, sentence, monkeypatch):
    monkeypatch.setenv(name, value)
    assert limits.faults() == [sentence]
    assert Limits.from_environment() == Limits()
    with pytest.raises(SettingError) as error:
        limits.require_usable()
    assert str(error.value) == sentence


def test_limits_that_leave_no_even_depth_are_refused(monkeypatch):
    monkeypatch.setenv("RESNET_MIN_DEPTH", "21")
    monkeypatch.setenv("RESNET_MAX_DEPTH", "21")
    (fault,) = limits.faults()
    assert fault == "RESNET_MIN_DEPTH and RESNET_MAX_DEPTH must leave an even depth; got 21 and 21"


def test_an_empty_variable_is_as_good_as_none(monkeypatch):
    for name in ("RESNET_MAX_DEPTH", "RESNET_WORKERS"):
        monkeypatch.setenv(name, " ")
    assert limits.faults() == []
    assert Limits.from_environment() == Limits()


def test_every_limit_says_what_a_host_may_choose_and_its_default_is_among_it():
    assert limits.ALLOWED.keys() == {field.name for field in fields(Limits)}
    assert all(low <= getattr(Limits(), name) <= high for name, (low, high) in limits.ALLOWED.items())


def test_a_name_that_nothing_reads_is_told_with_the_nearest_that_is_read(monkeypatch):
    monkeypatch.setenv("RESNET_MAX_DEPHT", "20")
    monkeypatch.setenv("RESNET_HOEM", "/tmp")
    monkeypatch.setenv("RESNET_TRAIN_SLOT", "0")  # the engine's own
    monkeypatch.setenv("RESNET_Q", "1")
    assert limits.unknown() == [
        "RESNET_HOEM is no known setting and has no effect; did you mean RESNET_HOME?",
        "RESNET_MAX_DEPHT is no known setting and has no effect; did you mean RESNET_MAX_DEPTH?",
        "RESNET_Q is no known setting and has no effect",
    ]


def test_every_variable_that_the_code_or_the_readme_names_is_known(monkeypatch):
    texts = [path.read_text("utf-8") for path in [*ROOT.glob("resnet/**/*.py"), ROOT / "README.md", ROOT / "app.py"]]
    named = {name for text in texts for name in re.findall(r"RESNET_[A-Z]+(?:_[A-Z]+)*\b(?!_)", text)}
    assert len(named) > 10
    for name in named:
        monkeypatch.setenv(name, "")
    assert limits.unknown() == []


def test_a_wrong_value_is_no_traceback_where_specs_are_imported():
    environment = {**os.environ, "RESNET_MAX_DEPTH": "abc"}
    code = "import resnet; from resnet.specs import NetSpec; print(NetSpec.parse('res-1202'))"
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=False)
    assert (done.stdout.strip(), done.stderr) == ("res-1202", "")
