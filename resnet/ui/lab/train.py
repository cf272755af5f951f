"""The sentences of the Train page, from the numbers in the store; Markdown."""

from collections.abc import Mapping

from resnet.findings.comparison import Trained, depth_conclusion
from resnet.findings.training import ending, state_sentence
from resnet.runs.store import Run
from resnet.specs import NetSpec
from resnet.specs.bench import Bench
from resnet.ui.parts import backend


def of_run(run: Run | None) -> str:
    """What one run has done so far; its message when it ended early."""
    if run is None:
        return ""
    curves = backend.curves(run)
    accuracy = float(curves.test_accuracy[-1]) if len(curves.test_accuracy) else None
    classes = backend.class_count(run.recipe, run.net)
    return state_sentence(run.sentence, curves.step, curves.loss, accuracy, classes, run.net.softmax)


def of_depth(bench: Bench, found: Mapping[NetSpec, Run]) -> str:
    """For nets that differ in depth alone: did the deeper one end better or worse? Else what to do next."""
    names = dict(zip([entry.net for entry in bench.entries], bench.names, strict=True))
    done = [net for net in bench.nets if net in found and found[net].status == "done"]
    return depth_conclusion([_trained(names[net], found[net]) for net in done], backend.at_work(found.values()))


def _trained(name: str, run: Run) -> Trained:
    curves = backend.curves(run)
    end = ending(curves.step, curves.loss)
    family = str(run.net.model_dump(exclude={"depth", "stages"}))
    loss = end.last if end else float("nan")
    return Trained(name, family, run.net.depth, loss, backend.class_count(run.recipe, run.net))
