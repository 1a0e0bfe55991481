"""Data sets that are drawn by code: taken from the cache block by block, and drawn where blocks are missing."""

import numpy as np
from tqdm.auto import tqdm

from cs231n_kit.data import cache

SHEET = 100  # pictures that are drawn together
BLOCK = 5  # sheets in a file of the cache
PICTURE = (32, 32, 3)
SPLITS = ("train", "val", "test")


def load_drawn(name, draw_sheet, sizes, num_labels):
    """Pictures and labels of each split.

    A split is a sequence of sheets without end, its own for each split: so the first m pictures do not
    depend on how many are asked for, and asking for more draws only what is missing.

    Parameters
    ----------
    name : folder within the cache; another set, seed or edition has another name
    draw_sheet : (split number, sheet number) -> (SHEET, 32, 32, 3) and (SHEET, num_labels), both uint8
    sizes : pictures wanted of each of SPLITS

    Returns
    -------
    list of (X, labels), one a split: (n, 32, 32, 3) and (n, num_labels) uint8
    """
    splits = [(np.empty((n, *PICTURE), np.uint8), np.empty((n, num_labels), np.uint8)) for n in sizes]
    folder = cache.folder() / name
    missing = []
    for number, (X, labels) in enumerate(splits):
        for start in range(0, len(X), BLOCK * SHEET):
            part = slice(start, start + BLOCK * SHEET)
            place = number, start // (BLOCK * SHEET), X[part], labels[part]
            if not _read(_file(folder, *place[:2]), *place[2:]):
                missing.append(place)
    if missing:
        _draw_missing(folder, draw_sheet, missing)
    return splits


def _file(folder, number, index):
    return folder / f"{SPLITS[number]}-{index:04d}.bin"


def _read(path, X, labels):
    """Fill X and labels from a block's file; False if they have to be drawn."""
    try:
        block = cache.read_block(path, (BLOCK * SHEET, np.prod(PICTURE) + labels.shape[1]))
    except ValueError as damage:
        print(f"{damage}: drawing it again")
        return False
    if block is None:
        return False
    records = block[: len(X)]
    labels[:] = records[:, : labels.shape[1]]
    X[:] = records[:, labels.shape[1] :].reshape(X.shape)
    return True


def _draw_missing(folder, draw_sheet, missing):
    """Draw the missing blocks, fill their X and labels, and keep them if the folder can be written."""
    keep = True
    with tqdm(total=len(missing) * BLOCK * SHEET, desc="Drawing pictures (once)", unit=" pictures") as bar:
        for number, index, X, labels in missing:
            sheets = []
            for sheet in range(index * BLOCK, (index + 1) * BLOCK):
                pictures, marks = draw_sheet(number, sheet)
                sheets.append(np.concatenate([marks, pictures.reshape(SHEET, -1)], axis=1))
                bar.update(SHEET)
            records = np.concatenate(sheets)
            labels[:] = records[: len(X), : labels.shape[1]]
            X[:] = records[: len(X), labels.shape[1] :].reshape(X.shape)
            if keep:
                keep = _keep(_file(folder, number, index), records)


def _keep(path, records):
    try:
        cache.write_block(path, records)
    except OSError as error:
        print(
            f"Note: cannot write to {path.parent} ({error.strerror}), so these pictures will be drawn again next time."
            " The environment variable CS231N_DATA chooses another folder."
        )
        return False
    return True
