"""What a drag may ask for next, measured while nobody waits for an answer."""

from collections.abc import Iterator
from contextlib import suppress

from resnet.specs import NetSpec, SpecError
from resnet.specs.bench import Bench
from resnet.ui.bench.depth import FINE, moved, positions
from resnet.ui.parts import backend, visitors

MOST = 120  # questions: two kinds of nets at all usual depths
NEAR = 2  # depths on either side, while nets train and need the processors


def measure_ahead(bench: Bench) -> None:
    """Ask for the profiles of every net at the depths around its own, the nearest first."""
    reach = NEAR if backend.engine().busy else FINE
    nearest = sorted(_around(bench, reach), key=lambda found: found[0])
    with visitors.ahead():
        for _distance, place, depth in nearest[:MOST]:
            with suppress(SpecError):  # a net that does not fit is not measured
                _ask(moved(bench, place, depth), place)


def _around(bench: Bench, reach: int) -> Iterator[tuple[int, int, int]]:
    """How far (in places of the slider), which net, and which depth; each net and depth once."""
    known: set[NetSpec] = set(bench.nets)
    for place, entry in enumerate(bench.entries):
        usual = [depth for depth in positions(entry.net) if depth <= FINE or depth == entry.net.depth]
        at = usual.index(entry.net.depth)
        for other, depth in enumerate(usual):
            net = entry.net.adapt(depth=depth)
            if 0 < abs(other - at) <= reach and net not in known:
                known.add(net)
                yield abs(other - at), place, depth


def _ask(there: Bench, place: int) -> None:
    images = backend.step0_images(there.nets, there.recipe)
    backend.step0_profiles(there.entries[place].net, there.recipe, images=images)
