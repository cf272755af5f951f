"""Handwritten digits of scikit-learn: 1,797 images of 8x8 pixels with 17 grey levels, enlarged to 32x32.

Source: Alpaydin and Kaynak 1998, UCI optical recognition of handwritten digits.
"""

import numpy as np

from resnet.datasets.data import Split

VERSION = 1
ENLARGE = 4  # 8x8 -> 32x32, each pixel repeated: no interpolation invents a shade
TEST_PER_CLASS = 30  # 300 to test, 1,497 to learn; the same count for each digit: chance is exactly 10 %


def make(level: str, seed: int) -> tuple[Split, Split]:
    """Training and test split; `seed` chooses which 30 images of each digit are kept for the test.

    There is one level only, and no masks.
    """
    from sklearn.datasets import load_digits  # ships with scikit-learn: nothing is downloaded

    grey, labels = load_digits(return_X_y=True)  # (1797, 64) in 0..16
    images = np.rint(grey * (255 / 16)).astype(np.uint8).reshape(-1, 1, 8, 8)
    images = images.repeat(ENLARGE, axis=2).repeat(ENLARGE, axis=3)  # (1797, 1, 32, 32)
    rng = np.random.default_rng(seed)
    by_class = [rng.permutation(np.flatnonzero(labels == digit)) for digit in range(10)]
    # Shuffled again: the first images shown are of mixed classes.
    test = rng.permutation(np.concatenate([indices[:TEST_PER_CLASS] for indices in by_class]))
    train = rng.permutation(np.concatenate([indices[TEST_PER_CLASS:] for indices in by_class]))
    labels = labels.astype(np.int64)
    return Split(images[train], labels[train]), Split(images[test], labels[test])
