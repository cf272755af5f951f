"""Per-pixel maps that explain a prediction, all through Captum: one file a method.

`scores` is numpy only, for the pages; the other modules need torch.
"""
