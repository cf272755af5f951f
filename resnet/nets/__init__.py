"""A net from its spec: blocks, layers counted without torch, weights before the first step."""
