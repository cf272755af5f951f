"""A net as an ONNX file, for other runtimes; needs the optional packages ``pip install resnet-lab[onnx]``."""

from collections.abc import Mapping

import torch

from resnet.nets.network import Network


def to_onnx(net: Network, shape: tuple[int, int, int], about: Mapping[str, str] | None = None) -> bytes:
    """The net in evaluation mode as ONNX, for any number of images of `shape` (C, H, W).

    Input ``images`` (N, C, H, W) normalised, output ``logits`` (N, classes). The texts `about` the net, as
    `export.metadata` gives them, become the file's ``metadata_props``, and ``input`` its description too.
    """
    program = torch.onnx.export(
        net.eval(),
        (torch.zeros(2, *shape),),
        input_names=["images"],
        output_names=["logits"],
        dynamic_shapes={"x": {0: torch.export.Dim("N")}},
        dynamo=True,
        verbose=False,
    )
    assert program is not None, "without a file name the exporter returns the program"
    model = program.model_proto
    for key, text in (about or {}).items():
        model.metadata_props.add(key=key, value=text)
    model.doc_string = (about or {}).get("input", "")
    model.graph.input[0].doc_string = model.doc_string
    return bytes(model.SerializeToString())
