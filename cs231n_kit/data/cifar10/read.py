"""CIFAR-10: 60,000 small photographs of ten kinds of things (Krizhevsky 2009), from a folder or the network."""

from pathlib import Path

import numpy as np

from cs231n_kit.data import cache
from cs231n_kit.data.cifar10 import plain_pickle
from cs231n_kit.data.cifar10.download import download_cifar10
from cs231n_kit.data.cifar10.verify import verify as check_published
from cs231n_kit.data.dataset import Dataset, check_count

CLASSES = ("plane", "car", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck")
BATCHES = (*(f"data_batch_{number}" for number in range(1, 6)), "test_batch")
FOLDERS = ("cifar-10-batches-bin", "cifar-10-batches-py")
PLANE = 32 * 32
PIXELS = 3 * PLANE
RECORD = 1 + PIXELS  # a label, then all red, all green and all blue values
TOGETHER = 250  # pictures rearranged at a time


class Cifar10Error(RuntimeError):
    """CIFAR-10 cannot be had or read; the message says why, and how to go on without it."""


def load_cifar10(num_train=49000, num_val=1000, num_test=10000, root=None, download=True, verify=True):
    """CIFAR-10 in the same form as the picture book.

    Training pictures are the first of the 50,000, validation pictures the last of them: so the validation split
    does not change with num_train, and with the usual 49,000 and 1,000 it is CS231n's.

    Parameters
    ----------
    num_train, num_val, num_test : pictures in each split
    root : a folder that is or holds `cifar-10-batches-bin` or `cifar-10-batches-py`, used as it is;
        by default `cifar10` in the course's data folder
    download : fetch the binary archive (162 MiB) into root if neither is there
    verify : check once that the files are the published ones; False for batches of your own in the same form

    Returns
    -------
    Dataset of uint8 pictures

    Raises
    ------
    ValueError : more examples than there are
    Cifar10Error : it cannot be downloaded, or the folder's files cannot be used
    """
    counts = {"num_train": num_train, "num_val": num_val, "num_test": num_test}
    for name, count in counts.items():
        check_count(name, count)
    root = cache.folder() / "cifar10" if root is None else Path(root).expanduser()
    try:
        folder = _find(root) or _fetch(root, download)
        read = _read_binary if _is_binary(folder) else _read_pickled
        paths = _files(folder)
        batches = dict(zip(paths, map(read, paths), strict=True))
        if verify:
            check_published(paths, lambda path: batches[path][1])
    except (OSError, ValueError) as error:
        raise Cifar10Error(_how_to_go_on(error, root)) from None
    *train, test = batches.values()
    return _dataset(train, test, num_train, num_val, num_test)


def _find(root):
    """The folder with the batches, or None."""
    for folder in (root, *(root / name for name in FOLDERS)):
        if any(path.is_file() for path in (folder / "data_batch_1.bin", folder / "data_batch_1")):
            return folder
    return None


def _fetch(root, download):
    if not download:
        raise FileNotFoundError(f"there is no {' and no '.join(FOLDERS)} in {root}, and download=False")
    return download_cifar10(root, [f"{name}.bin" for name in BATCHES])


def _is_binary(folder):
    return (folder / "data_batch_1.bin").is_file()


def _files(folder):
    ending = ".bin" if _is_binary(folder) else ""
    return [folder / f"{name}{ending}" for name in BATCHES]


def _read_binary(path):
    """(n, 3072) pixels and (n,) labels of a batch."""
    raw = np.fromfile(path, np.uint8)
    if not len(raw) or len(raw) % RECORD:
        raise ValueError(f"{path} is damaged: {len(raw)} bytes are no whole number of {RECORD}-byte records")
    records = raw.reshape(-1, RECORD)
    return _checked(path, records[:, 1:], records[:, 0])


def _read_pickled(path):
    batch = plain_pickle.load(path)
    try:
        pixels, labels = batch["data"], np.asarray(batch["labels"])
    except KeyError as missing:
        raise ValueError(f"{path} is no CIFAR-10 batch: it has no {missing}") from None
    return _checked(path, pixels, labels)


def _checked(path, pixels, labels):
    fits = (
        isinstance(pixels, np.ndarray)
        and pixels.dtype == np.uint8
        and pixels.shape == (labels.size, PIXELS)
        and labels.dtype.kind in "iu"
        and labels.shape == (len(pixels),)
    )
    if not fits:
        raise ValueError(f"{path} is no CIFAR-10 batch: expected (N, {PIXELS}) uint8 pixels and N labels")
    if labels.size and not 0 <= labels.min() <= labels.max() < len(CLASSES):
        raise ValueError(
            f"{path} is damaged: labels run from {labels.min()} to {labels.max()}, not within 0 to 9"
        )
    return pixels, labels


def _dataset(train, test, num_train, num_val, num_test):
    available = sum(len(labels) for _, labels in train)
    check_count("num_train + num_val", num_train + num_val, available)
    check_count("num_test", num_test, len(test[1]))
    splits = [
        _gather(train, 0, num_train),
        _gather(train, available - num_val, available),
        _gather([test], 0, num_test),
    ]
    return Dataset("CIFAR-10", CLASSES, *(part for split in splits for part in split))


def _gather(batches, start, stop):
    """Examples start .. stop - 1 of all batches, as (n, 32, 32, 3) uint8 and (n,) int64."""
    X, y = np.empty((stop - start, 32, 32, 3), np.uint8), np.empty(stop - start, np.int64)
    first = -start  # where the batch's first example goes
    for pixels, labels in batches:
        here = slice(max(-first, 0), max(min(len(labels), stop - start - first), 0))
        there = slice(here.start + first, here.stop + first)
        if here.start < here.stop:
            _interleave(pixels[here], X[there])
            y[there] = labels[here]
        first += len(labels)
    return X, y


def _interleave(pixels, X):
    """Fill X (n, 32, 32, 3) from colour planes (n, 3072), a few at a time so that they stay in the CPU's cache."""
    planes, out = pixels.reshape(-1, 3, PLANE), X.reshape(-1, PLANE, 3)
    for start in range(0, len(X), TOGETHER):
        some = slice(start, start + TOGETHER)
        for colour in range(3):
            out[some, :, colour] = planes[some, colour]


def _how_to_go_on(error, root):
    reason = str(error).rstrip(".")
    return (
        f"CIFAR-10 is not available: {reason}.\n"
        "Go on with load_picturebook(), which has the same form and needs no download; or unpack"
        f" cifar-10-binary.tar.gz (https://www.cs.toronto.edu/~kriz/cifar.html) into {root} and try again."
    )
