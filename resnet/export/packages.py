"""Whether the optional packages are there, without importing torch."""

from importlib.util import find_spec

PACKAGES = ("onnx", "onnxscript")  # what torch.onnx.export needs


def missing() -> list[str]:
    """The packages that the ONNX export needs and that are not installed."""
    return [name for name in PACKAGES if find_spec(name) is None]
