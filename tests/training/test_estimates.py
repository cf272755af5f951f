from itertools import permutations

import pytest

from resnet.nets.network import build_network
from resnet.specs import NetSpec, Recipe, SpecError
from resnet.specs.limits import Limits
from resnet.training import estimates
from resnet.training.estimates import (
    FITTED,
    SHARE,
    Speed,
    budget,
    cost,
    longest_first,
    memory,
    remaining_seconds,
    require_fit,
    seconds,
    speed_from,
    step_seconds,
    total_seconds,
)


def test_cost_counts_the_real_net():
    spec = NetSpec.parse("res-20-w16")
    assert cost(spec, "shapes").parameters == sum(p.numel() for p in build_network(spec).parameters())


@pytest.mark.parametrize(
    ("name", "batch", "measured"),  # seconds a step, one thread, 2-core AVX2 CPU, torch 2.14, median of 6–30 steps
    [("res-20", 32, 0.0214), ("res-56", 32, 0.0560), ("res-56-w16-s1", 128, 1.4407), ("res-110-w16", 32, 0.2242)],
)
def test_a_step_is_estimated_within_20_percent_of_what_was_measured(name, batch, measured):
    recipe = Recipe(steps=10_000, batch=batch, evaluate_every=10_000)
    assert seconds(NetSpec.parse(name), recipe) / 10_000 == pytest.approx(measured, rel=0.2)


@pytest.mark.parametrize(
    ("name", "batch", "measured"),  # bytes above an idle worker, same machine
    [("res-20", 32, 197e6), ("res-56", 32, 217e6), ("res-20-w16-s1", 128, 516e6), ("res-56-w16-s1", 128, 1256e6)],
)
def test_memory_is_never_estimated_below_what_was_measured(name, batch, measured):
    assert measured <= memory(NetSpec.parse(name), Recipe(batch=batch)) <= 1.5 * measured


def test_two_workers_halve_the_time_of_equal_runs():
    assert total_seconds([10, 10, 10, 10], 2) == 20
    assert total_seconds([10, 30, 10, 30], 2) == 50
    assert total_seconds([], 2) == 0


def test_runs_that_are_ahead_come_first_and_only_the_own_ones_are_waited_for():
    assert total_seconds([10], 1, ahead=[30, 20]) == 60
    assert total_seconds([10], 2, ahead=[30, 20]) == 30
    assert total_seconds([10], 2, ahead=[100]) == 10
    assert total_seconds([], 2, ahead=[100]) == 0


def test_what_is_left_of_a_run_follows_from_its_own_speed_once_it_has_one():
    assert remaining_seconds(40, 400, 0, 0.0) == remaining_seconds(40, 400, 2, 5.0) == 40
    assert remaining_seconds(40, 400, 100, 30.0) == 90


def test_the_longest_run_comes_first_and_that_order_is_the_fastest_for_the_demo():
    nets = [NetSpec.parse(name) for name in ("plain-20", "plain-56", "res-20", "res-56")]
    order = longest_first(nets, Recipe())
    assert [net.depth for net in order] == [56, 56, 20, 20]
    durations = [seconds(net, Recipe()) for net in order]
    every_order = [total_seconds(list(some), 2) for some in permutations(durations)]
    assert total_seconds(durations, 2) == pytest.approx(min(every_order))


def test_a_run_that_does_not_fit_is_refused_with_the_largest_batch_that_does():
    net, recipe = NetSpec.parse("res-110-w16-s1"), Recipe(batch=512)
    with pytest.raises(SpecError, match=r"needs about 10\.\d GB and 4\.0 GB are free; the largest batch that fits is"):
        require_fit(net, recipe, 4e9)
    with pytest.raises(SpecError) as error:
        require_fit(net, recipe, 4e9)
    largest = int(str(error.value).rstrip(".").split()[-1])
    require_fit(net, recipe.but(batch=largest), 4e9)
    with pytest.raises(SpecError):
        require_fit(net, recipe.but(batch=largest + 1), 4e9)


def test_a_net_of_which_no_batch_fits_is_said_to_be_too_large():
    with pytest.raises(SpecError, match="no batch of this net fits"):
        require_fit(NetSpec.parse("res-1202-w64"), Recipe(), 1e9)


def test_the_budget_is_a_share_of_what_is_free():
    assert budget(4) == pytest.approx(budget(1) / 4, rel=0.05)


def test_workers_on_one_gpu_share_its_memory_and_those_on_two_share_both():
    assert budget(1, 80e9, 1) == SHARE * 80e9
    assert budget(4, 80e9, 1) == SHARE * 20e9
    assert budget(4, 80e9, 2) == SHARE * 40e9
    assert budget(3, 80e9, 2) == SHARE * 40e9  # two of the three are on the first
    assert budget(1, 80e9, 2) == SHARE * 80e9


def test_what_the_host_allows_a_worker_holds_for_a_gpu_too(monkeypatch):
    monkeypatch.setattr(estimates, "LIMITS", Limits(max_memory_gb=3.0))
    assert budget(4, 80e9, 1) == 3e9


def test_where_no_batch_fits_the_deepest_net_that_does_is_named():
    net, recipe = NetSpec.parse("res-1202-w16-s1"), Recipe(batch=2)
    with pytest.raises(SpecError, match="the deepest that does has") as error:
        require_fit(net, recipe, 0.8e9)
    (depth,) = [int(word) for word in str(error.value).split() if word.isdigit() and 2 < int(word) < 1202]
    require_fit(net.adapt(depth=depth), recipe, 0.8e9)
    with pytest.raises(SpecError):
        require_fit(net.adapt(depth=depth + 2), recipe, 0.8e9)
    with pytest.raises(SpecError, match="try a smaller width"):
        require_fit(net, recipe, 1e6)


@pytest.mark.parametrize("speed", [FITTED, Speed(2e-3, 0.01), Speed(0.0, 3.0)])
def test_a_small_and_a_large_batch_tell_what_layers_and_images_cost(speed):
    recipes = [Recipe(batch=batch) for batch in (8, 128)]
    net, other = NetSpec.parse("res-20"), NetSpec.parse("plain-56-w16")
    told = speed_from(net, recipes, [step_seconds(net, recipe, speed) for recipe in recipes])
    assert (told.per_layer, told.images) == (pytest.approx(speed.per_layer, abs=1e-9), pytest.approx(speed.images))
    assert step_seconds(other, Recipe(), told) == pytest.approx(step_seconds(other, Recipe(), speed))


def test_bytes_of_a_device_count_where_they_are_known_and_are_never_below_the_counted_ones():
    net, recipes = NetSpec.parse("res-20"), [Recipe(batch=batch) for batch in (8, 128)]
    peaks = [memory(net, recipe, Speed(bytes_per_output=30.0)) for recipe in recipes]
    assert speed_from(net, recipes, [1, 2]).bytes_per_output == FITTED.bytes_per_output
    assert speed_from(net, recipes, [1, 2], peaks).bytes_per_output == pytest.approx(30.0)
    assert speed_from(net, recipes, [1, 2], [1.0, 2.0]).bytes_per_output == FITTED.bytes_per_output


def test_a_device_that_takes_no_longer_for_more_images_still_has_a_price():
    net, recipes = NetSpec.parse("res-20"), [Recipe(batch=batch) for batch in (8, 128)]
    assert step_seconds(net, recipes[1], speed_from(net, recipes, [0.01, 0.01])) == pytest.approx(0.01, rel=0.01)


def test_a_data_set_with_more_test_images_takes_longer_at_the_end():
    net, short = NetSpec.parse("res-20"), Recipe(steps=100, evaluate_every=100)
    longer = seconds(net, short.but(data="cifar10")) - seconds(net, short)
    one = (step_seconds(net, short.but(batch=3)) - step_seconds(net, short.but(batch=2))) / 3
    assert longer == pytest.approx(9_000 * one)  # 10,000 test images instead of 1,000, forward only
