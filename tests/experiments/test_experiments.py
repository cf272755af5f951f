"""Every experiment of the registry: its specs can be trained, its numbers have sources, its rows their places."""

import math

import pytest
import torch

from resnet import NetSpec, build_network
from resnet.catalog import PROBES
from resnet.experiments import EXPERIMENTS, GROUPS, Experiment, Number, Row, in_group
from resnet.findings.outcomes import MEASURES
from resnet.specs import SpecError
from resnet.specs.limits import LIMITS
from resnet.ui.app import pages

every = pytest.mark.parametrize("experiment", EXPERIMENTS.values(), ids=lambda one: one.name)


@every
def test_every_run_of_an_experiment_is_a_valid_spec_with_at_least_three_seeds(experiment: Experiment) -> None:
    runs = experiment.runs()
    assert len(set(runs)) == len(runs) == experiment.seeds * len(experiment.rows)
    assert {recipe.seed for _net, recipe in runs} == set(range(experiment.seeds))
    assert experiment.seeds >= 3
    assert all(recipe.seeds == 1 for _net, recipe in runs)
    assert len(runs) <= LIMITS.max_queue


@every
def test_rows_have_keys_of_their_own_and_are_compared_with_rows_that_exist(experiment: Experiment) -> None:
    keys = [row.key for row in experiment.rows]
    assert len(set(keys)) == len(keys)
    for row in experiment.rows:
        assert str(NetSpec.parse(row.net)) == row.net
        other = experiment.reference(row)
        assert other is None or other.key in keys
        assert row.claim is None or other is not None


@every
def test_every_published_number_and_claim_has_a_source(experiment: Experiment) -> None:
    for row in experiment.rows:
        for number in row.numbers:
            assert "arXiv" in number.source
            assert number.of
            assert number.value > 0
            assert "fig" in number.source.lower() or not number.read_off
        assert row.claim is None or "arXiv" in row.claim.source


@every
def test_names_of_measures_probes_pages_and_groups_are_known(experiment: Experiment) -> None:
    assert experiment.group in GROUPS
    assert {experiment.measured, experiment.also} <= {*MEASURES, ""}
    assert set(experiment.probes) <= PROBES.keys()
    assert {pages.named(name).name for name in experiment.pages} == set(experiment.pages)
    assert EXPERIMENTS[experiment.name] is experiment
    assert experiment in in_group(experiment.group)


def nets() -> list[NetSpec]:
    """Each kind of net of the experiments once, as shallow and narrow as it can be."""
    small = {row.spec: row.spec for experiment in EXPERIMENTS.values() for row in experiment.rows}
    for spec in small:
        for changes in ({"width": 4}, {"depth": 8 if spec.branch == "basic" else 11}):
            try:
                small[spec] = small[spec].adapt(**changes)
            except SpecError:
                continue
    return list(dict.fromkeys(small.values()))


@pytest.mark.parametrize("spec", nets(), ids=str)
def test_a_small_net_of_each_kind_makes_a_step(spec: NetSpec) -> None:
    net = build_network(spec, seed=0)
    images = torch.randn(4, 3, 32, 32, generator=torch.Generator().manual_seed(0))
    torch.nn.functional.cross_entropy(net(images), torch.arange(4)).backward()
    (stem, *_others) = net.parameters()
    assert stem.grad is not None
    assert torch.isfinite(stem.grad).all()


def test_published_orders_are_those_of_the_tables() -> None:
    def orders(name: str) -> dict[str, str | None]:
        experiment = EXPERIMENTS[name]
        found = {row.net: experiment.published(row) for row in experiment.rows}
        return {net: told[0] if told else None for net, told in found.items()}

    assert orders("shortcuts") == {
        "res-56": None,
        "plain-56": "above",
        "res-56-scale-f1": "above",
        "res-56-scale": "above",
        "res-56-exgate-g0": "above",
        "res-56-exgate": "above",
        "res-56-exgate-g7": "above",
        "res-56-gate-g0": "above",
        "res-56-gate": "level",
        "res-56-conv1x1": "above",
        "res-56-dropout": "above",
    }
    depth = orders("depth")
    assert (depth["plain-20"], depth["plain-56"], depth["plain-110"]) == ("above", "above", "above")
    assert (depth["res-20"], depth["res-56"], depth["res-110"], depth["plain-8"]) == (None, "below", "below", None)


@pytest.mark.parametrize(
    ("value", "other", "order"),
    [
        (6.6, 6.3, "level"),
        (6.7, 6.3, "above"),
        (6.0, 6.5, "below"),
        (math.inf, 6.0, "above"),
        (math.inf, math.inf, None),
    ],
)
def test_numbers_within_the_margin_are_level(value: float, other: float, order: str | None) -> None:
    rows = (
        Row("res-8", numbers=(Number(other, "one", "source"),)),
        Row("res-14", numbers=(Number(value, "two", "source"),)),
    )
    told = Experiment("x", "2015", "", "", rows, "", margin=0.32).published(rows[1])
    assert told == (None if order is None else (order, "source"))
