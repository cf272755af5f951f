"""Questions about a net that need more than one pass: equations of 2016, shattered gradients, paths, lesions.

`results`, `stages`, `cuts` and `series` are numpy only, for the pages; the other modules need torch.
"""
