"""A data set in three splits, and the ways from pictures to tensors."""

from dataclasses import dataclass, replace

import numpy as np

SPLITS = ("train", "val", "test")


@dataclass(frozen=True, eq=False, repr=False)
class Dataset:
    """Labelled pictures for training, validation and test.

    Attributes
    ----------
    name : what it is, for people
    class_names : C names
    X_train, X_val, X_test : (N, H, W, 3) uint8 from a loader; after `tensors`, floats in its layout
    y_train, y_val, y_test : (N,) int64 in 0 .. C - 1
    mean : what `tensors` subtracted, in the shape of one example; None if nothing was
    """

    name: str
    class_names: tuple
    X_train: np.ndarray
    y_train: np.ndarray
    X_val: np.ndarray
    y_val: np.ndarray
    X_test: np.ndarray
    y_test: np.ndarray
    mean: np.ndarray | None = None

    def split(self, name):
        """(X, y) of 'train', 'val' or 'test'."""
        if name not in SPLITS:
            raise ValueError(f"Unknown split {name!r}: choose one of {', '.join(SPLITS)}.")
        return getattr(self, f"X_{name}"), getattr(self, f"y_{name}")

    def tensors(self, dtype=np.float32, subtract_mean=True, layout="NCHW"):
        """Floats for a network to learn from: pixels / 255, less the mean training picture.

        The mean comes from the training split alone; validation and test pictures are unseen, and what
        they look like must not leak into the preprocessing.

        Parameters
        ----------
        dtype : a floating point type
        subtract_mean : if False, pixels stay in 0 .. 1
        layout : 'NCHW' gives (N, 3, H, W); 'flat' gives (N, H * W * 3), of which
            `X[i].reshape(H, W, 3)` is picture i again

        Returns
        -------
        Dataset, with the mean (in the layout of one example) as its `mean`

        Raises
        ------
        ValueError : unknown layout, no floating point type, no training pictures, or tensors already
        """
        if layout not in ("NCHW", "flat"):
            raise ValueError(f"Unknown layout {layout!r}: choose 'NCHW' or 'flat'.")
        if np.dtype(dtype).kind != "f":
            raise ValueError(f"Tensors are floats, such as np.float32; came dtype {np.dtype(dtype).name}.")
        if self.X_train.dtype != np.uint8:
            raise ValueError(f"Expected uint8 pictures; these are {self.X_train.dtype} tensors already.")
        if subtract_mean and not len(self.X_train):
            raise ValueError(
                "No training pictures to take the mean of: load some, or say subtract_mean=False."
            )

        pixels = int(np.prod(self.X_train.shape[1:]))  # not -1, which an empty split cannot tell

        def arranged(X):
            return X.transpose(0, 3, 1, 2) if layout == "NCHW" else X.reshape(len(X), pixels)

        def floats(X):
            out = np.divide(arranged(X), 255, dtype=dtype, order="C")
            if mean is not None:
                out -= mean
            return out

        mean = None
        if subtract_mean:
            mean = (arranged(self.X_train).mean(axis=0, dtype=np.float64) / 255).astype(dtype)
        arrays = {f"X_{name}": floats(self.split(name)[0]) for name in SPLITS}
        return replace(self, **arrays, mean=mean)

    def subset(self, num_train=None, num_val=None, num_test=None, train_per_class=None):
        """The first examples of each split, without copying; None keeps a split whole.

        Parameters
        ----------
        train_per_class : in place of num_train, the first so many training examples of every class

        Raises
        ------
        ValueError : more examples than there are
        """
        kept = {}
        for name, count in zip(SPLITS, (num_train, num_val, num_test), strict=True):
            X, y = self.split(name)
            count = check_count(f"num_{name}", len(y) if count is None else count, len(y))
            kept[f"X_{name}"], kept[f"y_{name}"] = X[:count], y[:count]
        if train_per_class is not None:
            if num_train is not None:
                raise ValueError("Give num_train or train_per_class, not both.")
            rows = self._first_of_each_class(train_per_class)
            kept["X_train"], kept["y_train"] = self.X_train[rows], self.y_train[rows]
        return replace(self, **kept)

    def _first_of_each_class(self, count):
        members = [np.flatnonzero(self.y_train == label) for label in range(len(self.class_names))]
        check_count("train_per_class", count, min(map(len, members)))
        return np.sort(np.concatenate([rows[:count] for rows in members]))

    def minibatches(self, batch_size, rng):
        """One epoch of the training split in random order, each example once.

        Parameters
        ----------
        batch_size : examples in a batch; the last one holds what is left
        rng : `numpy.random.Generator`

        Returns
        -------
        iterator of (X, y)
        """
        if check_count("batch_size", batch_size) == 0:
            raise ValueError("batch_size is at least 1; came 0.")
        order = rng.permutation(len(self.y_train))
        batches = (order[i : i + batch_size] for i in range(0, len(order), batch_size))
        return ((self.X_train[rows], self.y_train[rows]) for rows in batches)

    def __repr__(self):
        sizes = ", ".join(f"{len(self.split(name)[1])} {name}" for name in SPLITS)
        shape = " x ".join(map(str, self.X_train.shape[1:]))
        return (
            f"<Dataset {self.name}: {len(self.class_names)} classes, {sizes}; {shape} {self.X_train.dtype}>"
        )

    def _repr_html_(self):
        from cs231n_kit.data.view import html  # brings Matplotlib in, which loading does not need

        return html(repr(self)[1:-1], self.class_names, {name: self.split(name) for name in SPLITS})


def check_count(name, count, available=None):
    """Return a number of examples as int, or say what is wrong with it.

    Raises
    ------
    ValueError : not a whole number, negative, or more than are available
    """
    if isinstance(count, bool) or not isinstance(count, int | np.integer) or count < 0:
        raise ValueError(f"{name} is a whole number, 0 or more; came {count!r}.")
    if available is not None and count > available:
        raise ValueError(f"{name}={count} asks for more examples than there are: {available}.")
    return int(count)
