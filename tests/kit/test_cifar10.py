"""CIFAR-10 read from folders: the same Dataset from every format, and one clear error from a bad one."""

import pickle

import numpy as np
import pytest

from cs231n_kit.data.cifar10 import Cifar10Error
from tests.kit.cifar10_archives import BATCHES, PER_BATCH, batch, python2_pickle, write_binary
from tests.kit.cifar10_archives import load_small as load_cifar10

TRAIN = 5 * PER_BATCH


def write_pickled(folder, dump):
    folder.mkdir(parents=True)
    for number, name in enumerate(BATCHES):
        (folder / name).write_bytes(dump(*batch(number)))
    return folder


def python3_pickle(protocol):
    return lambda pixels, labels: pickle.dumps(
        {b"data": pixels, b"labels": labels.tolist()}, protocol=protocol
    )


WRITERS = {
    "binary": lambda root: write_binary(root / "cifar-10-batches-bin"),
    "python 2": lambda root: write_pickled(root / "cifar-10-batches-py", python2_pickle),
    **{
        f"protocol {p}": lambda root, p=p: write_pickled(root / "cifar-10-batches-py", python3_pickle(p))
        for p in (2, 4, 5)
    },
}


@pytest.mark.parametrize("writer", WRITERS)
@pytest.mark.parametrize("inside", [False, True])
def test_every_format_gives_the_same_pictures(tmp_path, writer, inside):
    folder = WRITERS[writer](tmp_path)
    data = load_cifar10(TRAIN - 7, 7, PER_BATCH, root=folder if inside else tmp_path, download=False)
    for X, y, numbers, rows in (
        (data.X_train, data.y_train, range(5), slice(None, -7)),
        (data.X_val, data.y_val, range(5), slice(-7, None)),
        (data.X_test, data.y_test, [5], slice(None)),
    ):
        pixels, labels = (np.concatenate(parts)[rows] for parts in zip(*map(batch, numbers), strict=True))
        assert X.dtype == np.uint8 and y.dtype == np.int64
        assert np.array_equal(X[:, :, :, 0].reshape(len(X), -1), pixels[:, :1024])  # red comes first
        assert np.array_equal(X[:, :, :, 2].reshape(len(X), -1), pixels[:, 2048:])
        assert np.array_equal(y, labels)
    assert data.class_names[:2] == ("plane", "car")


def test_a_part_of_the_pictures(tmp_path):
    write_binary(tmp_path / "cifar-10-batches-bin")
    whole = load_cifar10(TRAIN - 40, 40, 20, root=tmp_path)
    part = load_cifar10(45, 40, 0, root=tmp_path)
    assert np.array_equal(part.X_train, whole.X_train[:45])
    assert np.array_equal(part.X_val, whole.X_val)  # whatever num_train
    assert part.X_test.shape == (0, 32, 32, 3)


def test_nothing_is_written_into_a_folder_the_user_has(tmp_path):
    folder = write_binary(tmp_path / "mine")
    before = sorted((path.name, path.stat().st_mtime_ns) for path in tmp_path.rglob("*"))
    load_cifar10(10, 10, 10, root=folder)
    assert sorted((path.name, path.stat().st_mtime_ns) for path in tmp_path.rglob("*")) == before


@pytest.mark.parametrize(
    ("sizes", "message"),
    [
        ((TRAIN, 1, 0), f"num_train \\+ num_val={TRAIN + 1} asks for more examples than there are: {TRAIN}"),
        (
            (0, 0, PER_BATCH + 1),
            f"num_test={PER_BATCH + 1} asks for more examples than there are: {PER_BATCH}",
        ),
        ((-1, 0, 0), "num_train is a whole number, 0 or more; came -1"),
    ],
)
def test_more_examples_than_there_are(tmp_path, sizes, message):
    write_binary(tmp_path / "cifar-10-batches-bin")
    with pytest.raises(ValueError, match=message):
        load_cifar10(*sizes, root=tmp_path)


def assert_helpful(error, *words):
    message = str(error.value)
    assert all(word in message for word in (*words, "load_picturebook()", "cifar-10-binary.tar.gz"))
    assert error.value.__cause__ is None and error.value.__suppress_context__  # no second traceback


def test_a_missing_folder(tmp_path):
    with pytest.raises(Cifar10Error) as error:
        load_cifar10(root=tmp_path / "nowhere", download=False)
    assert_helpful(error, "nowhere", "download=False")
    assert not (tmp_path / "nowhere").exists()


def test_a_missing_batch(tmp_path):
    (write_binary(tmp_path / "cifar-10-batches-bin") / "data_batch_3.bin").unlink()
    with pytest.raises(Cifar10Error) as error:
        load_cifar10(root=tmp_path)
    assert_helpful(error, "data_batch_3.bin")


@pytest.mark.parametrize("cut", [1, 3072, 3073 * PER_BATCH])
def test_a_truncated_binary_batch(tmp_path, cut):
    path = write_binary(tmp_path / "cifar-10-batches-bin") / "data_batch_2.bin"
    path.write_bytes(path.read_bytes()[:-cut])
    with pytest.raises(Cifar10Error) as error:
        load_cifar10(10, 10, 10, root=tmp_path)
    assert_helpful(error, "data_batch_2.bin is damaged")


def test_labels_out_of_range(tmp_path):
    path = write_binary(tmp_path / "cifar-10-batches-bin") / "test_batch.bin"
    path.write_bytes(b"\x0a" + path.read_bytes()[1:])
    with pytest.raises(Cifar10Error) as error:
        load_cifar10(10, 10, 10, root=tmp_path)
    assert_helpful(error, "test_batch.bin is damaged", "labels")


@pytest.mark.parametrize(
    "content",
    [
        python2_pickle(*batch(0))[:-500],
        pickle.dumps({b"data": batch(0)[0]}),
        pickle.dumps({b"data": batch(0)[0].astype(float), b"labels": batch(0)[1].tolist()}),
        pickle.dumps({b"data": batch(0)[0], b"labels": batch(0)[1].tolist()[1:]}),
        pickle.dumps({b"data": batch(0)[0], b"labels": ["cat"] * PER_BATCH}),
        pickle.dumps({b"data": 3, b"labels": []}),
        pickle.dumps([1, 2]),
        b"",
    ],
    ids=["truncated", "no labels", "floats", "a label short", "text labels", "no array", "a list", "empty"],
)
def test_a_pickle_that_is_no_batch(tmp_path, content):
    for name in BATCHES:
        (tmp_path / name).write_bytes(content)
    with pytest.raises(Cifar10Error) as error:
        load_cifar10(10, 10, 10, root=tmp_path)
    assert_helpful(error, "data_batch_1")
