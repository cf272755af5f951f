"""The Build pages: presets, the layer tables, what can be taken away, the faults of the notes."""

import csv
import io

import pytest

from resnet import catalog
from resnet.nets.layers import layer_table
from resnet.specs import NetSpec
from resnet.ui.lab.build import layers


def texts(app):
    return " ".join(
        str(getattr(element, "value", "")) for kind in ("markdown", "caption", "html") for element in app.get(kind)
    )


def nets(app):
    words = app.query_params["nets"]
    return words if isinstance(words, str) else words[0]


@pytest.mark.parametrize("record", catalog.PRESETS.values(), ids=lambda record: record.name)
def test_one_click_puts_a_named_net_on_the_bench_and_one_word_in_a_link_does(visit, record):
    app = visit(page="named", nets="res-8")
    app.button(key=f"preset-{record.name}").click().run()
    assert not app.exception
    assert nets(app) == f"res-8,{record.net}"
    linked = visit(page="build", nets=record.name)
    assert not linked.exception
    assert nets(linked) == record.net
    assert record.label in texts(linked.sidebar).replace("&#x27;", "'")


def test_a_full_bench_says_so_and_offers_no_preset(visit):
    app = visit(page="named", nets=",".join(f"res-{depth}" for depth in (8, 10, 12, 14, 16, 18)))
    assert "The bench is full" in texts(app)
    assert app.button(key="preset-resnet-20").disabled


def test_images_of_imagenet_give_the_papers_multiply_adds(visit):
    app = visit(page="build", nets="resnet-18")
    assert "1,814" not in texts(app)
    app.segmented_control(key="image").set_value("imagenet").run()
    assert "1,814.1 M" in texts(app)
    assert "11,689,512" in texts(app)


def test_one_net_lists_every_layer_and_the_sum(visit):
    app = visit(page="layers", nets="res-20")
    frame = app.dataframe[0].value
    assert len(frame) == len(layer_table(NetSpec.parse("res-20")))
    assert frame["parameters"].sum() == 68_050
    assert "Sum: 68,050 parameters" in texts(app)


def test_two_nets_stand_side_by_side_with_the_differing_rows_marked(visit):
    app = visit(page="layers", nets="plain-8,res-8-optb")
    app.selectbox(key="layers-beside").set_value(1).run()
    assert not app.exception
    frame = app.dataframe[0].value
    marked = set(frame[frame["differs"] == "≠"]["layer"])
    assert marked == {
        *(f"stage{stage}.block1.add" for stage in (1, 2, 3)),
        *(f"stage{stage}.block1.shortcut.{part}" for stage in (2, 3) for part in ("conv", "norm")),
    }


def test_nets_of_different_depth_are_aligned_by_stage_and_block():
    shallow, deep = (layer_table(NetSpec.parse(name)) for name in ("res-8", "plain-20"))
    pairs = layers.aligned(shallow, deep)
    assert [one.name for one, _ in pairs if one] == [row.name for row in shallow]
    assert [other.name for _, other in pairs if other] == [row.name for row in deep]
    assert all(one.name == other.name for one, other in pairs if one and other)


def test_the_csv_holds_the_table_and_quotes_what_it_must():
    columns = layers.columns(layer_table(NetSpec.parse("notes-34")), batch=32)
    lines = list(csv.reader(io.StringIO(layers.csv(columns))))
    assert lines[0] == list(columns)
    assert len(lines) == len(columns["layer"]) + 1
    assert lines[1][columns_at(columns, "parameters")] == str(3 * 64 * 49 + 64)


def columns_at(columns, title):
    return list(columns).index(title)


def test_what_is_counted_for_holds_on_the_next_page(visit):
    app = visit(page="build", nets="resnet-18", image="imagenet")
    app.switch_page("../../../pages/lab/layers.py").run()
    assert "Sum: 11,689,512 parameters" in texts(app)


@pytest.mark.parametrize("fault", list(catalog.FAULTS))
def test_an_older_link_to_a_fault_opens_its_page_with_the_bench_of_the_link(visit, fault):
    app = visit(page="build", nets="res-8-w4", fault=fault)
    assert not app.exception
    assert app.title[0].value == "Where is the bug?"
    assert app.segmented_control(key="fault").value == fault
    assert nets(app) == "res-8-w4"


def test_an_older_link_that_counts_for_imagenet_still_does(visit):
    app = visit(page="build", nets="resnet-18", image="ImageNet")
    assert "1,814.1 M" in texts(app)


@pytest.mark.parametrize("fault", list(catalog.FAULTS))
def test_a_fault_is_put_beside_the_sound_net(visit, fault):
    app = visit(page="faults")
    app.segmented_control(key="fault").set_value(fault).run()
    app.button(key="compare-fault").click().run()
    assert not app.exception
    sound, faulty = (NetSpec.parse(name) for name in nets(app).split(","))
    assert str(faulty) == catalog.FAULTS[fault].net
    assert sound.but(**faulty.changed()) == faulty


def test_the_floor_of_softmax_before_cross_entropy_is_named(visit):
    app = visit(page="faults")
    assert "1.46 nats at best" in texts(app)  # -ln(e / (e + 9))
    assert "4.31 with the notes' 200" in texts(app)


def test_the_code_is_shown_when_it_is_asked_for(visit):
    app = visit(page="layers", nets="res-20")
    assert not app.code
    app.session_state["code"] = True
    app.run()
    assert "class Block(nn.Module)" in app.code[0].value
