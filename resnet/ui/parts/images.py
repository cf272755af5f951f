"""Test images: their numbers in a text field, a gallery to choose from, their pictures and classes."""

import re
import sys
from collections.abc import Sequence
from functools import lru_cache

import numpy as np
import streamlit as st

from resnet.charts.grid import Picture
from resnet.charts.pictures import data_uri, image_colours
from resnet.datasets import Dataset
from resnet.i18n import _
from resnet.specs import SpecError

MOST = 8  # images that are explained at once
OFFERED = 40  # images to choose from in the gallery


def read_images(text: str, count: int) -> tuple[int, ...]:
    """The numbers in a text like "3, 17"; raises SpecError when there is none, too many, or one that does not exist."""
    words = re.findall(r"[^\s,;]+", text[:200])
    if not words or not all(re.fullmatch(r"[0-9]{1,6}", word) for word in words):
        raise SpecError(_("write the numbers of test images, as in 3, 17"))
    numbers = tuple(dict.fromkeys(int(word) for word in words))
    if len(numbers) > MOST:
        raise SpecError(_("at most {most} images at once; got {count}", most=MOST, count=len(numbers)))
    if max(numbers) >= count:
        raise SpecError(_("test images have the numbers 0–{last}; got {number}", last=count - 1, number=max(numbers)))
    return numbers


def chosen_images(text: str, count: int, otherwise: str) -> tuple[tuple[int, ...], str]:
    """The images that `text` names, or those of `otherwise` and a sentence about what is wrong with `text`.

    Of a data set that has fewer, those of `otherwise` that there are.
    """
    first = tuple(number for number in read_images(otherwise, sys.maxsize) if number < count)
    try:
        return (first if text == otherwise else read_images(text, count)), ""
    except SpecError as error:
        return first, str(error)


def gallery(data: Dataset, chosen: tuple[int, ...], key: str) -> None:
    """Test images to click on; writes the chosen numbers into the text field `key`."""
    offered = sorted({*chosen, *range(min(OFFERED, len(data.test.images)))})

    def write() -> None:
        picked = sorted(st.session_state["gallery"])[:MOST]
        st.session_state[key] = ", ".join(str(number) for number in picked or chosen)

    st.session_state["gallery"] = list(chosen)
    st.html(
        "<style>.st-key-gallery img { height: 44px !important; max-height: none !important; width: 44px; "
        "image-rendering: pixelated; } .st-key-gallery button { height: auto; padding: 3px; }</style>"
    )
    names = {number: f"![{number}]({_uri(image_colours(data.test.images[number]))})" for number in offered}
    st.pills(
        _("Up to {most} test images", most=MOST),
        offered,
        selection_mode="multi",
        format_func=names.__getitem__,
        key="gallery",
        on_change=write,
        help=_("Click on an image to explain it, again to drop it."),
    )


def _uri(colours: np.ndarray) -> str:
    return _uri_of(colours.tobytes(), colours.shape)


@lru_cache(maxsize=500)  # 5 kB each
def _uri_of(pixels: bytes, shape: tuple[int, ...]) -> str:
    return data_uri(np.frombuffer(pixels, np.uint8).reshape(shape))


def pictures(data: Dataset, images: Sequence[int]) -> list[Picture]:
    """Test images with their labels."""
    masks = data.test.masks
    return [
        Picture(
            data.test.images[number],
            f"{number} · {class_name(data, int(data.test.labels[number]))}",
            masks[number] if masks is not None else None,
        )
        for number in images
    ]


def class_name(data: Dataset, label: int) -> str:
    """The class; a net with more outputs than the data has classes may predict one without a name."""
    return _(data.classes[label]) if label < len(data.classes) else _("output {number}", number=label)
