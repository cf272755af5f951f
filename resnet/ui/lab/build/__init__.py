"""The parts of the Build pages: nets, blocks, layers, nets with a name, faults."""
