"""The restricted unpickler: plain data comes through, everything else is refused before it runs."""

import pickle

import numpy as np
import pytest

from cs231n_kit.data import load_cifar10
from cs231n_kit.data.cifar10 import Cifar10Error, plain_pickle


class Calls:
    """Pickles to a call of anything."""

    def __init__(self, function, *arguments):
        self.call = function, arguments

    def __reduce__(self):
        return self.call


def load(tmp_path, content):
    path = tmp_path / "batch"
    path.write_bytes(content)
    return plain_pickle.load(path)


@pytest.mark.parametrize("protocol", range(6))
def test_plain_data_comes_through(tmp_path, protocol):
    arrays = {
        "small": np.arange(6, dtype=np.uint8).reshape(2, 3),
        "columns": np.asfortranarray(np.arange(6.0).reshape(2, 3)),
        "big-endian": np.arange(4, dtype=">i2"),
        "empty": np.zeros((0, 3072), np.uint8),
    }
    plain = {"bytes": b"\x00\xff", "text": "größe", "number": 12, "list": [1, [b"a", "b"]], "dict": {"a": 1}}
    loaded = load(tmp_path, pickle.dumps({**arrays, **plain}, protocol=protocol))
    assert {key: loaded[key] for key in plain} == plain
    for key, array in arrays.items():
        assert np.array_equal(loaded[key], array) and loaded[key].dtype == array.dtype


@pytest.mark.parametrize("protocol", [0, 2, 4, 5])
def test_a_pickle_that_would_create_a_file_is_refused(tmp_path, protocol):
    planted = tmp_path / "planted"
    folder = tmp_path / "cifar-10-batches-py"
    folder.mkdir()
    (folder / "data_batch_1").write_bytes(
        pickle.dumps({b"data": Calls(open, str(planted), "w")}, protocol=protocol)
    )
    with pytest.raises(Cifar10Error, match=r"data_batch_1 is refused: it asks for \w+\.open"):
        load_cifar10(root=tmp_path)
    assert not planted.exists()
    pickle.loads((folder / "data_batch_1").read_bytes())[b"data"].close()
    assert planted.exists()  # the attack is real: the plain unpickler falls for it


@pytest.mark.parametrize(
    "value",
    [
        Calls(eval, "1"),
        Calls(getattr, "text", "upper"),
        Calls(np.load, "file"),
        Calls(np.ndarray, (2,), "O"),
        np.array([{}], dtype=object),
        np.array(["text"]),
        np.zeros(2, dtype=[("a", int)]),
        np.float64(1.0),
        np.ndarray,
        np.dtype("u1"),
        1.5,
        None,
        (1, 2),
        {1, 2},
        bytearray(b"a"),
        {"nested": {"set": {1}}},
        [1, [2, (3,)]],
        range(3),
        len,
    ],
    ids=lambda value: type(value).__name__,
)
def test_anything_else_is_refused(tmp_path, value):
    for protocol in (2, 4):
        with pytest.raises(plain_pickle.RefusedPickle, match=r"is (refused|damaged)"):
            load(tmp_path, pickle.dumps({"value": value}, protocol=protocol))


def test_a_pickle_cannot_change_the_reader(tmp_path):
    # GLOBAL gives it a function; BUILD with (None, {...}) sets attributes of what it was given.
    poison = b"\x80\x02c_codecs\nencode\nN}X\x08\x00\x00\x00__name__X\x01\x00\x00\x00xs\x86b."
    with pytest.raises(plain_pickle.RefusedPickle):
        load(tmp_path, poison)
    assert all(meaning.__name__ != "x" for meaning in plain_pickle.MEANINGS.values())


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"not a pickle",
        pickle.dumps({"a": np.arange(9)})[:-20],
        b"\x80\x04\x8e" + b"\xff" * 7 + b"\x7f",  # BINBYTES8 of 2**63 bytes
        b"\x80\x02}q\x00U\x01aP1\n.",  # a persistent id
    ],
)
def test_damaged_bytes_are_one_clear_error(tmp_path, content):
    with pytest.raises(plain_pickle.RefusedPickle, match="batch is"):
        load(tmp_path, content)
