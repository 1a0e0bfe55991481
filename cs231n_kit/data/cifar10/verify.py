"""Are these the published files of CIFAR-10? Checked once: what was found right is remembered until it changes."""

import hashlib
import json

import numpy as np

from cs231n_kit.data import cache

# MD5 of the batches in cifar-10-python.tar.gz.
PICKLED = {
    "data_batch_1": "c99cafc152244af753f735de768cd75f",
    "data_batch_2": "d4bba439e000b95fd0a9bffe97cbabec",
    "data_batch_3": "54ebc095f3ab1f0389bbae665268c751",
    "data_batch_4": "634d18415352ddfa80567beed471001a",
    "data_batch_5": "482c414d41f54cd18b22e5b47cb7c3cb",
    "test_batch": "40351d587109b95175f43aff81a1287e",
}
# Of the binary batches no hash is published, but their form is: 10,000 records of 3,073 bytes, and so many of each
# class in training and in test (https://www.cs.toronto.edu/~kriz/cifar.html).
BINARY_BYTES = 10_000 * 3073
PER_CLASS = {"train": 5000, "test": 1000}
ARCHIVES = {".bin": "cifar-10-binary.tar.gz", "": "cifar-10-python.tar.gz"}


def verify(paths, labels):
    """Check the batches' files, unless they were found right before and have not changed since.

    Parameters
    ----------
    paths : the five training batches and the test batch
    labels : a function that returns the labels of each of these files

    Raises
    ------
    ValueError : a file is not the published one; the message names it
    """
    marks = {str(path.resolve()): [path.stat().st_size, path.stat().st_mtime_ns] for path in paths}
    known = _remembered()
    if all(known.get(path) == mark for path, mark in marks.items()):
        return
    for path in paths:
        _verify_file(path)
    if paths[0].suffix == ".bin":
        *train, test = map(labels, paths)
        _verify_counts(paths[0].parent, "train", np.concatenate(train))
        _verify_counts(paths[0].parent, "test", test)
    _remember(known | marks)


def _verify_file(path):
    if path.suffix == ".bin":
        found, wanted = f"{path.stat().st_size:,} bytes", f"{BINARY_BYTES:,}"
    else:
        with path.open("rb") as file:
            found, wanted = f"MD5 {hashlib.file_digest(file, 'md5').hexdigest()}", PICKLED[path.name]
    if wanted not in found:
        problem = "incomplete" if path.suffix == ".bin" else "damaged"
        raise ValueError(
            f"{path} is {problem} or another file: it has {found}, not {wanted}{_again(path.suffix)}"
        )


def _verify_counts(folder, split, labels):
    counts, wanted = np.bincount(labels, minlength=10), PER_CLASS[split]
    if (counts != wanted).any():
        raise ValueError(
            f"{folder} is damaged: its {split} batches have {counts.min():,} to {counts.max():,} pictures of a class, "
            f"not {wanted:,} of each{_again('.bin')}"
        )


def _again(suffix):
    return f"; unpack it again from {ARCHIVES[suffix]}, or say verify=False if it is meant to be your own"


def _remembered():
    try:
        known = json.loads((cache.folder() / "cifar10-verified.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return known if isinstance(known, dict) else {}


def _remember(marks):
    try:
        cache.write_text(cache.folder() / "cifar10-verified.json", json.dumps(marks, indent=1))
    except OSError:
        return  # they are checked again the next time
