"""Every baseline of the catalog has its code, and no other has."""

import pytest
import torch

from resnet import catalog
from resnet.attributions.setting import BASELINES, baseline


def test_every_record_has_its_code_and_every_code_its_record():
    assert set(BASELINES) == set(catalog.BASELINES)


def test_an_unknown_baseline_raises_and_is_not_the_mean_colour():
    with pytest.raises(KeyError, match="white"):
        baseline("white", torch.zeros(1, 3, 8, 8))
