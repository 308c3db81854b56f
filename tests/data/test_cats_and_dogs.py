"""The cats and dogs: where files go, how they get there, and the drawn stand-in."""

from __future__ import annotations

import multiprocessing
import zipfile
from functools import cache
from pathlib import Path

from helpers.data import cats_and_dogs
from helpers.data.registry import DataError
from helpers.data.stand_ins import cats_and_dogs as sample

import cv2
import numpy as np
import pytest

pytestmark = pytest.mark.slow

NAMES = [
    f"all/{part}/{kind}s/{kind}.{number}.jpg"
    for kind in ("cat", "dog")
    for part, number in (("train", 3), ("validation", 2_007))
]


@pytest.fixture(autouse=True)
def no_variable(monkeypatch):
    monkeypatch.delenv("DL_CATS_AND_DOGS", raising=False)


def picture(kind=".jpg", side=8) -> bytes:
    noise = np.random.default_rng(0).integers(256, size=(side, side, 3), dtype="uint8")
    return cv2.imencode(kind, noise)[1].tobytes()


def archive(path: Path, names=NAMES, **others: bytes) -> Path:
    """A zip file with the names' pictures; `others` are the pictures called so, given."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w") as pictures:
        for name in names:
            pictures.writestr(name, others.get(Path(name).stem.replace(".", "_"), picture()))
    return path


def files(folder: Path) -> list[str]:
    return sorted(p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file())


@pytest.mark.parametrize(
    ("name", "target"),
    [
        ("train/cat.0.jpg", "train/cats/cat.0.jpg"),
        ("train/dog.999.jpg", "train/dogs/dog.999.jpg"),
        ("train/cat.1000.jpg", "validation/cats/cat.1000.jpg"),
        ("cat.1499.jpg", "validation/cats/cat.1499.jpg"),
        ("cat.1500.jpg", "test/cats/cat.1500.jpg"),
        ("cat.1999.jpg", "test/cats/cat.1999.jpg"),
        ("cat.2000.jpg", None),
        ("x/validation/dogs/dog.2222.jpg", "validation/dogs/dog.2222.jpg"),
        ("x/vectorize.py", None),
        ("__MACOSX/._cat.0.jpg", None),
        ("../../train/cats/cat.7.jpg", "train/cats/cat.7.jpg"),
    ],
)
def test_a_picture_stays_in_its_folder_or_goes_by_its_number(name, target):
    place = cats_and_dogs.place(name)
    assert (place and place.as_posix()) == target


def test_the_archive_of_the_cache_is_unpacked_once(cache, capsys):
    path = archive(cache / "datasets" / "cats_and_dogs_filtered.zip")
    folder = cats_and_dogs.load_folders("full")
    assert files(folder) == [
        f"{part}/{kind}s/{kind}.{number}.jpg"
        for part, number in (("train", 3), ("validation", 2_007))
        for kind in ("cat", "dog")
    ]
    out = capsys.readouterr().out
    assert f"from {path.name}, sha256 " in out
    assert "2 train, 2 validation." in out
    (folder / "seen").touch()
    assert cats_and_dogs.load_folders("full") == folder
    assert (folder / "seen").exists()
    assert [p.name for p in folder.parent.iterdir() if p.name.startswith(".")] == []


def test_the_contests_own_pictures_make_three_parts_of_the_books_numbers(cache, tmp_path):
    numbers = (0, 999, 1_000, 1_499, 1_500, 1_999, 2_000, 12_499)
    names = [f"train/{kind}.{number}.jpg" for kind in ("cat", "dog") for number in numbers]
    folder = cats_and_dogs.load_folders("full", archive(tmp_path / "contest.zip", names))
    assert [part.name for part in cats_and_dogs.parts(folder)] == ["train", "validation", "test"]
    assert files(folder) == [
        f"{part}/{kind}s/{kind}.{number}.jpg"
        for part, first in (("test", 1_500), ("train", 0), ("validation", 1_000))
        for kind in ("cat", "dog")
        for number in (first, first + (999 if part == "train" else 499))
    ]


def test_another_archive_has_a_folder_of_its_own(cache, tmp_path, monkeypatch):
    first = cats_and_dogs.load_folders("full", archive(tmp_path / "one.zip"))
    monkeypatch.setenv("DL_CATS_AND_DOGS", str(archive(tmp_path / "two.zip", NAMES[::-1])))
    assert cats_and_dogs.load_folders("full") != first


def test_without_an_archive_the_ways_out_are_named(cache):
    with pytest.raises(DataError, match=r"public address is http.*DL_CATS_AND_DOGS.*'sample'"):
        cats_and_dogs.load_folders("full")


@pytest.mark.parametrize("content", [b"", b"no zip", None])
def test_a_damaged_archive_leaves_nothing(cache, tmp_path, content):
    path = archive(tmp_path / "some.zip")
    whole = path.read_bytes()
    damaged = whole.replace(b"JFIF", b"JFIX", 1) if content is None else content
    path.write_bytes(damaged)
    with pytest.raises(DataError, match=r"some\.zip is not a zip file, or a damaged one"):
        cats_and_dogs.load_folders("full", path)
    assert list((cache / "datasets").iterdir()) == []


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "it is empty"),
        (picture(side=200)[:9_000], "it is a JPEG file that is cut off or damaged"),
        (b"<html>Sorry, not found</html>", "it is no whole JPEG, PNG, GIF, BMP or WebP file"),
        (picture(".tiff"), "it is no whole JPEG, PNG, GIF, BMP or WebP file"),
        (picture(".png", 200)[:9_000], "it is no whole JPEG, PNG, GIF, BMP or WebP file"),
    ],
    ids=["empty", "cut off", "web page", "TIFF", "cut PNG"],
)
def test_a_picture_that_cannot_be_decoded_is_named(cache, tmp_path, content, reason):
    path = archive(tmp_path / "mine.zip", cat_3=content)
    with pytest.raises(DataError, match=rf"mine\.zip: train/cats/cat\.3\.jpg .*: {reason}\."):
        cats_and_dogs.load_folders("full", path)
    assert list((cache / "datasets").iterdir()) == []


@pytest.mark.parametrize("kind", [".png", ".bmp", ".webp"])
def test_another_format_under_the_name_of_a_jpeg_is_taken(cache, tmp_path, kind):
    folder = cats_and_dogs.load_folders("full", archive(tmp_path / "my.zip", cat_3=picture(kind)))
    assert (folder / "train/cats/cat.3.jpg").read_bytes() == picture(kind)


def test_an_archive_of_other_things_is_named(cache, tmp_path):
    with pytest.raises(DataError, match="has no pictures for train/dogs, validation/dogs; "):
        cats_and_dogs.load_folders("full", archive(tmp_path / "cats.zip", NAMES[:2]))


def test_two_processes_may_unpack_at_once(cache, tmp_path):
    path = archive(tmp_path / "some.zip")
    with multiprocessing.get_context("spawn").Pool(2) as pool:
        one, two = pool.starmap(cats_and_dogs.load_folders, [("full", path)] * 2)
    assert one == two
    assert len(files(one)) == 4
    assert list((cache / "datasets").iterdir()) == [one]


def test_a_folder_that_appears_meanwhile_is_kept(cache, tmp_path, monkeypatch):
    extract = cats_and_dogs._extract

    def slowly(path, folder):
        extract(path, folder)
        other = next(iter((cache / "datasets").glob(".*"))).name[1:].rpartition("-")[0]
        (cache / "datasets" / other).mkdir()
        (cache / "datasets" / other / "theirs").touch()

    monkeypatch.setattr(cats_and_dogs, "_extract", slowly)
    folder = cats_and_dogs.load_folders("full", archive(tmp_path / "some.zip"))
    assert files(folder) == ["theirs"]


@cache
def drawings() -> Path:
    return cats_and_dogs.load_folders("sample")


def test_drawings_lie_in_folders_as_the_photographs_do(capsys):
    folder = drawings()
    counts = {
        f"{part.name}/{kind}": len(list((part / kind).glob("*.jpg")))
        for part in cats_and_dogs.parts(folder)
        for kind in sample.KINDS
    }
    assert counts == {
        "train/cats": 100,
        "train/dogs": 100,
        "validation/cats": 150,
        "validation/dogs": 150,
    }


def test_drawings_have_different_sizes_and_three_colours():
    pictures = [cv2.imread(str(p)) for p in sorted((drawings() / "train" / "cats").iterdir())[:20]]
    assert len({picture.shape for picture in pictures}) > 10
    assert all(picture.shape[2] == 3 and picture.dtype == np.uint8 for picture in pictures)


def test_drawings_are_the_same_every_time():
    one, two = (sample.draw("cats", np.random.default_rng(5)) for _ in range(2))
    np.testing.assert_array_equal(one, two)


def test_a_cat_is_no_dog():
    cat, dog = (sample.draw(kind, np.random.default_rng(5), 0.0) for kind in sample.KINDS)
    assert cat.shape == dog.shape
    assert (cat != dog).mean() > 0.05
