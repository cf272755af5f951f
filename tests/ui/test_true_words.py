"""Sentences of Start, Train, Build and the side bar against the code that they speak of."""

import pytest
import torch

from resnet import catalog
from resnet.charts.drawing import blocks_figure, nets_figure
from resnet.charts.look import looks
from resnet.findings.candidates import ASPECTS
from resnet.nets.layers import layer_table
from resnet.nets.network import build_network
from resnet.specs import NetSpec, Recipe
from resnet.specs.bench import Bench
from resnet.ui.bench import recipe
from resnet.ui.lab import train
from resnet.ui.lab.build import counts, faults
from resnet.ui.lab.start import buttons as start

TWINS = ["res-8", "res-8-optb", "res-8-optc-preact", "res-11-bottleneck-gate-gn", "res-8-nobn-torchinit"]


def starts_equal(residual: str) -> bool:
    """Whether the plain twin's first weights are those of the residual net."""
    net = NetSpec.parse(residual)
    one, other = (build_network(spec, seed=0).state_dict() for spec in (net, net.twin()))
    return all(torch.equal(tensor, one[name]) for name, tensor in other.items())


@pytest.mark.parametrize("name", TWINS)
def test_twins_are_said_to_start_from_the_same_weights_where_they_do(name: str) -> None:
    assert starts_equal(name)
    bench = Bench.from_query({"nets": f"{name},{NetSpec.parse(name).twin()}"})
    assert "a plain net and its residual twin start from the same weights." in train.caption(bench)


@pytest.mark.parametrize("name", ["res-8-zerogamma", "res-8-nobn-fixup"])
def test_twins_that_do_not_start_alike_are_excepted(name: str) -> None:
    assert not starts_equal(name)
    bench = Bench.from_query({"nets": f"{name},{NetSpec.parse(name).twin()},res-10,plain-10"})
    assert f"except {name}" in train.caption(bench).replace("\\", "")


def test_a_bench_without_twins_says_nothing_of_weights() -> None:
    for nets in ("plain-20,plain-56", "res-8-zerogamma,plain-10"):
        assert "weights" not in train.caption(Bench.from_query({"nets": nets}))
    assert "start from the same weights" in start.alike(Bench())
    assert start.alike(Bench.from_query({"nets": "plain-20,plain-56"})) == ""


def test_a_band_is_explained_where_one_is_drawn() -> None:
    bench = Bench.from_query({"nets": "res-8", "seeds": "3"})
    assert "band: from the lowest to the highest seed" in train.caption(bench)
    assert "band" not in train.caption(bench, train.EACH) + train.caption(bench.but(recipe=Recipe()))


def test_the_learning_rate_is_called_by_its_name() -> None:
    assert "SGD with momentum, lr 8" in recipe.summary(Recipe(optimizer="sgd", lr=8.0))


def test_recipes_that_train_otherwise_are_told_apart_in_the_line_under_the_nets() -> None:
    assert recipe.summary(Recipe()) == "Shapes, quick · 400 steps · batch 32 · Adam, lr 0.003"
    others = ["mixup=0.2", "schedule=one_cycle", "steps=800&extended=400", "augment=no", "seed=3", "clip=1", "warmup=9"]
    told = [recipe.summary(Recipe.parse(words)) for words in ("", *others)]
    assert len(set(told)) == len(told)
    assert told[1].endswith(" · mixup 0.2")


def test_no_option_is_promised_to_work_everywhere() -> None:
    records = [*catalog.OPTIMIZERS.values(), *catalog.INITS.values(), *catalog.LEVELS.values()]
    said = [record.help for record in records]
    assert not [text for text in said if "every depth" in text or "good start" in text]


def field_of(name: str, side: int) -> str:
    return counts.sees(max(row.receptive_field for row in layer_table(NetSpec.parse(name), 3, 10, side)), side)


def test_a_receptive_field_that_covers_the_image_from_every_corner_is_the_whole_image() -> None:
    assert counts.sees(62, 32) == "62 px"
    assert counts.sees(63, 32) == "whole image"
    assert field_of("res-1202", 32) == "whole image"
    assert field_of("res-8-s1", 224).endswith(" px")


@pytest.mark.parametrize(("name", "printed"), [("resnet-164", 1.7), ("resnet-1001", 10.2)])
def test_the_nets_of_2016_have_the_projections_of_their_authors_code_and_the_help_names_both_counts(
    name: str, printed: float
) -> None:
    net, record = NetSpec.parse(name), catalog.PRESETS[name]
    assert (net.shortcut, net.stride_at, net.order) == ("B", "1x1", "preact")
    counted = sum(row.parameters for row in layer_table(net))
    assert f"{counted / 1e6:.2f} M" in record.help
    assert f"{printed} M" in record.help


def test_shortcuts_are_dotted_exactly_where_a_block_changes_size_or_channels() -> None:
    bench = Bench.from_query({"nets": "res-11-bottleneck,plain-8,res-8"})
    drawn = list(zip(looks(bench), bench.nets, strict=True))
    figures = nets_figure(drawn), blocks_figure(drawn)
    dashes = [shape["line"]["dash"] for shape in figures[0].layout.shapes if shape["type"] == "path"]
    assert dashes == ["dot", "dot", "dot", "solid", "dot", "dot"]
    assert {shape["line"]["dash"] for shape in figures[1].layout.shapes if shape["type"] == "path"} == {"dot", "solid"}


@pytest.mark.parametrize("fault", list(catalog.FAULTS))
def test_a_fault_differs_from_its_sound_net_in_one_thing_of_which_the_conclusion_can_speak(fault: str) -> None:
    sound, faulty = (NetSpec.parse(name).model_dump() for name in (faults.SOUND[fault], catalog.FAULTS[fault].net))
    different = {field for field in sound if sound[field] != faulty[field]}
    assert len([aspect for aspect, (_label, fields) in ASPECTS.items() if different & fields]) == 1


@pytest.mark.parametrize("fault", list(catalog.FAULTS))
def test_a_fault_leads_to_the_sentence_under_the_chart(visit, fault: str) -> None:  # type: ignore[no-untyped-def]
    app = visit("faults", nets="res-8")
    app.segmented_control(key="fault").set_value(fault).run()
    text = " ".join(element.value for element in app.markdown)
    assert "Then train both: the sentence under the chart on the Train page" in text
