import re
from itertools import pairwise

import pytest

from resnet.charts.drawing import HEIGHT, WIDTH, drawing
from resnet.charts.look import look
from resnet.specs import NetSpec

LETTER = 6.9  # pixels of a wide letter at 12.5 pixels


def texts(svg):
    """(left, right, y, text) of every word on the drawing, by a generous width of its letters."""
    for x, y, anchor, text in re.findall(r'<text x="(\d+)" y="(\d+)" text-anchor="(\w+)"[^>]*>([^<]*)<', svg):
        width = LETTER * len(text)
        left = float(x) - {"start": 0, "middle": width / 2}[anchor]
        yield left, left + width, int(y), text


@pytest.mark.parametrize(
    "name", ["plain-8", "res-20", "res-56", "res-62", "plain-86", "res-110-w64-s1", "res-1202-w64-s1"]
)
def test_nothing_is_cut_and_no_words_overlap(name):
    net = NetSpec.parse(name)
    svg = drawing(net, look(net))
    words = list(texts(svg))
    assert all(left >= 0 and right <= WIDTH and y < HEIGHT for left, right, y, _ in words)
    for line in {y for _, _, y, _ in words}:
        row = sorted(word for word in words if word[2] == line)
        assert all(first[1] <= second[0] for first, second in pairwise(row)), row
    right = max(float(x) + float(w) for x, w in re.findall(r'<rect x="(\d+)"[^>]* width="([\d.]+)"', svg))
    assert right <= WIDTH


def test_every_block_is_drawn_or_counted_and_shortcuts_are_dashed_where_the_size_changes():
    svg = drawing(NetSpec.parse("res-20"), look(NetSpec.parse("res-20")))
    assert svg.count("<path") == 9
    assert svg.count("stroke-dasharray") == 2
    folded = drawing(NetSpec.parse("res-1202"), look(NetSpec.parse("res-1202")))
    assert folded.count("… 194 …") == 3
    assert folded.count("<path") == 18
    assert "<path" not in drawing(NetSpec.parse("plain-20"), look(NetSpec.parse("plain-20")))
