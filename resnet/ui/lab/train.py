"""The sentences under the charts, from the numbers in the store; Markdown."""

from collections.abc import Mapping
from itertools import groupby

from resnet.findings.comparison import depth_sentence
from resnet.findings.training import ending, run_sentence
from resnet.i18n import _
from resnet.runs.store import Run
from resnet.specs import NetSpec
from resnet.specs.bench import Bench
from resnet.ui.parts import backend, widgets


def of_run(run: Run | None) -> str:
    """What one run has done so far; its message when it ended early."""
    if run is None:
        return ""
    curves = backend.curves(run)
    accuracy = float(curves.test_accuracy[-1]) if len(curves.test_accuracy) else None
    facts = curves.step, curves.loss, accuracy, backend.class_count(run.recipe, run.net), run.net.softmax
    learned = run_sentence(*facts) if len(curves.step) > 1 else ""
    return " ".join(part for part in (run.sentence, learned) if part)


def of_depth(table: Bench, found: Mapping[NetSpec, Run]) -> str:
    """For nets that differ in depth alone: did the deeper one end better or worse? Else what to do next."""
    names = dict(zip([entry.net for entry in table.entries], table.names, strict=True))
    done = [net for net in table.nets if net in found and found[net].status == "done"]
    sentences = []
    for _key, group in groupby(sorted(done, key=_without_depth), key=_without_depth):
        family = sorted(group, key=lambda net: net.depth)
        if len(family) > 1:
            shallow, deep = family[0], family[-1]
            ends = _last_loss(found[shallow]), _last_loss(found[deep])
            classes = backend.class_count(table.recipe, deep)
            sentences.append(depth_sentence(names[shallow], names[deep], ends[0], ends[1], classes))
    if sentences:
        return "**" + widgets.plain(" ".join(sentences)) + "**"
    if backend.at_work(found.values()):
        return _("The conclusion appears here when two nets of different depth are done.")
    if not done:
        return _("Press **Train** in the side bar: the curves grow while the nets learn.")
    return _("Put a second depth of the same net on the bench to see what depth does.")


def _without_depth(net: NetSpec) -> str:
    return str(net.model_dump(exclude={"depth", "stages"}))


def _last_loss(run: Run) -> float:
    curves = backend.curves(run)
    end = ending(curves.step, curves.loss)
    return end.last if end else float("nan")
