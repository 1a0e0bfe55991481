"""The data sets of the course, each as a `Dataset` of the same form."""

from functools import partial

import numpy as np

from cs231n_kit.data import picturebook, textures
from cs231n_kit.data.cifar10 import load_cifar10
from cs231n_kit.data.dataset import Dataset, check_count
from cs231n_kit.data.digits import load_digits_rgb
from cs231n_kit.data.drawn import load_drawn
from cs231n_kit.data.loss_curves import load_loss_curves
from cs231n_kit.data.pretrained import load_pretrained

__all__ = [
    "Dataset",
    "draw_course_data",
    "load_cifar10",
    "load_digits_rgb",
    "load_loss_curves",
    "load_picturebook",
    "load_pretrained",
    "load_textures",
]

TARGETS = ("object", "scene")


def load_picturebook(num_train=5000, num_val=1000, num_test=1000, seed=231, classes="main", target="object"):
    """The picture book: 32 x 32 colour pictures of ten things, drawn by code.

    They are drawn on first use (about 1,000 a second) and kept. The same arguments give the same
    bits on every machine; the first m pictures of a split do not depend on how many are asked for.

    Parameters
    ----------
    num_train, num_val, num_test : pictures in each split
    seed : another seed draws another book; 0 .. 2**32 - 1
    classes : 'main', or 'more' for ten other things
    target : what y says, 'object' or 'scene' (the scene behind the object, ten of them in both sets)

    Returns
    -------
    Dataset of uint8 pictures

    Raises
    ------
    ValueError : unknown classes or target, or a number that makes no sense
    """
    _check_choice("classes", classes, picturebook.SETS)
    _check_choice("target", target, TARGETS)
    sizes = _check_sizes(num_train, num_val, num_test)
    folder = f"picturebook-{picturebook.EDITION}/{classes}-{_check_seed(seed)}"
    splits = load_drawn(folder, partial(picturebook.draw_sheet, classes, seed), sizes, len(TARGETS))
    class_names = picturebook.SETS[classes] if target == "object" else picturebook.SCENES
    column = TARGETS.index(target)
    name = f"picture book ({classes}, seed {seed}, by {target})"
    return _dataset(name, class_names, [(X, labels[:, column]) for X, labels in splits])


def load_textures(num_train=5000, num_val=1000, num_test=1000, seed=231):
    """Ten kinds of texture, drawn by code and kept as the picture book is.

    Parameters
    ----------
    num_train, num_val, num_test, seed : as in `load_picturebook`

    Returns
    -------
    Dataset of uint8 pictures

    Raises
    ------
    ValueError : a number that makes no sense
    """
    sizes = _check_sizes(num_train, num_val, num_test)
    folder = f"textures-{textures.EDITION}/{_check_seed(seed)}"
    splits = load_drawn(folder, partial(textures.draw_sheet, seed), sizes, num_labels=1)
    return _dataset(f"textures (seed {seed})", textures.PATTERNS, [(X, labels[:, 0]) for X, labels in splits])


def draw_course_data():
    """Draw and keep everything that the course's notebooks load, so that no notebook has to wait."""
    load_picturebook(10000, 2000, 2000)
    load_picturebook(5000, 1000, 2000, classes="more")
    load_textures(5000, 1000, 2000)


def _dataset(name, class_names, splits):
    arrays = [part for X, y in splits for part in (X, y.astype(np.int64))]
    return Dataset(name, tuple(class_names), *arrays)


def _check_choice(name, value, choices):
    if value not in tuple(choices):
        raise ValueError(f"Unknown {name} {value!r}: choose one of {', '.join(map(repr, choices))}.")


def _check_sizes(num_train, num_val, num_test):
    sizes = {"num_train": num_train, "num_val": num_val, "num_test": num_test}
    return [check_count(name, count) for name, count in sizes.items()]


def _check_seed(seed):
    if check_count("seed", seed) >= 2**32:
        raise ValueError(f"seed is below 2**32; came {seed}.")
    return seed
