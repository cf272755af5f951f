"""Questions about a net that need more than one pass: the equations of 2016, shattered gradients, path lengths.

`results`, `stages` and `series` are numpy only, for the pages; the other modules need torch.
"""
