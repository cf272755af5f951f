"""Parts of the page on data: the images of each class, what augmentation does, the levels, a visitor's own pictures."""

from collections.abc import Callable
from functools import lru_cache, partial
from html import escape
from pathlib import PurePath
from weakref import WeakKeyDictionary

import numpy as np
import streamlit as st

from resnet import catalog, i18n
from resnet.charts import samples
from resnet.datasets import Dataset, load_dataset, own
from resnet.findings.data import few_sentence
from resnet.findings.text import plain
from resnet.i18n import _, plural
from resnet.specs import Recipe
from resnet.specs.limits import LIMITS
from resnet.specs.recipe import SIZES
from resnet.ui.bench import recipe as side
from resnet.ui.bench import session
from resnet.ui.parts import jobs, own_data, visitors, widgets

SHIFT = 2  # pixels, as in training
STYLE = """<style>
.sheet { display: flex; flex-wrap: wrap; gap: 0.5rem 1rem; }
.sheet figure { margin: 0; } .sheet img { display: block; image-rendering: pixelated; border-radius: 3px; }
.sheet figcaption { font-size: 0.8rem; line-height: 1.3; max-width: 200px; overflow: hidden; text-overflow: ellipsis;
  white-space: nowrap; }
.sheet small { opacity: 0.75; }
</style>"""


def menu(recipe: Recipe) -> None:
    """Which data set the bench trains on, and of pictures from outside their size."""
    options = own_data.choices(recipe.data)
    with st.container(horizontal=True, gap="medium", vertical_alignment="bottom"):
        st.selectbox(
            _("Data set of the bench"),
            list(options),
            key=widgets.hold("data-set", recipe.data),
            format_func=widgets.labels(options),
            help=widgets.explain(_("The images that all nets learn."), options),
            on_change=lambda: side.set_data(st.session_state["data-set"]),
            width=260,
        )
        if catalog.data_choice(recipe.data).own:
            st.segmented_control(
                _("Size in pixels"),
                SIZES,
                key=widgets.hold("data-pixels", recipe.pixels),
                help=_("Your pictures are kept in these sizes. Twice the side takes about four times as long."),
                on_change=_set_pixels,
            )


def _set_pixels() -> None:
    pixels = st.session_state["data-pixels"] or SIZES[0]
    session.change(lambda bench: bench.but(recipe=bench.recipe.but(pixels=pixels)))


def counts(data: Dataset) -> tuple[np.ndarray, np.ndarray]:
    """Training and test images of each class."""
    train, test = (np.bincount(split.labels, minlength=len(data.classes)) for split in (data.train, data.test))
    return train, test


_drawn: "WeakKeyDictionary[Dataset, dict[tuple[str, ...], str]]" = WeakKeyDictionary()  # 50-700 kB each


def _once(data: Dataset, key: tuple[str, ...], draw: Callable[[], str]) -> str:
    """Drawn once while the images are in memory: what is deleted is nowhere."""
    known = _drawn.setdefault(data, {})
    if key not in known:
        known[key] = draw()
    return known[key]


def contact_sheet(data: Dataset, part: str) -> str:
    """Some images of each class with its name and how many there are, as HTML."""
    return _once(data, ("sheet", part, i18n.language()), lambda: _contact_sheet(data, part))


def _contact_sheet(data: Dataset, part: str) -> str:
    split = data.train if part == "train" else data.test
    number, across = (12, 6) if len(data.classes) <= 20 else (2, 2)
    size = 25 if len(data.classes) <= 20 else 40
    found = np.bincount(split.labels, minlength=len(data.classes))
    figures = []
    for label, name in enumerate(data.classes):
        images = samples.of_class(split.images, split.labels, label, number)
        if len(images):
            paper = samples.sheet(images, across)
            caption = f"{escape(_(name))} <small>{found[label]:,}</small>"
            width = round(paper.shape[1] * size / data.train.images.shape[-1])
            figures.append(_figure(paper, caption, width))
    return f'<div class="sheet">{"".join(figures)}</div>'


def _figure(paper: np.ndarray, caption: str, width: int) -> str:
    return f'<figure><img src="{samples.uri(paper)}" width="{width}" alt=""><figcaption>{caption}</figcaption></figure>'


def augmentation(data: Dataset, flip: bool) -> str:
    """Three training images, each as it is and in five of the ways in which training sees it, as HTML."""
    return _once(data, ("augmentation", str(flip)), lambda: _augmentation(data, flip))


def _augmentation(data: Dataset, flip: bool) -> str:
    images = samples.augmented(list(data.train.images[:3]), SHIFT, flip, each=5)
    side_length = data.train.images.shape[-1]
    figures = [
        _figure(samples.sheet(row, 6), "", round(6 * 40 + 5 * samples.GAP * 40 / side_length))
        for row in np.split(images, 3)
    ]
    return f'<div class="sheet">{"".join(figures)}</div>'


def augmentation_sentence(recipe: Recipe) -> str:
    """What happens to each image before a net sees it."""
    flip = recipe.flip and catalog.data_choice(recipe.data).flip
    if not recipe.augment:
        return _(
            "The recipe leaves the images as they are. With augmentation they would look like this; left: as it is."
        )
    if flip:
        return _(
            "In each batch an image is shifted by up to {count} pixels and perhaps mirrored; left: as it is.",
            count=SHIFT,
        )
    return _("In each batch an image is shifted by up to {count} pixels; left: as it is.", count=SHIFT)


@lru_cache(maxsize=4)
def levels(_language: str) -> str:
    """Three images of each class of the generated shapes at every level, as HTML."""
    figures = []
    for name, level in catalog.LEVELS.items():
        data = load_dataset("shapes", name)
        images = [
            samples.of_class(data.train.images, data.train.labels, label, 3) for label in range(len(data.classes))
        ]
        paper = samples.sheet(np.concatenate([np.stack(row) for row in zip(*images, strict=True)]), 10)
        figures.append(_figure(paper, f"{escape(_(level.label))}", 280))
    return f'<div class="sheet">{"".join(figures)}</div>'


def few(recipe: Recipe) -> None:
    """What so few test pictures can show."""
    if sentence := few_sentence(catalog.data_choice(recipe.data).test):
        st.info(plain(sentence), icon=":material/straighten:")


def left_out(name: str) -> None:
    """Which files of pictures from outside are not used, and why."""
    noted = catalog.about(name) or {}
    if not noted.get("left_out_count"):
        return
    count = noted["left_out_count"]
    with st.expander(plural("{count} file or folder was left out", "{count} files and folders were left out", count)):
        lines = [f"- {plain(what)}: {_(text, **values)}" for what, text, values in noted["left_out"]]
        st.markdown("\n".join(lines))


def own_section(recipe: Recipe) -> None:
    """Bring pictures, keep or delete them."""
    key = f"{jobs.ARCHIVE}{visitors.me().name}"
    _take(key)
    _manage(recipe.data)
    if jobs.at_work(key):
        jobs.show(key)
        return
    if (job := jobs.of(key)) and job.error:
        st.warning(plain(f"{job.error[:1].upper()}{job.error[1:]}."), icon=":material/info:")
    places = {"most": LIMITS.max_zip_mb, "files": LIMITS.max_files}
    upload = st.file_uploader(
        _("A zip archive with one folder of pictures for each class"),
        ["zip"],
        key=f"archive-{st.session_state.get('archives', 0)}",
        help=_("At most {most} MB and {files} pictures; folders train and test inside are respected.", **places),
        max_upload_size=LIMITS.max_zip_mb,
    )
    if upload is not None:
        jobs.forget(key)
        jobs.read_archive(key, upload.getvalue(), PurePath(upload.name).stem)
        st.session_state["archives"] = st.session_state.get("archives", 0) + 1  # the browser's copy is not kept
        st.rerun()


def _take(key: str) -> None:
    """An archive that is read by now becomes the data set of the bench."""
    job = jobs.of(key)
    if job is None or not job.ended or not job.result:
        return
    jobs.forget(key)
    own_data.add(job.result)
    side.set_data(job.result)
    st.rerun()


def _manage(name: str) -> None:
    """Of a visitor's own data set: whether it stays, and a way to delete it."""
    if not name.startswith("own-") or own.state(name) != "here":
        return
    with st.container(horizontal=True, gap="medium", vertical_alignment="center"):
        st.toggle(
            _("Keep it on this computer"),
            key=widgets.hold("keep-data", bool((catalog.about(name) or {}).get("kept"))),
            help=_("Otherwise it is deleted some minutes after the last tab of whoever has its link is closed."),
            on_change=lambda: own.keep(name, st.session_state["keep-data"]),
        )
        st.button(
            _("Delete these pictures"),
            key="delete-data",
            icon=":material/delete:",
            help=_("For everybody who has the link. The curves of finished runs stay."),
            on_click=partial(_delete, name),
        )


def _delete(name: str) -> None:
    side.set_data(Recipe.model_fields["data"].default)
    own_data.delete(name)
