"""The bench and the words of its link."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from resnet.catalog import BLOCKS, LEVELS, NORMS, SHORTCUTS
from resnet.specs import NetSpec, Recipe, SpecError
from resnet.specs.bench import (
    DEMO,
    LINES,
    MAX_LABEL,
    Bench,
    Entry,
    is_bench_word,
)
from resnet.specs.limits import LIMITS

nets = st.builds(
    lambda block, half, width, norm, shortcut: NetSpec(
        block=block, depth=2 * half, width=width, norm=norm, shortcut=shortcut if block == "residual" else "A"
    ),
    st.sampled_from(list(BLOCKS)),
    st.integers(LIMITS.min_depth // 2, LIMITS.max_depth // 2),
    st.integers(LIMITS.min_width, LIMITS.max_width),
    st.sampled_from(list(NORMS)),
    st.sampled_from(list(SHORTCUTS)),
)
printable = st.characters(exclude_categories=("C", "Z"))
entries = st.builds(
    Entry,
    net=nets,
    label=st.text(st.one_of(printable, st.just(" ")), max_size=MAX_LABEL),
    colour=st.one_of(st.just(""), st.from_regex(r"#[0-9a-f]{6}", fullmatch=True)),
    line=st.sampled_from(["", *LINES]),
)
recipes = st.builds(
    Recipe,
    steps=st.integers(1, LIMITS.max_steps),
    lr=st.floats(1e-6, 10.0),
    level=st.sampled_from(list(LEVELS)),
    augment=st.booleans(),
)
benches = st.builds(
    lambda chosen, recipe: Bench(entries=tuple(chosen), recipe=recipe),
    st.lists(entries, min_size=1, max_size=LIMITS.max_nets),
    recipes,
)
words = st.one_of(
    st.sampled_from(["nets", "label1", "colour2", "line1", "label7", *Recipe.model_fields]), st.text(max_size=12)
)
texts = st.one_of(
    st.text(max_size=40), st.sampled_from(["res-20", "plain-56,res-56", "400", "shapes", "0b7285", "dash", "-1", "1e9"])
)


@given(benches)
def test_a_bench_comes_back_from_its_words(bench: Bench) -> None:
    assert Bench.from_query(bench.to_query()) == bench


@given(benches)
def test_a_bench_comes_back_from_json(bench: Bench) -> None:
    assert Bench.from_json(bench.to_json()) == bench


@given(st.dictionaries(words, texts, max_size=8))
def test_any_words_give_a_bench_or_one_sentence(link: dict[str, str]) -> None:
    assert is_read_back_or_refused_in_one_sentence(link)


def is_read_back_or_refused_in_one_sentence(link: dict[str, str]) -> bool:
    try:
        bench = Bench.from_query(link)
    except SpecError as error:
        return 0 < len(str(error)) < 400 and str(error).isprintable()
    return Bench.from_query(bench.to_query()) == bench


@given(st.lists(st.sampled_from(["add", "twin", "remove", "label"]), max_size=12), st.data())
def test_every_change_leaves_a_valid_bench_with_distinct_names(changes: list[str], data: st.DataObject) -> None:
    bench = Bench()
    for change in changes:
        index = data.draw(st.integers(0, len(bench.entries) - 1))
        try:
            bench = {
                "add": bench.add,
                "twin": lambda at=index, bench=bench: bench.twin(at),
                "remove": lambda at=index, bench=bench: bench.remove(at),
                "label": lambda at=index, bench=bench: bench.replace(at, bench.entries[at].but(label="same")),
            }[change]()
        except SpecError:
            assert change != "label"
        assert 1 <= len(bench.entries) <= LIMITS.max_nets
        assert len(set(bench.names)) == len(bench.entries)
        assert Bench.from_query(bench.to_query()) == bench


def test_the_default_bench_is_the_demo() -> None:
    assert [str(entry.net) for entry in Bench().entries] == ["plain-20", "plain-56", "res-20", "res-56"]
    assert Bench().to_query() == {"nets": "plain-20,plain-56,res-20,res-56"}
    assert Bench.from_query({}) == Bench()


def test_the_words_name_only_what_differs_from_the_default() -> None:
    entry = Entry(net=NetSpec.parse("res-20-w16"), label="Ours & theirs", colour="#0b7285", line="dashdot")
    bench = Bench(entries=(DEMO[0], entry), recipe=Recipe(steps=200))
    assert bench.to_query() == {
        "nets": "plain-20,res-20-w16",
        "steps": "200",
        "label2": "Ours & theirs",
        "colour2": "0b7285",
        "line2": "dashdot",
    }


@pytest.mark.parametrize(
    ("link", "sentence"),
    [
        ({"nets": "plain-21"}, "depth must be an even number, 8–1202; got 21; try 20 or 22"),
        ({"nets": ",".join(["res-20"] * 7)}, "the bench has room for 6 nets; got 7; remove a net first"),
        ({"nets": "res-20", "label2": "x"}, "label2 has no net: the link names 1"),
        ({"nets": "res-20", "step": "200"}, "a link has no word “step”; try steps"),
        ({"colour1": "teal"}, "a colour is six hex digits, as in 0b7285; got “#teal”"),
        ({"line4": "wavy"}, "a line is one of solid, dash, dot, dashdot; got “wavy”"),
        ({"label1": "a" * 25}, "a net's own name has at most 24 characters; got 25"),
        ({"label1": "a\u202eb"}, "a net's own name must be printable text; got a control character"),
        ({"steps": "many"}, "steps must be a whole number; got “many”"),
        ({"x": "y" * 10**6}, "a link has at most 4000 characters; got 1000003"),
    ],
)
def test_a_wrong_link_says_what_is_wrong(link: dict[str, str], sentence: str) -> None:
    with pytest.raises(SpecError) as error:
        Bench.from_query(link)
    assert str(error.value) == sentence


def test_words_of_the_page_itself_are_passed_over() -> None:
    assert Bench.from_query({"nets": "res-8", "step": "5"}, own={"step"}) == Bench.from_query({"nets": "res-8"})
    with pytest.raises(SpecError, match="no word “step”; try steps"):
        Bench.from_query({"nets": "res-8", "step": "5"})
    with pytest.raises(SpecError, match="no word “splitt”; try split"):
        Bench.from_query({"nets": "res-8", "splitt": "Test"}, own={"split", "x"})


KNOWN = ("nets", *Recipe.model_fields, "label1", "colour2", "line3")
LETTERS = "abcdefghijklmnopqrstuvwxyz_0123456789"
trackers = st.one_of(
    st.sampled_from(["fbclid", "gclid", "msclkid", "ref", "source", "igshid", "si", "hl", "q", "v", "_ga", "mkt_tok"]),
    st.from_regex(r"(utm|mc|pk|hsa|at|oly)_[a-z]{2,12}", fullmatch=True),
    st.text(min_size=16, max_size=30),
)


@given(benches, st.dictionaries(trackers, st.text(max_size=60), max_size=6))
def test_foreign_words_never_change_the_bench(bench: Bench, foreign: dict[str, str]) -> None:
    assert Bench.from_query({**foreign, **bench.to_query()}) == bench


@given(st.sampled_from(KNOWN), st.data())
def test_a_slip_of_one_letter_in_any_of_our_words_is_refused_by_name(known: str, data: st.DataObject) -> None:
    at, letter = data.draw(st.integers(0, len(known) - 1)), data.draw(st.sampled_from(LETTERS))
    slips = {
        known[:at] + known[at + 1 :],
        known[:at] + letter + known[at:],
        known[:at] + letter + known[at + 1 :],
        known[:at] + known[at + 1 : at + 2] + known[at] + known[at + 2 :],
        known.upper(),
    }
    for word in slips:
        if not is_bench_word(word):
            with pytest.raises(SpecError) as error:
                Bench.from_query({"nets": "res-8", word: "1"})
            assert str(error.value).startswith(f"a link has no word “{word}”; try ")


@given(benches)
def test_a_link_whose_ampersands_were_escaped_is_read_as_it_was_meant(bench: Bench) -> None:
    words = bench.to_query()
    escaped = {f"amp;{word}" if number else word: text for number, (word, text) in enumerate(words.items())}
    assert Bench.from_query(escaped) == bench
    assert Bench.from_query({f"amp;amp;{word}": text for word, text in words.items()}) == bench


def test_the_bench_knows_its_own_words() -> None:
    assert all(is_bench_word(word) for word in ("nets", "steps", "label1", "colour6", "line2"))
    assert not any(is_bench_word(word) for word in ("lang", "split", "label", "label0", "label12"))


def test_a_colour_may_be_written_with_its_hash_and_in_capitals() -> None:
    assert Bench.from_query({"nets": "res-8", "colour1": "#0B7285"}).entries[0].colour == "#0b7285"


def test_a_twin_stands_right_behind_its_net() -> None:
    bench = Bench.from_query({"nets": "res-20,plain-8"})
    assert bench.twin(0).to_query()["nets"] == "res-20,plain-20,plain-8"
    with pytest.raises(SpecError, match="plain-20 is on the bench already"):
        bench.twin(0).twin(0)


def test_add_offers_a_depth_that_is_not_here() -> None:
    assert Bench().add().to_query()["nets"] == "plain-20,plain-56,res-20,res-56,res-32"
    assert Bench.from_query({"nets": "plain-20-w16"}).add().to_query()["nets"] == "plain-20-w16,plain-56-w16"


def test_a_full_bench_takes_no_more_and_the_last_net_stays() -> None:
    full = Bench().add().add()
    for change in (full.add, lambda: full.twin(5)):
        with pytest.raises(SpecError, match="room for 6 nets"):
            change()
    with pytest.raises(SpecError, match="at least one net"):
        Bench.from_query({"nets": "res-20"}).remove(0)


def test_the_same_net_twice_is_one_run_with_two_names() -> None:
    bench = Bench.from_query({"nets": "res-20,res-20,plain-20"})
    assert bench.nets == (NetSpec.parse("res-20"), NetSpec.parse("plain-20"))
    assert bench.names == ("res-20", "res-20 (2)", "plain-20")


def test_names_stay_distinct_when_a_visitor_writes_the_number_too() -> None:
    bench = Bench.from_query({"nets": "res-20,res-20,res-20", "label1": "res-20 (2)"})
    assert bench.names == ("res-20 (2)", "res-20", "res-20 (3)")


def test_a_net_that_becomes_plain_drops_its_shortcut() -> None:
    entry = Entry(net=NetSpec.parse("res-20-optb"), label="mine")
    changed = entry.change_net(block="plain")
    assert (str(changed.net), changed.label) == ("plain-20", "mine")


def test_the_words_fit_into_a_link_whatever_is_on_the_bench() -> None:
    net = NetSpec(depth=1202, width=64, stem_stride=1, shortcut="B", norm="none", activation="sigmoid", init="torch")
    entry = Entry(net=net, label="m" * MAX_LABEL, colour="#0b7285", line="dashdot")
    link = Bench(entries=(entry,) * LIMITS.max_nets, recipe=Recipe(lr=0.12345678901234567)).to_query()
    assert Bench.from_query(link).to_query() == link
