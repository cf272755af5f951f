"""Photographs that come with packages of this app, so that there is always one to look at."""

from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from resnet.i18n import N_


@dataclass(frozen=True)
class Sample:
    """A photograph inside an installed package; who made it, and what one may do with it."""

    label: str
    package: str
    inside: str
    credit: str
    licence: str

    @property
    def path(self) -> Path:
        return _ROOTS[self.package] / self.inside

    @property
    def file_id(self) -> str:
        """As an upload has one."""
        return f"sample {self.label}"

    def getvalue(self) -> bytes:
        """As an upload has it: the bytes of the file."""
        return self.path.read_bytes()


def _root(package: str) -> Path:
    """Without importing it; nowhere for one that is not installed."""
    found = find_spec(package)
    return Path(next(iter(found.submodule_search_locations or []), "/nowhere")) if found else Path("/nowhere")


_ROOTS = {package: _root(package) for package in ("sklearn", "matplotlib")}  # once: in threads the search can fail
_CC_BY = "CC BY 2.0"

_ALL = {
    "china": Sample(N_("Temple"), "sklearn", "datasets/images/china.jpg", "danielbuechele, Flickr", _CC_BY),
    "flower": Sample(N_("Flower"), "sklearn", "datasets/images/flower.jpg", "vultilion, Flickr", _CC_BY),
    "hopper": Sample(
        N_("Grace Hopper"),
        "matplotlib",
        "mpl-data/sample_data/grace_hopper.jpg",
        "James S. Davis, U.S. Navy",
        N_("public domain"),
    ),
}
SAMPLES = {name: sample for name, sample in _ALL.items() if sample.path.exists()}
