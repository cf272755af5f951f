"""What the workers run on pictures from outside, called in this process."""

import numpy as np
import pytest
import torch
import torchvision

from resnet.runs.tasks import pictures
from resnet.specs import NetSpec, Recipe

PICTURE = np.random.default_rng(0).integers(0, 256, (3, 224, 224)).astype(np.uint8)


def test_weights_in_torchvisions_file_give_torchvisions_probabilities(tmp_path):
    with torch.random.fork_rng():
        torch.manual_seed(0)
        theirs = torchvision.models.resnet18().eval()
    torch.save(theirs.state_dict(), tmp_path / "resnet18.pth")
    found = pictures.explain_pretrained(18, str(tmp_path / "resnet18.pth"), "saliency", PICTURE)
    image = torchvision.transforms.functional.normalize(
        torch.from_numpy(PICTURE) / 255, (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)
    )
    with torch.no_grad():
        expected = theirs(image[None]).softmax(1)[0].numpy()
    assert found["probabilities"] == pytest.approx(expected, rel=1e-4, abs=1e-7)
    assert found["map"].shape == (224, 224)
    assert found["classes"][281] == "tabby"
    assert len(found["classes"]) == 1_000


def test_a_file_that_would_run_something_is_not_read(tmp_path):
    class Trap:
        def __reduce__(self):
            return print, ("this must not be printed",)

    torch.save({"conv1.weight": Trap()}, tmp_path / "resnet18.pth")
    with pytest.raises(Exception, match=r"weights_only|Weights only"):
        pictures.explain_pretrained(18, str(tmp_path / "resnet18.pth"), "saliency", PICTURE)


def test_an_own_picture_is_explained_by_a_net_of_either_data_set():
    for data, channels in (("shapes", 3), ("digits", 1)):
        small = PICTURE[:channels, :32, :32]
        found = pictures.explain_picture(NetSpec(depth=8), Recipe(data=data), None, "saliency", small)
        assert found["map"].shape == (32, 32)
        assert found["probabilities"].sum() == pytest.approx(1, abs=1e-5)
