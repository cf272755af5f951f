"""A sparse linear model of the net around the image. Source: Ribeiro et al. 2016, arXiv 1602.04938."""

from typing import Any

from captum._utils.models.linear_model import SkLearnLasso
from captum.attr import Lime
from torch import Tensor
from torch.utils.data import DataLoader, TensorDataset

from resnet.attributions.alone import alone
from resnet.attributions.setting import Setting, cells, per_value
from resnet.nets.network import Network

SAMPLES = 256  # random sets of cells that the model learns from
BATCH = 32  # of them in one pass
PENALTY = 0.01  # Captum's, here of outputs with spread 1


class RelativeLasso(SkLearnLasso):  # type: ignore[misc] # Captum has no types here
    """Lasso whose penalty is relative to the spread of the outputs that it learns.

    Captum's is absolute: where outputs are small, as behind a softmax, it makes every weight zero.
    """

    def fit(self, train_data: DataLoader[tuple[Tensor, ...]], **kwargs: Any) -> Any:
        """Learn the outputs divided by their standard deviation."""
        ((sets, outputs, weights),) = train_data  # Captum hands over one batch
        self.spread = outputs.double().std(correction=0).item() or 1.0
        centred = (outputs.double() - outputs.double().mean()) / self.spread
        return super().fit(DataLoader(TensorDataset(sets, centred.float(), weights), len(sets)), **kwargs)

    def representation(self) -> Tensor:
        """The weights in units of the outputs."""
        return super().representation() * self.spread


@alone
def heatmap(net: Network, images: Tensor, targets: Tensor, setting: Setting) -> Tensor:
    """Each cell's weight in the linear model, shared by its values, (N, C, H, W)."""
    found = Lime(net, RelativeLasso(alpha=PENALTY)).attribute(
        images,
        baselines=setting.baseline,
        target=targets,
        feature_mask=cells(images),
        n_samples=SAMPLES,
        perturbations_per_eval=BATCH,
    )
    return found / per_value(images)
