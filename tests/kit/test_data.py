"""The loaders' front door: sizes, prefixes, targets and bad arguments."""

import numpy as np
import pytest

from cs231n_kit import data
from cs231n_kit.data.picturebook import SCENES, SETS


@pytest.fixture(autouse=True, scope="module")
def folder(tmp_path_factory):
    """One cache for this file's tests, away from the user's."""
    with pytest.MonkeyPatch.context() as patch:
        folder = tmp_path_factory.mktemp("data")
        patch.setenv("CS231N_DATA", str(folder))
        yield folder


def test_the_picture_book_has_the_shape_that_notebooks_expect():
    book = data.load_picturebook(120, 30, 0)
    assert book.X_train.shape == (120, 32, 32, 3) and book.X_train.dtype == np.uint8
    assert book.y_train.shape == (120,) and book.y_train.dtype == np.int64
    assert len(book.X_val) == len(book.y_val) == 30
    assert book.X_test.shape == (0, 32, 32, 3)
    assert book.class_names == tuple(SETS["main"])


def test_the_first_pictures_do_not_depend_on_how_many_are_asked_for():
    few, many = data.load_picturebook(130, 10, 10), data.load_picturebook(730, 20, 10)
    assert np.array_equal(few.X_train, many.X_train[:130])
    assert np.array_equal(few.y_train, many.y_train[:130])
    assert np.array_equal(few.X_val, many.X_val[:10])


def test_no_picture_is_in_two_splits():
    book = data.load_picturebook(500, 500, 500)
    pictures = np.concatenate([book.X_train, book.X_val, book.X_test])
    assert len(np.unique(pictures.reshape(1500, -1), axis=0)) == 1500


def test_the_scene_as_target_labels_the_same_pictures():
    things, scenes = (data.load_picturebook(200, 0, 0, target=target) for target in ("object", "scene"))
    assert np.array_equal(things.X_train, scenes.X_train)
    assert not np.array_equal(things.y_train, scenes.y_train)
    assert scenes.class_names == tuple(SCENES)
    night = scenes.X_train[scenes.y_train == scenes.class_names.index("night")]
    snow = scenes.X_train[scenes.y_train == scenes.class_names.index("snow")]
    assert night.mean() + 50 < snow.mean()


def test_the_other_set_has_other_classes():
    assert data.load_picturebook(10, 0, 0, classes="more").class_names == tuple(SETS["more"])


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"num_train": -1}, "num_train is a whole number, 0 or more; came -1"),
        ({"num_val": 10.0}, "num_val is a whole number, 0 or more; came 10.0"),
        ({"num_test": True}, "num_test is a whole number"),
        ({"seed": 2**32}, r"seed is below 2\*\*32; came 4294967296"),
        ({"seed": -3}, "seed is a whole number, 0 or more; came -3"),
        ({"classes": "fruit"}, "Unknown classes 'fruit': choose one of 'main', 'more'"),
        ({"classes": ["main"]}, "Unknown classes"),
        ({"target": "colour"}, "Unknown target 'colour': choose one of 'object', 'scene'"),
    ],
)
def test_bad_arguments_are_refused_in_one_line(arguments, message):
    with pytest.raises(ValueError, match=message) as caught:
        data.load_picturebook(**arguments)
    assert "\n" not in str(caught.value)
