import json
import os
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from resnet import catalog
from resnet.limits import LIMITS, Limits
from resnet.specs import OPTIONS, RANGES, NetSpec, Recipe, SpecError, run_id

net_specs = st.builds(
    lambda block, shortcut, **rest: NetSpec(block=block, shortcut="A" if block == "plain" else shortcut, **rest),
    block=st.sampled_from(list(catalog.BLOCKS)),
    shortcut=st.sampled_from(list(catalog.SHORTCUTS)),
    depth=st.integers(4, 601).map(lambda half: 2 * half),
    width=st.integers(LIMITS.min_width, LIMITS.max_width),
    stem_stride=st.integers(1, 2),
    norm=st.sampled_from(list(catalog.NORMS)),
    activation=st.sampled_from(list(catalog.ACTIVATIONS)),
    init=st.sampled_from(list(catalog.INITS)),
)
recipes = st.builds(
    Recipe,
    data=st.sampled_from(list(catalog.DATASETS)),
    steps=st.integers(*RANGES["steps"]),
    batch=st.integers(*RANGES["batch"]),
    optimizer=st.sampled_from(list(catalog.OPTIMIZERS)),
    lr=st.floats(*RANGES["lr"]),
    schedule=st.sampled_from(list(catalog.SCHEDULES)),
    warmup=st.integers(*RANGES["warmup"]),
    momentum=st.floats(*RANGES["momentum"]),
    weight_decay=st.floats(*RANGES["weight_decay"]),
    augment=st.booleans(),
    seed=st.integers(*RANGES["seed"]),
    record_every=st.integers(*RANGES["record_every"]),
)


@given(net_specs)
def test_name_and_json_of_a_net_give_the_same_net_back(spec):
    assert NetSpec.parse(str(spec)) == spec
    assert NetSpec.from_json(spec.to_json()) == spec


@given(recipes)
def test_words_and_json_of_a_recipe_give_the_same_recipe_back(recipe):
    assert Recipe.parse(str(recipe)) == recipe
    assert Recipe.from_json(recipe.to_json()) == recipe


def is_one_sentence_or_nothing(parse, text):
    """Whether `parse` takes the text or refuses it with one short line; any other error surfaces."""
    try:
        parse(text)
    except SpecError as error:
        return 0 < len(str(error)) < 400 and str(error).isprintable()
    return True


@given(st.one_of(st.text(), st.from_regex(r"(plain|res)-[0-9]{1,9}(-[a-z0-9]{0,9}){0,4}", fullmatch=True)))
def test_any_name_is_a_net_or_one_clear_sentence(text):
    for parse in (NetSpec.parse, Recipe.parse, NetSpec.from_json, Recipe.from_json):
        assert is_one_sentence_or_nothing(parse, text)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@given(st.dictionaries(st.sampled_from([*NetSpec.model_fields, "x"]), json_values, max_size=3))
def test_any_json_values_are_a_net_or_one_clear_sentence(values):
    assert is_one_sentence_or_nothing(NetSpec.from_json, json.dumps(values))


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("res-21", "depth must be an even number, 8–1202; got 21; try 20 or 22"),
        ("res-6", "depth must be an even number, 8–1202; got 6; try 8"),
        ("plain-1300", "depth must be an even number, 8–1202; got 1300; try 1202"),
        ("res-20-w3", "width must be 4–64; got 3; try 4"),
        ("resnet-20", "a net's name starts with plain or res; got “resnet-20”; try res-20"),
        ("res-20-w8-w9", "“res-20-w8-w9” sets width twice"),
        ("plain-20-optb", "a plain net has no shortcut to choose; got shortcut B; try a residual net"),
    ],
)
def test_a_wrong_name_says_what_is_wrong_what_is_allowed_and_the_nearest(name, sentence):
    with pytest.raises(SpecError) as error:
        NetSpec.parse(name)
    assert str(error.value) == sentence


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ("steps=0", "steps must be 1–10000; got 0; try 1"),
        ("steps=many", "steps must be a whole number; got “many”"),
        ("lr=nan", "lr must be a number; got “nan”"),
        ("data=shape", "data must be one of shapes, digits; got “shape”; try shapes"),
        ("step=9", "unknown setting “step”; known: " + ", ".join(Recipe.model_fields) + "; try steps"),
        ("augment=perhaps", "augment must be yes or no; got “perhaps”"),
        ("data=digits&level=easy", "the data set digits has no levels; got level easy; try quick"),
    ],
)
def test_a_wrong_recipe_says_what_is_wrong(words, sentence):
    with pytest.raises(SpecError) as error:
        Recipe.parse(words)
    assert str(error.value) == sentence


@pytest.mark.parametrize(
    ("depth", "blocks"), [(20, (3, 3, 3)), (56, (9, 9, 9)), (1202, (200, 200, 200)), (22, (4, 3, 3))]
)
def test_depth_6n_plus_2_gives_n_blocks_in_each_stage(depth, blocks):
    assert NetSpec(depth=depth).blocks == blocks


@given(net_specs)
def test_blocks_are_spread_evenly_and_make_up_the_depth(spec):
    assert 2 * sum(spec.blocks) + 2 == spec.depth
    assert max(spec.blocks) - min(spec.blocks) <= 1


def test_the_twin_of_a_residual_net_is_the_plain_net_and_back():
    assert NetSpec.parse("res-56-nobn").twin() == NetSpec.parse("plain-56-nobn")
    assert NetSpec.parse("res-20-optb").twin().twin() == NetSpec.parse("res-20")


def test_an_empty_recipe_name_is_the_demo():
    assert str(Recipe()) == ""
    assert Recipe.parse("") == Recipe(steps=400, batch=32, optimizer="adam", lr=3e-3)


@given(net_specs, recipes)
def test_the_run_id_depends_on_net_recipe_and_device(spec, recipe):
    own = run_id(spec, recipe, "cpu")
    assert own == run_id(NetSpec.parse(str(spec)), Recipe.parse(str(recipe)), "cpu")
    assert (
        len(
            {
                own,
                run_id(spec.but(norm="none" if spec.norm == "batch" else "batch"), recipe, "cpu"),
                run_id(spec, recipe.but(seed=(recipe.seed + 1) % 1000), "cpu"),
                run_id(spec, recipe, "cuda"),
            }
        )
        == 4
    )


def test_a_host_can_lower_a_limit_by_the_environment(monkeypatch):
    monkeypatch.setenv("RESNET_MAX_DEPTH", "110")
    assert Limits.from_environment().max_depth == 110


@pytest.mark.parametrize(
    ("limit", "nets"),
    [
        ("RESNET_MAX_DEPTH=32", "plain-20,plain-32,res-20,res-32"),
        ("RESNET_MAX_DEPTH=15", "plain-14,res-14"),
        ("RESNET_MAX_NETS=2", "plain-56,res-56"),
        ("RESNET_MAX_NETS=1", "res-56"),
        ("RESNET_MAX_STEPS=50", "plain-20,plain-56,res-20,res-56"),
        ("RESNET_MAX_BATCH=8", "plain-20,plain-56,res-20,res-56"),
        ("RESNET_MAX_WIDTH=4", "plain-20,plain-56,res-20,res-56"),
    ],
)
def test_the_default_bench_fits_whatever_limits_the_host_sets(limit, nets):
    name, value = limit.split("=")
    code = (
        "from resnet.bench import Bench; bench = Bench(); "
        "[entry.net.but() for entry in bench.entries], bench.recipe.but(), Bench.from_words(bench.words()); "
        "print(bench.words()['nets'])"
    )
    result = subprocess.run(
        [sys.executable, "-c", code], env={**os.environ, name: value}, capture_output=True, text=True, check=False
    )
    assert result.stdout.strip() == nets, result.stderr


def test_every_part_of_a_name_belongs_to_one_option():
    parts = [record.part for options in list(OPTIONS.values())[:5] for record in options.values() if record.part]
    assert len(parts) == len(set(parts))
