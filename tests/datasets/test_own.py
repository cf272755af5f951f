"""Pictures from outside: what belongs to which class, what is left out, what is refused; a small archive each."""

import io
import json
import stat
import zipfile

import numpy as np
import pytest
from PIL import Image

from resnet import catalog, datasets
from resnet.catalog import DataError
from resnet.datasets import archive, load_dataset, own
from resnet.datasets.archive import open_archive
from resnet.datasets.listing import list_pictures
from resnet.specs import Recipe, SpecError
from resnet.specs.limits import Limits


@pytest.fixture(autouse=True)
def _own_home(tmp_path, monkeypatch):
    monkeypatch.setenv("RESNET_HOME", str(tmp_path / "home"))
    datasets._load.cache_clear()
    yield
    datasets._load.cache_clear()


def photo(shade=100, mode="RGB", size=(40, 30), kind="PNG", **settings):
    content = io.BytesIO()
    Image.new(mode, size, shade).save(content, kind, **settings)
    return content.getvalue()


def packed(files, folders=()):
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as opened:
        for folder in folders:
            opened.writestr(f"{folder}/", b"")
        for name, data in files.items():
            opened.writestr(name, data)
    return content.getvalue()


def taken(files, folders=(), label="pets"):
    """The name under which an archive is kept."""
    opened = open_archive(packed(files, folders))
    return own.prepare(label, list_pictures(opened.files, opened.folders), opened.read)


def pets(count=5, **more):
    return {
        f"{name}/{n}.png": photo((shade + n, 0, 0)) for name, shade in (("cat", 10), ("dog", 200)) for n in range(count)
    } | more


def left_out(name):
    return {what: text.format(**values) for what, text, values in catalog.about(name)["left_out"]}


def test_class_folders_become_a_data_set_of_a_recipe_in_three_sizes():
    name = taken(pets())
    assert catalog.data_choice(name).classes == ("cat", "dog")
    for side in (32, 64, 96):
        data = load_dataset(Recipe(data=name, pixels=side).data, pixels=side)
        assert data.train.images.shape == (8, 3, side, side)
        assert data.test.images.shape == (2, 3, side, side)
        assert catalog.data_choice(name, side).shape == (3, side, side)
        assert set(data.train.images[data.train.labels == 0][:, 0].ravel()) == {10, 11, 12, 13}  # the fifth tests
        assert set(data.test.images[data.test.labels == 0][:, 0].ravel()) == {14}
    assert left_out(name) == {}


def test_the_name_follows_from_the_images_alone():
    assert taken(pets()) == taken(pets(), label="other") != taken(pets(6))
    assert taken(pets()) != taken(pets(**{"cat/2.png": photo((13, 0, 0))}))


@pytest.mark.parametrize(
    "hidden",
    [
        ".ipynb_checkpoints/1.png",
        "__MACOSX/cat/._1.png",
        "__pycache__/1.png",
        "cat/._1.png",
        "cat/.DS_Store",
        "Thumbs.db",
        ".git/HEAD",
    ],
)
def test_hidden_folders_and_files_are_no_class_and_not_worth_a_word(hidden):
    name = taken(pets(**{hidden: b"x"}))
    assert catalog.data_choice(name).classes == ("cat", "dog")
    assert left_out(name) == {}


def test_an_empty_class_is_reported_and_left_out():
    name = taken(pets(), folders=("bird", "cat"))
    assert catalog.data_choice(name).classes == ("cat", "dog")
    assert left_out(name) == {"bird": "this class has no picture"}


def test_a_class_of_which_no_picture_can_be_read_is_reported_too():
    name = taken(pets(**{"ant/1.png": b"no picture"}))
    assert catalog.data_choice(name).classes == ("cat", "dog")
    assert left_out(name)["ant"] == "this class has no picture"
    assert set(load_dataset(name).train.labels.tolist()) == {0, 1}


def test_the_training_pictures_alone_decide_about_the_classes():
    files = {f"all/train/{name}/{n}.png": photo(n) for name in ("b", "c") for n in range(2)}
    files |= {f"all/test/{name}/1.png": photo(9) for name in ("a", "b", "c")}
    name = taken(files)
    assert catalog.data_choice(name).classes == ("b", "c")
    assert left_out(name) == {"all/test/a/1.png": "a test class that is not among the training classes"}
    data = load_dataset(name)
    assert (len(data.train.labels), sorted(data.test.labels.tolist())) == (4, [0, 1])


def test_numbers_in_names_are_ordered_as_numbers():
    listing = list_pictures([f"{name}/1.png" for name in ("10", "2", "1", "x10", "x9", "B", "a")])
    assert listing.classes == ("1", "2", "10", "a", "B", "x9", "x10")


def test_what_lies_nowhere_and_what_is_no_picture_is_listed():
    listing = list_pictures(["1.png", "a/1.png", "b/1.png", "a/notes.txt"])
    assert {one.name: one.text for one in listing.left_out} == {
        "a/notes.txt": "no picture",
        "1.png": "it lies in no class folder",
    }
    beside = list_pictures(["train/a/1.png", "train/b/1.png", "new/c/1.png"])
    assert [(one.name, one.text) for one in beside.left_out] == [
        ("new/c/1.png", "it lies beside the folders for training and test")
    ]


def test_broken_files_are_skipped_and_listed_with_the_reason():
    whole = photo(120, size=(60, 60), kind="JPEG")
    broken = {"cat/zero.png": b"", "cat/text.png": b"hello", "dog/cut.jpg": whole[: len(whole) // 2]}
    name = taken(pets(**broken))
    assert left_out(name) == {
        "cat/zero.png": "the file is empty",
        "cat/text.png": "this is no picture that can be read: try PNG or JPEG",
        "dog/cut.jpg": "the picture is cut off or damaged: save it anew and try again",
    }
    assert len(load_dataset(name).train.labels) == 8


def test_grey_sixteen_bits_alpha_cmyk_and_turned_pictures_are_read():
    turned = Image.Exif()
    turned[0x0112] = 6  # turn right to see it upright
    wide = Image.new("RGB", (60, 40), "black")
    wide.paste("white", (0, 0, 60, 20))  # the upper half: on the right, once upright
    content = io.BytesIO()
    wide.save(content, "JPEG", exif=turned, quality=95)
    kinds = {
        "a/1.png": photo(77, "L"),
        "a/2.png": photo(40_000, "I;16"),
        "b/1.png": photo((255, 0, 0, 0), "RGBA"),
        "b/2.jpg": photo((0, 255, 255, 0), "CMYK", kind="JPEG"),
        "c/1.jpg": content.getvalue(),
        "c/2.jpg": content.getvalue(),
    }
    files = {f"{part}/{name}": data for part in ("train", "test") for name, data in kinds.items()}
    data = load_dataset(taken(files))
    assert left_out(data.name) == {}
    by_class = [data.test.images[data.test.labels == label] for label in range(3)]
    assert by_class[0].min() == 77
    assert any((image == 255).all() for image in by_class[1])  # what is clear lies on white
    assert any(image[0].min() > 200 and image[1:].max() < 60 for image in by_class[1])  # red
    assert by_class[2][:, :, :, :14].max() < 40 < 200 < by_class[2][:, :, :, 18:].min()


def test_of_few_pictures_the_last_one_tests_and_a_single_one_is_left_out():
    files = {"a/1.png": photo(1), "a/2.png": photo(2), "b/1.png": photo(3), "b/2.png": photo(4), "c/1.png": photo(5)}
    name = taken(files)
    data = load_dataset(name)
    assert sorted(data.test.images[:, 0, 0, 0].tolist()) == [2, 4]
    assert left_out(name) == {"c": "its class has no other picture, and one has to be kept for the test"}


@pytest.mark.parametrize("classes", [1, 201])
def test_a_data_set_has_2_to_200_classes(classes):
    files = {f"k{label}/{n}.png": photo(label) for label in range(classes) for n in (1, 2)}
    with pytest.raises(DataError, match=f"a data set needs 2–200 folders with pictures.*found {classes}"):
        taken(files)


def _link():
    entry = zipfile.ZipInfo("cat/1.png")
    entry.external_attr = (stat.S_IFLNK | 0o777) << 16
    return entry


@pytest.mark.parametrize(
    ("entry", "sentence"),
    [
        ("../cat/1.png", "wants to lie elsewhere"),
        ("cat/../../1.png", "wants to lie elsewhere"),
        ("/etc/1.png", "wants to lie elsewhere"),
        ("C:/cat/1.png", "wants to lie elsewhere"),
        ("..\\cat\\1.png", "wants to lie elsewhere"),
        (_link(), "has a link instead of a file"),
    ],
    ids=str,
)
def test_an_archive_that_reaches_out_of_itself_is_refused(entry, sentence):
    with pytest.raises(DataError, match=sentence):
        open_archive(packed({entry: photo()}))


def test_an_archive_has_bounds(monkeypatch):
    monkeypatch.setattr(archive, "LIMITS", Limits(max_zip_mb=1, max_files=4))
    noise = np.random.default_rng(0).bytes(1_100_000)
    with pytest.raises(DataError, match="at most 1 MB"):
        open_archive(packed({"a/1.png": noise}))
    with pytest.raises(DataError, match="at most 4 files"):
        open_archive(packed({f"a/{n}.png": b"" for n in range(5)}))

    def squeezed(sizes):
        content = io.BytesIO()
        with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as opened:
            for number, size in enumerate(sizes):
                opened.writestr(f"a/{number}.png", bytes(size))
        return content.getvalue()

    with pytest.raises(DataError, match="unpacks to more than 10 MB"):
        open_archive(squeezed([5_000_000, 5_000_001]))
    with pytest.raises(DataError, match="far more than a picture"):
        open_archive(squeezed([2_000_000]))
    with pytest.raises(DataError, match="no zip archive"):
        open_archive(b"PK\x03\x04 and no more")


def test_a_damaged_picture_in_an_archive_is_listed():
    content = bytearray(packed(pets(**{"cat/9.png": photo((3, 141, 59))})))
    at = content.index(photo((3, 141, 59))) + 50
    content[at] ^= 255  # the archive's own checksum is now wrong
    opened = open_archive(bytes(content))
    name = own.prepare("pets", list_pictures(opened.files, opened.folders), opened.read)
    assert left_out(name) == {"cat/9.png": "the file cannot be read"}


def test_a_folder_of_the_host_is_a_data_set(tmp_path, monkeypatch):
    monkeypatch.setenv("RESNET_DATA", str(tmp_path / "host"))
    for name, content in pets(**{".ipynb_checkpoints/1.png": photo()}).items():
        path = tmp_path / "host" / "My Pets" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    (tmp_path / "host" / "My Pets" / "dog" / "0.link.png").symlink_to("/etc/passwd")
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "host" / "My Pets" / "linked").symlink_to(tmp_path / "elsewhere")
    assert list(catalog.host_folders()) == ["folder-my-pets"]
    assert datasets.state("folder-my-pets") == "unread"
    assert catalog.data_choice("folder-my-pets").classes == ("cat", "dog")
    with pytest.raises(DataError, match="have not been read yet"):
        datasets.require_here("folder-my-pets")
    assert len(load_dataset("folder-my-pets").train.labels) == 8
    assert datasets.state("folder-my-pets") == "here"
    assert left_out("folder-my-pets") == {}
    monkeypatch.delenv("RESNET_DATA")  # read once: the runs stay usable
    assert Recipe(data="folder-my-pets").tested(0) == 2


def test_what_is_not_on_this_computer_is_said_in_one_sentence():
    for name in ("own-0123456789ab", "folder-nowhere"):
        with pytest.raises(SpecError, match="this data set is not on this computer: ask who sent the link"):
            Recipe(data=name)
    with pytest.raises(SpecError, match="data must be one of"):
        Recipe(data="own-../../etc")


def test_what_was_deleted_keeps_the_curves_of_its_runs_and_no_word_or_picture():
    name = taken(pets())
    own.delete(name)
    assert datasets.state(name) == "deleted"
    record = catalog.data_choice(name)
    assert (record.classes, record.test) == (("1", "2"), 2)
    assert Recipe(data=name).tested(0) == 2
    with pytest.raises(DataError, match="were deleted"):
        load_dataset(name)
    assert [path.name for path in own.own_path(name).iterdir()] == ["about.json"]
    assert "cat" not in (own.own_path(name) / "about.json").read_text()
    assert taken(pets()) == name  # and once more from the start
    assert datasets.state(name) == "here"


def test_a_note_that_is_damaged_is_as_good_as_none():
    name = taken(pets())
    path = own.own_path(name) / "about.json"
    for text in ("", "[]", json.dumps({"label": "x"})):
        path.write_text(text)
        with pytest.raises(SpecError, match="not on this computer"):
            Recipe(data=name)


def test_keeping_is_remembered_and_told_by_the_note():
    name = taken(pets())
    assert not catalog.about(name)["kept"]
    own.keep(name, True)
    assert catalog.about(name)["kept"]
    assert list(own.uploaded()) == [name]


def test_images_of_other_data_sets_have_one_size():
    with pytest.raises(SpecError, match="the images of digits have 32 pixels a side; got 64; try 32"):
        Recipe(data="digits", pixels=64)
