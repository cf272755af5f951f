"""The swatch beside a net's name shows what its curve shows."""

from urllib.parse import unquote

import pytest

from resnet.charts.look import SYMBOLS
from resnet.ui.parts.swatch import swatch


def test_every_symbol_has_a_picture_of_its_own_in_the_colour_of_the_net() -> None:
    pictures = {unquote(swatch("#c75230", "dash", symbol + end)) for symbol in SYMBOLS for end in ("", "-open")}
    assert len(pictures) == 2 * len(SYMBOLS)
    assert all("#c75230" in picture and "stroke-dasharray" in picture for picture in pictures)


@pytest.mark.parametrize("symbol", SYMBOLS)
def test_filled_and_open_differ_in_their_filling(symbol: str) -> None:
    assert 'fill="none"' in unquote(swatch("#c75230", "solid", f"{symbol}-open"))
    assert 'fill="none"' not in unquote(swatch("#c75230", "solid", symbol))


def test_a_line_of_the_visitors_own_is_in_the_swatch() -> None:
    lines = {swatch("#c75230", dash, "circle") for dash in ("solid", "dash", "dot", "dashdot")}
    assert len(lines) == 4
