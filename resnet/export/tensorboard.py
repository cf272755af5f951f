"""Curves as TensorBoard event files, without TensorFlow; the package tensorboard writes them."""

import io
from importlib.util import find_spec

from resnet.errors import UserError
from resnet.export.numbers import STEP_COLUMNS, Numbers
from resnet.i18n import _

_TAGS = {"loss": "loss/train", "accuracy": "accuracy/train", "lr": "learning rate"}


class NoTensorBoard(UserError, RuntimeError):
    """The package tensorboard is not installed."""


def installed() -> bool:
    """Whether event files can be written here."""
    return find_spec("tensorboard") is not None


def event_file(numbers: Numbers, start: float) -> bytes:
    """One event file of a run that started then (unix seconds). Raises NoTensorBoard."""
    if not installed():
        raise NoTensorBoard(_("TensorBoard files need the package tensorboard: pip install “resnet-lab[tensorboard]”"))
    from tensorboard.compat.proto.event_pb2 import Event
    from tensorboard.summary.writer.record_writer import RecordWriter

    file = io.BytesIO()
    writer = RecordWriter(file)
    writer.write(Event(wall_time=start, file_version="brain.Event:2").SerializeToString())
    for event in _events(numbers, start):
        writer.write(event)
    writer.flush()
    return file.getvalue()


def _events(numbers: Numbers, start: float) -> list[bytes]:
    from tensorboard.compat.proto.event_pb2 import Event
    from tensorboard.compat.proto.summary_pb2 import Summary

    def event(step: float, seconds: float, values: dict[str, float]) -> bytes:
        summary = Summary(value=[Summary.Value(tag=tag, simple_value=value) for tag, value in values.items()])
        return bytes(Event(wall_time=start + seconds, step=int(step), summary=summary).SerializeToString())

    seconds = dict(numbers.steps[:, (0, 4)].tolist())
    trained = [dict(zip(STEP_COLUMNS, row, strict=True)) for row in numbers.steps.tolist()]
    train = [event(row["step"], row["seconds"], {tag: row[name] for name, tag in _TAGS.items()}) for row in trained]
    tests = [
        event(step, seconds.get(step, 0.0), {"loss/test": loss, "accuracy/test": accuracy})
        for step, loss, accuracy in numbers.tests.tolist()
    ]
    return train + tests
