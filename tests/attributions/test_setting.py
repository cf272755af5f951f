"""Every baseline and every score of the catalog has its code, and no other has."""

import pytest
import torch

from resnet import catalog
from resnet.attributions.setting import BASELINES, baseline
from resnet.runs.tasks.scores import score
from resnet.specs import NetSpec, Recipe


def test_every_record_has_its_code_and_every_code_its_record():
    assert set(BASELINES) == set(catalog.BASELINES)


def test_an_unknown_baseline_raises_and_is_not_the_mean_colour():
    with pytest.raises(KeyError, match="white"):
        baseline("white", torch.zeros(1, 3, 8, 8))


def test_every_score_that_a_worker_gives_has_its_record_and_every_record_is_given():
    scores = score(NetSpec(depth=8, width=4), Recipe(), None, "saliency", [0, 1], "mean")  # shapes have masks
    assert set(scores) == set(catalog.SCORES)
