"""Cats vs dogs: photographs in folders, for ``keras.utils.image_dataset_from_directory``."""

from __future__ import annotations

import os
import re
import tempfile
import zipfile
import zlib
from functools import lru_cache
from os import PathLike
from pathlib import Path, PurePosixPath

from helpers.data import given_file, registry
from helpers.data.profile import announce, is_sample
from helpers.data.registry import DataError
from helpers.data.stand_ins import cats_and_dogs as sample

import tensorflow as tf

__all__ = ["load_folders", "parts", "place"]

_ARCHIVE = "cats_and_dogs_filtered.zip"
_VARIABLE = "DL_CATS_AND_DOGS"
_PICTURE = re.compile(r"(cat|dog)\.(\d+)\.jpg")
# The book's cut through the contest's 12,500 pictures of each kind: the first number not in a part.
_CUT = {"train": 1_000, "validation": 1_500, "test": 2_000}


def load_folders(profile: str, path: str | PathLike | None = None) -> Path:
    """Lay the pictures out in folders, unless they are, and print a line that says which they are.

    Parameters
    ----------
    profile
        ``"full"``: the photographs, unpacked into Keras's cache. ``"sample"``: 500 drawings, see
        :mod:`helpers.data.stand_ins.cats_and_dogs`, in a temporary folder that goes with the
        process.
    path
        A zip file to unpack in place of the one in the cache: with the folders of the public
        archive (1,000 + 1,000 pictures to train, 500 + 500 to validate), or with all the contest's
        pictures in one folder, of which the book's 4,000 are taken. None: the file that the
        environment variable ``DL_CATS_AND_DOGS`` names, else ``cats_and_dogs_filtered.zip`` in the
        cache.

    Returns
    -------
    pathlib.Path
        A folder with ``train/cats``, ``train/dogs``, ``validation/…`` and, where the archive has
        them, ``test/…``.

    Raises
    ------
    ValueError
        For an unknown profile.
    DataError
        If the archive is missing, damaged, holds no such pictures or one that cannot be decoded,
        or cannot be unpacked.
    """
    if is_sample(profile):
        announce("photographs", "500 drawn heads of cats and dogs")
        return Path(_sample_folder().name)
    archive = given_file.path_of(path, _VARIABLE) or given_file.cached(_ARCHIVE, _VARIABLE)
    digest = registry.sha256_of(archive)
    folder = registry.cache_dir() / "datasets" / f"cats_and_dogs-{digest[:12]}"
    if not folder.exists():
        _unpack(archive, folder)
    counts = {part.name: len(list(part.glob("*/*.jpg"))) for part in parts(folder)}
    numbers = ", ".join(f"{count:,} {name}" for name, count in counts.items())
    print(f"Cats and dogs from {archive.name}, sha256 {digest[:12]}…: {numbers}.")
    return folder


def parts(folder: Path) -> list[Path]:
    """The folders train, validation and test that are in `folder`, in this order."""
    return [folder / part for part in _CUT if (folder / part).is_dir()]


def place(name: str) -> PurePosixPath | None:
    """Where a file of an archive goes: ``train/cats/cat.7.jpg``, or None for what is not wanted.

    A picture in a folder ``train``, ``validation`` or ``test`` with ``cats`` or ``dogs`` below it
    stays there; any other goes by its number, as the book cuts.

    Notes
    -----
    Source: listing L13.1 (B5.4).

    Examples
    --------
    >>> str(place("all/cat.1000.jpg"))
    'validation/cats/cat.1000.jpg'
    """
    path = PurePosixPath(name)
    match = _PICTURE.fullmatch(path.name)
    if not match:
        return None
    kind, number = f"{match[1]}s", int(match[2])
    if path.parent.name == kind and path.parent.parent.name in _CUT:
        return PurePosixPath(*path.parts[-3:])
    part = next((part for part, end in _CUT.items() if number < end), None)
    return PurePosixPath(part, kind, path.name) if part else None


@lru_cache(maxsize=1)
def _sample_folder() -> tempfile.TemporaryDirectory:
    """The drawings; the folder is removed when the process ends."""
    folder = tempfile.TemporaryDirectory(prefix="cats_and_dogs-")
    sample.write(Path(folder.name))
    return folder


def _unpack(archive: Path, folder: Path) -> None:
    """Unpack beside `folder`, then rename it: the folder is there whole or not at all."""
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder.parent, prefix=f".{folder.name}-") as scratch:
            whole = Path(scratch, "whole")
            _extract(archive, whole)
            try:
                os.rename(whole, folder)
            except OSError:
                if not folder.exists():  # else another process was quicker
                    raise
    except (zipfile.BadZipFile, zlib.error, EOFError) as error:
        raise DataError(
            f"{archive} is not a zip file, or a damaged one ({error}); replace it by a whole one."
        ) from error
    except OSError as error:
        raise DataError(
            f"{archive.name} cannot be unpacked into {folder.parent} ({error.strerror}); make room "
            "there, or point KERAS_HOME at another folder."
        ) from error


def _extract(archive: Path, folder: Path) -> None:
    """Write the wanted pictures of the archive; each is checked by its checksum and decoded."""
    kinds = set()
    with zipfile.ZipFile(archive) as pictures:
        for name in pictures.namelist():
            target = place(name)
            if target:
                kinds.add(target.parent)
                (folder / target.parent).mkdir(parents=True, exist_ok=True)
                content = pictures.read(name)
                _refuse_undecodable(content, f"{archive.name}: {target}")
                (folder / target).write_bytes(content)
    missing = [
        f"{part}/{kind}"
        for part in ("train", "validation")
        for kind in sample.KINDS
        if PurePosixPath(part, kind) not in kinds
    ]
    if missing:
        raise DataError(
            f"{archive.name} has no pictures for {', '.join(missing)}; their names should be like "
            "train/cats/cat.0.jpg, or cat.0.jpg to dog.1999.jpg without folders."
        )


def _refuse_undecodable(content: bytes, name: str) -> None:
    """Decode a picture as Keras will, so that a bad one is named here and not in mid-training."""
    try:
        tf.io.decode_image(content, channels=3, expand_animations=False)
    except tf.errors.InvalidArgumentError as error:
        if not content:
            reason = "it is empty"
        elif content.startswith(b"\xff\xd8"):
            reason = "it is a JPEG file that is cut off or damaged"
        else:
            reason = "it is no whole JPEG, PNG, GIF, BMP or WebP file"
        raise DataError(
            f"{name} cannot be read as a picture: {reason}. Put a whole one in its place, or take "
            "it out, and pack the archive again."
        ) from error
