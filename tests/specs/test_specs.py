import json
import os
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from resnet import catalog
from resnet.specs import CONVOLUTIONS, OPTIONS, RANGES, STAGES, NetSpec, Recipe, SpecError, nearest_depth, run_id
from resnet.specs.limits import LIMITS, Limits
from resnet.specs.names import _PARTS
from resnet.specs.options import NET_OPTIONS
from resnet.specs.recipe import LAST_SEED, MOST_SEEDS
from resnet.specs.spread import TABLE_1, depths

_fields = {
    **{field: st.sampled_from(list(records)) for field, records in NET_OPTIONS.items()},
    **{name: st.booleans() for name in catalog.SWITCHES},
    "depth": st.integers(8, 1202),
    "width": st.integers(LIMITS.min_width, LIMITS.max_width),
    "stem_stride": st.integers(1, 2),
    "classes": st.just(0) | st.integers(10, 1_000),
    "survival": st.floats(0.1, 1),
    "shortcut_scale": st.floats(0, 2),
    "branch_scale": st.floats(0, 2),
    "gate_bias": st.floats(-10, 0),
    "stages": st.just(()) | st.lists(st.integers(1, 9), min_size=3, max_size=4).map(tuple),
}


@st.composite
def net_specs_of(draw, names=tuple(_fields)):
    """A net with a few departures from the default, each where it fits."""
    net = NetSpec()
    for field in draw(st.lists(st.sampled_from(names), max_size=6, unique=True)):
        value = draw(_fields[field])
        if field == "depth":
            value = nearest_depth(value, net.branch, net.family)
        try:
            net = net.adapt(**{field: value})
        except SpecError:
            continue
    return net


net_specs = net_specs_of()
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
    flip=st.booleans(),
    nesterov=st.just(False),
    label_smoothing=st.floats(*RANGES["label_smoothing"]),
    clip=st.floats(*RANGES["clip"]),
    cutout=st.integers(0, min(record.shape[1] for record in catalog.DATASETS.values())),
    mixup=st.floats(*RANGES["mixup"]),
    seed=st.integers(0, LAST_SEED + 1 - MOST_SEEDS),
    seeds=st.integers(1, MOST_SEEDS),
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
        ("renset-1202", "a net's name starts with plain or res; got “renset-1202”; try resnet-1202"),
        ("unet", "a net's name starts with plain or res; got “unet”; try res-20"),
        ("res-21-bottleneck", "depth must be 3n + 2, 11–1202; got 21; try 20 or 23"),
        ("res-12-imagenet-b1.2", "stages must be 4 numbers of blocks, each at least 1; got 1.2"),
        ("res-20-imagenet-b1.1.1.1", "these stages make depth 10; got 20"),
        ("res-20-p0", "survival must be 0.1–1.0; got 0.0; try 0.1"),
        (
            "res-20-nobn-zerogamma",
            "zero_gamma True does not fit: zero-γ needs shortcuts and a norm at the end of every branch",
        ),
        ("res-20-w8-w9", "“res-20-w8-w9” sets width twice"),
        ("plain-20-optb", "shortcut B does not fit: a plain net has no shortcut to choose"),
    ],
)
def test_a_wrong_name_says_what_is_wrong_what_is_allowed_and_the_nearest(name, sentence):
    with pytest.raises(SpecError) as error:
        NetSpec.parse(name)
    assert str(error.value) == sentence


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ("seed=999998&seeds=3", "3 seeds must end by 999999; try seed 999997"),
        ("extended=400", "a run of 400 steps is extended to more; got 400 steps"),
        ("pixels=48", "pixels must be one of 32, 64, 96; got 48"),
        ("steps=0", "steps must be 1–10000; got 0; try 1"),
        ("steps=many", "steps must be a whole number; got “many”"),
        ("lr=nan", "lr must be a number; got “nan”"),
        ("data=shape", f"data must be one of {', '.join(catalog.DATASETS)}; got “shape”; try shapes"),
        ("step=9", "unknown setting “step”; known: " + ", ".join(Recipe.model_fields) + "; try steps"),
        ("augment=perhaps", "augment must be yes or no; got “perhaps”"),
        ("data=digits&level=easy", "the data set digits has no levels; got level easy; try quick"),
        ("nesterov=yes", "nesterov belongs to the optimizer sgd; got adam; try nesterov=no"),
        ("nesterov=yes&optimizer=sgd&momentum=0", "nesterov needs a momentum above 0; try momentum 0.9"),
        ("cutout=33", "cutout must be 0–32, the side of the images; got 33"),
        (
            "schedule=one_cycle&extended=40",
            "a run of one cycle cannot be extended: its learning rate has come to its end",
        ),
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
    assert CONVOLUTIONS[spec.branch] * sum(spec.blocks) + 2 == spec.depth
    assert len(spec.blocks) == STAGES[spec.family]
    if not spec.stages and (spec.branch, spec.depth) not in TABLE_1:
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
                run_id(
                    spec.adapt(norm="none" if spec.norm == "batch" else "batch", zero_gamma=False, fixup=False),
                    recipe,
                    "cpu",
                ),
                run_id(spec, recipe.but(seed=(recipe.seed + 1) % 1000), "cpu"),
                run_id(spec, recipe, "cuda"),
            }
        )
        == 4
    )


@pytest.mark.parametrize(
    ("net", "recipe", "known"),
    [
        ("res-56", Recipe(), "5967afeb4b3b"),
        ("res-56-w16", Recipe(steps=7, lr=0.01, seed=2), "670f7fbb247d"),
        ("res-56", Recipe(seeds=3), "5967afeb4b3b"),  # the run of the first seed
    ],
)
def test_runs_of_earlier_versions_are_found_again(net, recipe, known):
    assert run_id(NetSpec.parse(net), recipe, "cpu") == known


@pytest.mark.parametrize("field", sorted(set(Recipe.model_fields) - {"seeds"}))
def test_every_field_of_a_recipe_makes_another_run(field, monkeypatch):
    monkeypatch.setattr(catalog, "is_own", lambda _data: field == "pixels")  # others have images of one size only
    other = {"data": "digits", "level": "easy", "optimizer": "adam", "schedule": "constant", "pixels": 64}
    base = Recipe(optimizer="sgd")  # every field belongs to it
    usual = getattr(base, field)
    changed = other.get(field) or (
        not usual if isinstance(usual, bool) else usual + (1 if isinstance(usual, int) else 0.05)
    )
    net = NetSpec.parse("res-8")
    assert run_id(net, Recipe.model_construct(**{**base.model_dump(), field: changed}), "cpu") != run_id(
        net, base, "cpu"
    )


def test_a_recipe_with_several_seeds_is_a_recipe_for_each_of_them():
    recipe = Recipe(seed=4, seeds=3, lr=0.01)
    assert recipe.each() == tuple(Recipe(seed=seed, lr=0.01) for seed in (4, 5, 6))


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
        "from resnet.specs.bench import Bench; bench = Bench(); "
        "[entry.net.but() for entry in bench.entries], bench.recipe.but(), Bench.from_query(bench.to_query()); "
        "print(bench.to_query()['nets'])"
    )
    result = subprocess.run(
        [sys.executable, "-c", code], env={**os.environ, name: value}, capture_output=True, text=True, check=False
    )
    assert result.stdout.strip() == nets, result.stderr


def test_every_part_of_a_name_belongs_to_one_option():
    records = [*catalog.SWITCHES.values(), *(record for options in OPTIONS.values() for record in options.values())]
    parts = [record.part for record in records if record.part]
    assert len(parts) == len(set(parts)) == len(_PARTS) + len(catalog.BLOCKS)


@given(net_specs)
def test_every_net_has_a_twin_that_differs_in_the_shortcut(spec):
    twin = spec.twin()
    assert {spec.block, twin.block} == set(catalog.BLOCKS)
    assert (twin.depth, twin.blocks, twin.width, twin.norm) == (spec.depth, spec.blocks, spec.width, spec.norm)


@given(net_specs, st.sampled_from([*_fields]), st.data())
def test_a_change_gives_a_net_or_one_sentence_and_what_no_longer_fits_gives_way(spec, field, data):
    change = {field: data.draw(_fields[field])}
    assert is_one_sentence_or_nothing(lambda change: NetSpec.parse(str(spec.adapt(**change))), change)


def test_runs_made_before_the_later_fields_existed_are_found_again():
    # Computed by the version that had eight fields.
    assert run_id(NetSpec.parse("res-56"), Recipe(), "cpu") == "5967afeb4b3b"
    assert run_id(NetSpec.parse("plain-20-w16-nobn"), Recipe(steps=50), "cuda") == "e61a3c626817"


@pytest.mark.parametrize(
    ("branch", "family", "low", "step"),
    [("basic", "cifar", 8, 2), ("bottleneck", "cifar", 11, 3), ("basic", "imagenet", 10, 2)],
)
def test_depth_steps_by_the_layers_of_a_block(branch, family, low, step):
    assert depths(branch, family).start == low
    assert depths(branch, family).step == step


def test_stages_that_the_depth_implies_are_left_out():
    assert NetSpec.parse("res-50-imagenet-bottleneck-b3.4.6.3") == NetSpec.parse("res-50-imagenet-bottleneck")
    assert str(NetSpec.parse("res-18-imagenet-b1.2.2.3")) == "res-18-imagenet-b1.2.2.3"


def test_a_run_is_tested_on_all_images_at_its_last_step_and_on_no_more_than_there_are_before():
    recipe = Recipe(steps=40)
    assert [recipe.tested(step) for step in (0, 39, 40)] == [500, 500, 1_000]
    assert [recipe.but(data="digits").tested(step) for step in (0, 40)] == [300, 300]
