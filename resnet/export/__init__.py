"""A net to take away: as PyTorch code, as a notebook, as ONNX."""
