"""The page of shattered gradients: the input gradient of every net between two images."""

from resnet.analyses.results import Shattered
from resnet.charts.look import Look, looks
from resnet.findings.shattered import Neighbours
from resnet.runs.tasks import analyses
from resnet.specs.bench import Bench
from resnet.ui.parts import backend, waiting

Series = list[tuple[Look, Shattered]]


def shattered(bench: Bench, images: tuple[int, ...]) -> Series:
    """Slope and autocorrelation for every net on the bench, all asked for at once; two images make a pair."""
    for net in bench.nets:
        backend.require_room(net, bench.recipe.but(batch=32))
    first = backend.first_batch(bench.recipe)
    asked = [backend.ask(analyses.shattered, entry.net, first, None, list(images)) for entry in bench.entries]
    return list(zip(looks(bench), waiting.gather(asked), strict=True))


def neighbours(series: Series) -> list[Neighbours]:
    """For each net the autocorrelation at distance 1, of every pair of images."""
    return [Neighbours(look.label, found.neighbours, found.frozen) for look, found in series]
