"""A short piece of a net's line, as HTML: the same colour and dashes as in the charts."""

_DASHES = {  # lengths in pixels: on, off, on, off
    "dash": (8, 4, 8, 4),
    "dot": (3, 3, 3, 3),
    "dashdot": (8, 4, 3, 4),
}


def swatch(colour: str, dash: str) -> str:
    """An ``<i>`` element to be sized by the page's style."""
    return f'<i style="background:{_background(colour, dash)}"></i>'


def _background(colour: str, dash: str) -> str:
    if dash not in _DASHES:
        return colour
    stops, at = [], 0
    for index, length in enumerate(_DASHES[dash]):
        stops.append(f"{colour if index % 2 == 0 else 'transparent'} {at}px {at + length}px")
        at += length
    return f"repeating-linear-gradient(90deg, {', '.join(stops)})"
