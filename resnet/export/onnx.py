"""A net as an ONNX file, for other runtimes; needs the optional packages ``pip install resnet-lab[onnx]``."""

import torch

from resnet.nets.network import Network


def to_onnx(net: Network, shape: tuple[int, int, int]) -> bytes:
    """The net in evaluation mode as ONNX, for any number of images of `shape` (C, H, W).

    Input ``images`` (N, C, H, W) normalised, output ``logits`` (N, classes).
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
    return bytes(program.model_proto.SerializeToString())
