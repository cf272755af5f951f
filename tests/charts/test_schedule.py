import numpy as np
import pytest

from resnet.charts.schedule import schedule_figure
from resnet.specs import Recipe
from resnet.training.schedules import learning_rate


@pytest.mark.parametrize("steps", [1, 2, 400, 10_000])
def test_few_points_show_every_jump_of_a_schedule_where_it_is(steps: int) -> None:
    recipe = Recipe(steps=steps, lr=0.1, schedule="step")
    rates = [learning_rate(recipe, step) for step in range(steps)]
    (line,) = schedule_figure(rates).data
    x, y = np.asarray(line.x), np.asarray(line.y)
    assert len(x) <= 400
    assert np.allclose(y, np.asarray(rates)[x.astype(int)])
    if steps > 2:
        for jump in (steps // 2, steps * 3 // 4):
            assert {jump - 1, jump} <= set(x)
    assert (x[0], x[-1]) == (0, steps - 1)


def test_a_run_that_was_extended_has_a_mark_there() -> None:
    assert [shape.x0 for shape in schedule_figure([0.1] * 10, extended=4).layout.shapes] == [4]
    assert not schedule_figure([0.1] * 10).layout.shapes


def test_the_axes_have_their_names_and_begin_at_zero() -> None:
    layout = schedule_figure([0.1, 0.2]).layout
    assert (layout.xaxis.title.text, layout.yaxis.title.text) == ("step", "learning rate")
    assert layout.yaxis.range[0] == 0
    assert layout.yaxis.range[1] > 0.2
