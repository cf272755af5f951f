"""The page of shattered gradients: the input gradient of every net between two images, and over many pairs."""

import json
from concurrent.futures import Future
from dataclasses import dataclass
from functools import lru_cache, reduce
from html import escape
from operator import add
from typing import Any

import numpy as np

from resnet.analyses.results import Shattered
from resnet.analyses.series import PAIRS, PLACES, POINTS, pairs, reference
from resnet.charts.analyses import correlation_figure, slopes_figure
from resnet.charts.flowing import blended, strip
from resnet.charts.look import Look, looks
from resnet.charts.pictures import image_colours
from resnet.findings.shattered import Neighbours, frozen_sentence, pictures_sentence, shattered_sentence
from resnet.i18n import _
from resnet.runs.tasks import analyses
from resnet.specs.bench import Bench
from resnet.ui.lab import at_step
from resnet.ui.parts import backend, panels, visitors, waiting
from resnet.ui.parts.panels import Panel
from resnet.ui.parts.playback import Places
from resnet.ui.parts.plot import described

PIECE = 5  # pairs that one question is about: 4 s for plain-56
APART = PLACES[1] - PLACES[0]  # points between two pictures
WORD, START = "between-at", PLACES[len(PLACES) // 2]
Series = list[tuple[Look, Shattered]]


@dataclass(frozen=True)
class Asked:
    """All that the page depends on: the nets at a step of their training, and the pairs of images, one after another.

    The first pair is the one that is looked at.
    """

    bench: Bench
    images: tuple[int, ...]
    step: int = 0

    @property
    def pieces(self) -> list[tuple[int, ...]]:
        """The images of each question: the first pair alone, then the other ones, filled up with drawn pairs."""
        chosen = list(zip(self.images[::2], self.images[1::2], strict=True))
        count = len(backend.dataset(self.bench.recipe).test.labels)
        drawn = [pair for pair in pairs(count, PAIRS + len(chosen)) if pair not in chosen]
        others = chosen[1:] + drawn[: max(0, PAIRS - len(chosen))]
        groups = [others[start : start + PIECE] for start in range(0, len(others), PIECE)]
        return [tuple(number for pair in group for number in pair) for group in ([chosen[0]], *groups)]


def places() -> Places:
    """What the slider says."""
    each = _("point {step}")
    return Places(WORD, _("Place between the two images"), each, _("Play: go from the first image to the second"))


def first_pair(asked: Asked) -> None:
    """Measure the pair that is looked at; raises like `waiting.gather`."""
    waiting.gather([own[0] for own in _answers(asked, 1)])


def ask_ahead(asked: Asked) -> None:
    """Let the other pairs be measured while nobody waits."""
    with visitors.ahead():
        _answers(asked)


def _answers(asked: Asked, most: int | None = None) -> "list[list[Future[Any]]]":
    """For each entry of the bench the answers about the pieces, the first `most` of them; every net's first, first."""
    moments = at_step.moments([entry.net for entry in asked.bench.entries], asked.bench.recipe, asked.step)
    by_piece = [[moment.ask(analyses.shattered, list(piece)) for moment in moments] for piece in asked.pieces[:most]]
    return [list(own) for own in zip(*by_piece, strict=True)]


def panel(asked: Asked) -> Panel:
    """The pictures of the first pair, and the autocorrelation as far as it is measured."""
    return panels.panel(_drawn, asked, news=_ready)


def _ready(asked: Asked) -> tuple[int, ...]:
    with backend.peeking():
        return tuple(sum(answer.done() for answer in own) for own in _answers(asked))


def _drawn(asked: Asked) -> dict[str, str]:
    with backend.peeking():
        answers = _answers(asked)
    found = [[answer.result() for answer in own if answer.done()] for own in answers]
    common = min(len(own) for own in found)  # the same pairs for all
    if not common:  # forgotten by now; whoever looks at the page anew has it measured again
        return {}
    series = [(look, reduce(add, own[:common])) for look, own in zip(looks(asked.bench), found, strict=True)]
    whole = all(answer.done() for own in answers for answer in own)
    said = series if whole else [(look, own[0]) for (look, _sum), own in zip(series, found, strict=True)]
    return {
        "steps@": json.dumps(PLACES),
        **{f"pictures@{place}": html for place, html in zip(PLACES, _strips(asked, series), strict=True)},
        "slopes": described(slopes_figure(series)),
        "correlation": described(correlation_figure(series, references())),
        "progress": escape(_progress(len(series[0][1].neighbours), sum(map(len, asked.pieces)) // 2)),
        "!sentence": sentences(said),
    }


def _strips(asked: Asked, series: Series) -> list[str]:
    """HTML of the blended image and every net's picture at each place."""
    data = backend.dataset(asked.bench.recipe)
    first, second = asked.images[:2]
    start, end = data.test.images[first].astype(float), data.test.images[second].astype(float)
    return [
        strip(
            image_colours(blended(start, end, place / (POINTS - 1))),
            f"{first} → {second}",
            [(look.label, look.colour, found.pictures[number]) for look, found in series],
        )
        for number, place in enumerate(PLACES)
    ]


def sentences(series: Series) -> str:
    """What the autocorrelation says; Markdown."""
    nets = neighbours(series)
    return "  \n".join([shattered_sentence(nets), pictures_sentence(nets, APART), frozen_sentence(nets)])


def neighbours(series: Series) -> list[Neighbours]:
    """For each net the autocorrelation at distance 1 and between two pictures, of every pair of images."""
    return [Neighbours(look.label, found.neighbours, found.frozen, found.each[:, APART]) for look, found in series]


def _progress(done: int, count: int) -> str:
    return "" if done == count else _("measuring: {done} of {count} pairs", done=done, count=count)


@lru_cache(maxsize=1)
def references() -> dict[str, np.ndarray]:
    """What white noise and Brownian motion would give."""
    return {kind: reference(kind) for kind in ("white", "brown")}
