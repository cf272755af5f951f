"""What trained nets still know without some blocks: asked in parts, so that the bars come in as workers answer."""

from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from functools import partial
from html import escape

from resnet.analyses.cuts import DRAWS, Lesion, draws, moved, possible, removable, singles
from resnet.analyses.results import Lesions
from resnet.charts.lesions import bars_figure, blocks_figure, several_figure
from resnet.findings.lesions import Lost, Wound, several_sentence, single_sentence, survival_sentence, wound_sentence
from resnet.findings.text import paragraph, plain
from resnet.i18n import _
from resnet.runs.store import LAST
from resnet.runs.tasks import lesions as tasks
from resnet.specs import NetSpec
from resnet.specs.bench import Bench
from resnet.ui.lab.lesions import controls
from resnet.ui.parts import backend, panels, plot, seeds, subjects, visitors, waiting
from resnet.ui.parts.panels import Panel
from resnet.ui.parts.plot import described
from resnet.ui.parts.subjects import Subject

IMAGES = 500  # test images: an accuracy of 90 % is then known to 3 %
PIECE = 7  # blocks that one question deletes in turn: 0.2–0.7 s for res-56; each computes the beginning for itself
HEIGHT = 266  # pixels


@dataclass(frozen=True)
class Asked:
    """Which nets of the bench, by place, after which step, and whether norms are estimated `anew` after a cut."""

    bench: Bench
    places: tuple[int, ...]
    step: int = LAST
    anew: bool = False

    def nets(self) -> list[Subject]:
        """The nets that are cut, with their runs."""
        own = subjects.on_bench(self.bench, backend.runs(self.bench), self.step)
        return [own[place] for place in self.places]

    @property
    def images(self) -> int:
        """How many test images each accuracy is measured on."""
        return min(IMAGES, len(backend.dataset(self.bench.recipe).test.labels))


@dataclass(frozen=True)
class Part:
    """Lesions that are asked for together: none ("whole"), one block each ("single"), or as many each ("several")."""

    kind: str
    lesions: tuple[Lesion, ...]


Answers = list[tuple[Part, "Future[list[int]]"]]


def ask(asked: Asked, subject: Subject, lesions: Sequence[Lesion]) -> "Future[list[int]]":
    """The right answers of one net under some lesions."""
    kept = backend.kept_steps(subject.run)[:-1] if subject.run else []
    step = asked.step if asked.step in kept else LAST
    rest = list(lesions), asked.images, asked.anew
    return backend.ask_trained(tasks.right, subject.net, asked.bench.recipe, subject.run, *rest, step=step)


def wounds(asked: Asked, lesion: Lesion) -> list[str]:
    """What the lesion leaves of each net that has such blocks, a sentence each; of the whole nets for no lesion."""
    own = [subject for subject in asked.nets() if possible(subject.net, lesion)]
    answers = waiting.gather([ask(asked, one, [part]) for part in (Lesion(), lesion) for one in own])
    pairs = zip(own, answers[: len(own)], answers[len(own) :], strict=True)
    return [_wound(asked, subject, lesion, whole[0], right[0]) for subject, whole, right in pairs]


def _wound(asked: Asked, subject: Subject, lesion: Lesion, whole: int, right: int) -> str:
    wound = Wound(lesion.deleted, moved(subject.net, lesion.order))
    return wound_sentence(_lost(subject, _found(asked, whole)), wound, right)


def show_blocks(asked: Asked, lesion: Lesion) -> None:
    """The blocks of the net, as they run under the lesion."""
    subject, key = asked.nets()[0], "lesion-blocks"
    text = described(blocks_figure(subject.look, subject.net, lesion))
    plot.show(text, key, plot.height_of(text), on_pick=partial(controls.toggle, key))


def ask_ahead(asked: Asked) -> None:
    """Let all blocks be deleted in turn, then random ones together; what is asked at a click comes before."""
    with visitors.ahead():
        _answers(asked)


def panel(asked: Asked) -> Panel:
    """Bars and curves as far as they are measured."""
    return panels.panel(_drawn, asked, runs=backend.ids(asked.bench), news=_ready)


def parts(net: NetSpec) -> list[Part]:
    """All that is asked about one net by itself."""
    alone = [Lesion((name,)) for name in singles(net)]
    pieces = [Part("single", tuple(alone[start : start + PIECE])) for start in range(0, len(alone), PIECE)]
    return [Part("whole", (Lesion(),)), *pieces, *(Part("several", tuple(own)) for own in draws(net).values())]


def _answers(asked: Asked) -> list[Answers]:
    """For each net its parts and their answers; both nets' bars are asked for before their curves."""
    nets = asked.nets()
    found: list[Answers] = [[] for _subject in nets]
    wanted = [(number, part) for number, subject in enumerate(nets) for part in parts(subject.net)]
    for number, part in sorted(wanted, key=lambda one: one[1].kind == "several"):
        found[number].append((part, ask(asked, nets[number], part.lesions)))
    return found


def _ready(asked: Asked) -> tuple[bool, ...]:
    with backend.peeking():
        return tuple(answer.done() for own in _answers(asked) for _part, answer in own)


def _drawn(asked: Asked) -> dict[str, str]:
    """The charts, how far they are, and, when all is there, what they say."""
    with backend.peeking():
        answers = _answers(asked)
    pairs = zip(asked.nets(), answers, strict=True)
    measured = [(subject, found) for subject, own in pairs if (found := measured_so_far(asked, own))]
    drawn = [(subject.look, subject.net, found) for subject, found in measured]
    done = [answer.done() for own in answers for _part, answer in own]
    return {
        "bars": described(bars_figure(drawn, HEIGHT)),
        "several": described(several_figure(drawn, HEIGHT)),
        "progress": escape(_progress(sum(done), len(done))),
        "!sentence": _sentences([_lost(*one) for one in measured]) if all(done) else "",
    }


def measured_so_far(asked: Asked, answers: Answers) -> Lesions | None:
    """What is answered of one net; None before the whole net is."""
    known = [(part, answer.result()) for part, answer in answers if answer.done()]
    whole = [counts[0] for part, counts in known if part.kind == "whole"]
    if not whole:
        return None
    found = _found(asked, whole[0])
    for part, counts in known:
        if part.kind == "single":
            found.single.update(zip((lesion.deleted[0] for lesion in part.lesions), counts, strict=True))
        elif part.kind == "several":
            found.several[len(part.lesions[0].deleted)] = counts
    return found


def _found(asked: Asked, whole: int) -> Lesions:
    return Lesions(asked.images, backend.class_count(asked.bench.recipe), whole)


def _progress(done: int, count: int) -> str:
    return "" if done == count else _("measuring: {done} of {count} parts", done=done, count=count)


def _lost(subject: Subject, found: Lesions) -> Lost:
    return Lost(subject.look.label, found.images, found.classes, found.whole, found.single, found.several)


def _sentences(lost: Sequence[Lost]) -> str:
    lines = [paragraph(single_sentence(net), several_sentence(net)) for net in lost]
    return "  \n".join(line for line in [*lines, survival_sentence(lost)] if line)


def caption(asked: Asked) -> str:
    """What the charts are; what cannot be deleted, and what was left out."""
    nets = [subject.net for subject in asked.nets()]
    text = _(
        "Bars: one block deleted at a time, with 95 % intervals of {count} test images. Curves: mean, lowest and "
        "highest of up to {draws} random choices of as many blocks.",
        count=asked.images,
        draws=DRAWS,
    )
    if any(net.block == "plain" and len(removable(net)) < sum(net.blocks) for net in nets):
        text = paragraph(text, _("×: a plain block that changes the size cannot be passed over; it stays."))
    if any(len(singles(net)) < len(removable(net)) for net in nets):
        text = paragraph(text, _("Of so many blocks only some, evenly spaced, are deleted in turn."))
    origin = seeds.origin(one.run for one in asked.nets() if one.run)
    return paragraph(text, plain(origin)) if origin else text
