"""Lesson 11: blocks are deleted from trained nets, with the statistics of the whole net or new ones."""

from collections.abc import Sequence

import streamlit as st

from resnet.analyses.cuts import Lesion, neighbours, swapped
from resnet.analyses.results import Lesions
from resnet.charts.lesions import bars_figure, blocks_figure
from resnet.findings.lesions import Lost
from resnet.i18n import _
from resnet.lessons import Reveal, Verdict, lesson, many_paths
from resnet.nets.structure import block_names
from resnet.runs.tasks import analyses
from resnet.specs import NetSpec
from resnet.ui.course import needed
from resnet.ui.lab.lesions import controls, measured
from resnet.ui.lab.lesions.measured import Asked
from resnet.ui.parts import backend, plot, visitors, waiting, widgets
from resnet.ui.parts.subjects import Subject

NETS = "plain-20,res-20,res-56"
PLAIN, TWIN, RESIDUAL = 0, 1, 2  # by place: those of the question, and between them the twin of the plain one
HEIGHT = 340
EXAMPLE = "stage2.block2"  # the block that is missing in the drawings


def picture(seen: bool) -> Reveal | None:
    """Before the guess the nets with a block missing, and how much they know as a whole."""
    beside, anew = _controls() if seen else (RESIDUAL, False)
    with waiting.answers():
        asked = _asked(anew)
        nets = asked.nets()
        if not seen:
            _drawings(nets)
            with visitors.ahead():
                _single(asked)
        found = _waited(asked) if seen else _whole(asked)
    drawn = [(nets[place].look, nets[place].net, found[place]) for place in (PLAIN, beside)]
    plot.plot(bars_figure(drawn, HEIGHT), "lesson-lesions", HEIGHT)
    if not seen:
        return None
    st.caption(_about(asked))
    with visitors.ahead():
        _single(_asked(not anew))
    return many_paths.reveal([_lost(*pair) for pair in zip(nets, found, strict=True)], anew)


def _controls() -> tuple[int, bool]:
    """The place of the net beside the plain one, and whether norms are estimated anew."""
    places = {name: place for place, name in enumerate(NETS.split(",")) if place != PLAIN}
    kinds = {controls.KEPT: _("As trained"), controls.ANEW: _("Estimated anew")}
    with st.container(horizontal=True, gap="medium", vertical_alignment="bottom"):
        about = _("Of the same depth, or deeper: which net with shortcuts is drawn.")
        beside = widgets.choice("lesson-beside", _("Beside plain-20"), {name: name for name in places}, about, "res-56")
        about = _(
            "The statistics of batch norm after the cut: those of the whole net, or new ones from training images."
        )
        norms = widgets.choice("lesson-norms", _("Batch norm"), kinds, about)
    return places[beside], norms == controls.ANEW


def _about(asked: Asked) -> str:
    return _(
        "Lines: the whole nets. Bars: one block deleted at a time, with 95 % intervals of {count} test images. ×: a "
        "plain block that changes the size cannot be passed over.",
        count=asked.images,
    )


def _asked(anew: bool = False) -> Asked:
    bench = needed.bench(NETS)
    needed.runs(bench)
    return Asked(bench, tuple(range(len(bench.nets))), anew=anew)


def _drawings(nets: Sequence[Subject]) -> None:
    """Twins, without one of their blocks."""
    for place in (PLAIN, TWIN):
        subject = nets[place]
        st.caption(_("{net} without block {block}", net=subject.look.label, block="2.2"))
        plot.plot(blocks_figure(subject.look, subject.net, Lesion((EXAMPLE,)), 48), f"lesson-blocks-{place}", 48)


def _whole(asked: Asked) -> list[Lesions]:
    counts = waiting.gather([measured.ask(asked, subject, [Lesion()]) for subject in asked.nets()])
    return [_found(asked, right[0]) for right in counts]


def _single(asked: Asked) -> list[measured.Answers]:
    """All that the bars show, as it is asked on the page of lesions: whoever goes there finds it answered."""
    return [
        [(part, measured.ask(asked, subject, part.lesions)) for part in measured.parts(subject.net)
         if part.kind != "several"]
        for subject in asked.nets()
    ]  # fmt: skip


def _waited(asked: Asked) -> list[Lesions]:
    answers = _single(asked)
    waiting.gather([answer for own in answers for _part, answer in own])
    found = [measured.measured_so_far(asked, own) for own in answers]
    return [one for one in found if one is not None]


def _found(asked: Asked, whole: int) -> Lesions:
    return Lesions(asked.images, backend.class_count(asked.bench.recipe), whole)


def _lost(subject: Subject, found: Lesions) -> Lost:
    return Lost(subject.look.label, found.images, found.classes, found.whole, found.single, found.several)


def _losses(asked: Asked) -> list[Lost]:
    return [_lost(*pair) for pair in zip(asked.nets(), _waited(asked), strict=True)]


def check_worst(entered: str) -> Verdict:
    """Among the blocks that the task offers, with the statistics that the net was trained with."""
    task = next(task for task in lesson("many_paths").tasks if task.name == "worst")
    return many_paths.worst(entered, _losses(_asked())[RESIDUAL], [option.name for option in task.options])


def check_swap(entered: str) -> Verdict:
    """Over all pairs of neighbours."""
    asked = _asked()
    lost, nets = _losses(asked), asked.nets()
    answers = [measured.ask(asked, nets[place], _swaps(nets[place].net)) for place in (PLAIN, RESIDUAL)]
    rights = waiting.gather(answers)
    return many_paths.swapped(entered, lost[PLAIN], lost[RESIDUAL], (rights[0], rights[1]))


def _swaps(net: NetSpec) -> list[Lesion]:
    return [Lesion(order=swapped(block_names(net), *pair)) for pair in neighbours(net)]


def check_cancel(entered: str) -> Verdict:
    """The trained net, on the images of the first batch, as on the page of path lengths."""
    asked = _asked()
    subject = asked.nets()[RESIDUAL]
    first = backend.first_batch(asked.bench.recipe)
    answer = backend.ask(analyses.path_lengths, subject.net, first, backend.state(subject.run))
    found = waiting.gather([answer])[0]
    return many_paths.cancels(entered, subject.look.label, float(found.kept))
