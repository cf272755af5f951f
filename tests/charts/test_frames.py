"""A frame is the figure that it stands for."""

import json

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from plotly.io.json import to_json_plotly

from resnet.charts.frames import difference, laid_over
from resnet.charts.look import looks
from resnet.charts.profiles import Profile, profile_figure
from resnet.specs.bench import Bench

words = st.sampled_from("abcd")
# None stands for "gone" in a difference; a figure without a value has no key for it
values = st.integers() | st.floats(allow_nan=False) | st.text(max_size=3) | st.booleans() | st.lists(st.integers())
# a place that holds numbers or a list never holds a mapping
line = st.dictionaries(words, values, max_size=3)
trace = st.fixed_dictionaries({}, optional={"x": values, "y": values, "line": line})
parts = st.lists(trace, max_size=4)
figures = st.fixed_dictionaries({"data": parts, "layout": st.fixed_dictionaries({"notes": parts, "title": values})})


@given(figures, figures)
def test_a_difference_laid_over_the_one_gives_the_other(base: dict[str, object], other: dict[str, object]) -> None:
    assert laid_over(base, difference(base, other)) == other


@given(figures)
def test_nothing_differs_from_itself(figure: dict[str, object]) -> None:
    assert difference(figure, figure) == {}


def test_frames_of_a_playback_are_its_figures_and_small() -> None:
    bench, rng = Bench(), np.random.default_rng(0)
    names = tuple(f"stage{i}.block1" for i in range(27))

    def figure(step: int) -> object:
        grown = [rng.lognormal(step / 10, 1, 27).astype("f4") for _ in bench.nets]
        if step == 3:
            grown[1][4] = 0.0  # gets a mark of its own
        drawn = [Profile(look, names, values) for look, values in zip(looks(bench), grown, strict=True)]
        return json.loads(to_json_plotly(profile_figure(drawn, "output_gradient", limits=(-3, 3)).to_dict()))

    figures = [figure(step) for step in range(5)]
    frames = [difference(figures[0], other) for other in figures]
    assert [laid_over(figures[0], frame) for frame in frames] == figures
    assert len(json.dumps(frames[1])) < 0.35 * len(json.dumps(figures[1]))
