"""Dataset: from pictures to tensors, subsets, batches, and how it shows itself."""

import re

import numpy as np
import pytest

from cs231n_kit.data import Dataset


@pytest.fixture
def data():
    rng = np.random.default_rng(3)

    def split(n, brightest):
        return rng.integers(0, brightest, (n, 4, 6, 3), dtype=np.uint8), np.arange(n, dtype=np.int64) * 7 % 3

    return Dataset("toy", ("ant", "bee", "c<t>"), *split(20, 256), *split(7, 100), *split(5, 30))


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_flat_tensors_are_scaled_and_centred_by_the_training_mean(data, dtype):
    tensors = data.tensors(dtype, layout="flat")
    mean = data.X_train.reshape(20, -1).astype(float).mean(axis=0) / 255
    assert tensors.X_train.shape == (20, 72) and tensors.X_train.dtype == dtype
    for name in ("train", "val", "test"):
        X, y = tensors.split(name)
        pictures, labels = data.split(name)
        np.testing.assert_allclose(X, pictures.reshape(len(X), -1) / 255 - mean, atol=1e-6)
        assert np.array_equal(y, labels)
    assert tensors.mean == pytest.approx(mean, abs=1e-6)


def test_an_empty_split_stays_empty(data):
    assert data.subset(num_val=0).tensors(layout="flat").X_val.shape == (0, data.X_train[0].size)


def test_nchw_tensors_are_the_flat_ones_rearranged(data):
    flat, nchw = data.tensors(layout="flat"), data.tensors()
    assert nchw.X_val.shape == (7, 3, 4, 6) and nchw.X_val.flags.c_contiguous
    assert np.array_equal(nchw.X_val.transpose(0, 2, 3, 1).reshape(7, -1), flat.X_val)
    assert nchw.mean.shape == (3, 4, 6)


def test_without_the_mean_pixels_stay_between_0_and_1(data):
    tensors = data.tensors(subtract_mean=False)
    assert tensors.mean is None
    assert tensors.X_train.min() == 0 and tensors.X_train.max() == 1
    assert tensors.X_test == pytest.approx(data.X_test.transpose(0, 3, 1, 2) / 255)


def test_unseen_pictures_do_not_leak_into_the_mean(data):
    before = data.tensors().X_train
    data.X_val[:] = data.X_test[:] = 255
    assert np.array_equal(data.tensors().X_train, before)


def test_the_pictures_themselves_are_not_changed(data):
    before = data.X_train.copy()
    data.tensors().X_train[:] = 9
    data.tensors(layout="flat", subtract_mean=False).X_train[:] = 9
    assert np.array_equal(data.X_train, before)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"layout": "NHWC"}, "Unknown layout 'NHWC': choose 'NCHW' or 'flat'"),
        ({"dtype": np.uint8}, "Tensors are floats.*came dtype uint8"),
    ],
)
def test_bad_tensor_arguments(data, arguments, message):
    with pytest.raises(ValueError, match=message):
        data.tensors(**arguments)


def test_tensors_of_tensors_are_refused(data):
    with pytest.raises(ValueError, match="float32 tensors already"):
        data.tensors().tensors()


def test_no_mean_of_nothing(data):
    with pytest.raises(ValueError, match="No training pictures"):
        data.subset(num_train=0).tensors()
    assert data.subset(num_train=0).tensors(subtract_mean=False).X_val.shape == (7, 3, 4, 6)


def test_a_subset_is_the_first_of_each_split(data):
    part = data.subset(num_train=6, num_test=2)
    assert np.array_equal(part.X_train, data.X_train[:6]) and np.array_equal(part.y_train, data.y_train[:6])
    assert len(part.X_val) == 7 and len(part.y_test) == 2
    assert np.shares_memory(part.X_train, data.X_train)


def test_a_few_of_each_class(data):
    part = data.subset(train_per_class=2)
    assert np.bincount(part.y_train).tolist() == [2, 2, 2]
    for label in range(3):
        firsts = data.X_train[data.y_train == label][:2]
        assert np.array_equal(part.X_train[part.y_train == label], firsts)
    assert len(part.X_val) == 7


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"num_train": 21}, "num_train=21 asks for more examples than there are: 20"),
        ({"num_val": 7.0}, "num_val is a whole number, 0 or more; came 7.0"),
        ({"num_test": -1}, "num_test is a whole number, 0 or more; came -1"),
        ({"train_per_class": 7}, "train_per_class=7 asks for more examples than there are: 6"),
        ({"train_per_class": 1, "num_train": 3}, "not both"),
    ],
)
def test_bad_subsets(data, arguments, message):
    with pytest.raises(ValueError, match=message):
        data.subset(**arguments)


def test_minibatches_show_each_example_once_in_random_order(data):
    batches = list(data.minibatches(8, np.random.default_rng(1)))
    assert [len(y) for _, y in batches] == [8, 8, 4]
    X, y = (np.concatenate(parts) for parts in zip(*batches, strict=True))
    rows = [np.flatnonzero((data.X_train == picture).all(axis=(1, 2, 3))).item() for picture in X]
    assert sorted(rows) == list(range(20)) and rows != list(range(20))
    assert np.array_equal(y, data.y_train[rows])  # pictures and labels stay paired


def test_minibatches_follow_the_generator(data):
    first, second, other = (next(data.minibatches(8, np.random.default_rng(seed)))[0] for seed in (1, 1, 2))
    assert np.array_equal(first, second) and not np.array_equal(first, other)


@pytest.mark.parametrize("batch_size", [0, -2, 2.5])
def test_bad_batch_size_is_refused_at_once(data, batch_size):
    with pytest.raises(ValueError, match="batch_size"):
        data.minibatches(batch_size, np.random.default_rng(0))


def test_an_unknown_split(data):
    with pytest.raises(ValueError, match="Unknown split 'dev': choose one of train, val, test"):
        data.split("dev")


def test_repr(data):
    assert repr(data) == "<Dataset toy: 3 classes, 20 train, 7 val, 5 test; 4 x 6 x 3 uint8>"


def test_the_html_view_has_counts_samples_and_no_raw_names(data):
    html = data._repr_html_()
    assert "c&lt;t&gt;" in html and "c<t>" not in html
    assert html.count("data:image/png;base64,") == 3
    numbers = [int(n) for n in re.findall(r'right">([\d,]+)</td>', html)]
    counts = [np.bincount(data.split(name)[1], minlength=3) for name in ("train", "val", "test")]
    assert numbers == [int(n) for row in zip(*counts, strict=True) for n in row]


def test_the_html_view_of_tensors_and_of_nothing(data):
    assert "<img" not in data.tensors()._repr_html_()
    assert "<img" not in data.subset(0, 0, 0)._repr_html_()
