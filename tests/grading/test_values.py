"""Plain values cross exactly, aliases and changes in place too; everything else is refused."""

import msgpack
import numpy as np
import pytest

from cs231n_kit.grading.limits import Limits
from cs231n_kit.grading.referee.values import (
    Book,
    Reader,
    ValuesError,
    Writer,
    error_from_plain,
    error_to_plain,
    raw,
)

LIMITS = Limits(value_depth=10, value_nodes=1000)


def no_objects(obj):
    raise TypeError(f"{type(obj).__name__} cannot cross")


def no_nodes(node):
    raise ValuesError("no handles here")


def cross(value):
    """Send a value through the wire format."""
    writer = Writer(Book(1), no_objects, LIMITS)
    packed = msgpack.packb(writer.write(value, 1))
    return read(msgpack.unpackb(packed), b"".join(blob.tobytes() for blob in writer.blobs))


def read(node, blob=b""):
    return Reader(Book(-1), no_nodes, no_objects, LIMITS, blob).read(node, 1)


@pytest.mark.parametrize(
    "value",
    [
        None,
        True,
        3,
        -(2**70),
        2**64 - 1,
        1.5,
        -0.0,
        2 + 3j,
        "é",
        b"x",
        (),
        (1, (2, "a")),
        [1, [2]],
        {1: "a", (2, 3): [4]},
        {1, 2},
        frozenset({3}),
        slice(1, None, 2),
        range(3, 9, 2),
        Ellipsis,
        float,
        np.float32,
        np.dtype("int8"),
    ],
    ids=repr,
)
def test_plain_values_come_back_as_they_were(value):
    back = cross(value)
    assert back == value
    assert type(back) is type(value)


@pytest.mark.parametrize(
    "dtype", ["bool", "int8", "uint64", "float16", "float32", "float64", "complex128", "<U5", ">f8"]
)
@pytest.mark.parametrize("shape", [(), (0, 3), (4,), (2, 3, 4)])
def test_arrays_come_back_with_dtype_shape_and_bits(dtype, shape):
    array = np.arange(np.prod(shape, dtype=int)).reshape(shape).astype(dtype)
    for each in (array, array.T, array[..., ::-1] if shape else array):
        back = cross(each)
        assert back.shape == each.shape
        assert back.dtype == each.dtype.newbyteorder("<")
        assert np.array_equal(back, each)
        if each.flags.f_contiguous:
            assert back.flags.f_contiguous
    assert np.isnan(cross(np.array([np.nan]))[0])


def test_numpy_scalars_keep_their_type():
    for value in (np.float32(1.5), np.int8(-3), np.bool_(True), np.complex64(1j)):
        assert cross(value) == value
        assert type(cross(value)) is type(value)


def test_read_only_arrays_stay_read_only():
    array = np.ones(3)
    array.flags.writeable = False
    assert not cross(array).flags.writeable


def test_aliases_and_cycles_survive():
    array, loop = np.ones(2), []
    loop.append(loop)
    one, two, back = cross((array, array, loop))
    assert one is two
    assert back[0] is back


def test_generators_cross_with_their_state():
    rng = np.random.default_rng(3)
    rng.normal(size=7)
    twin = cross(rng)
    assert np.array_equal(twin.normal(size=5), rng.normal(size=5))


class Number(float):
    pass


class Pairs(dict):
    pass


class Array(np.ndarray):
    pass


@pytest.mark.parametrize(
    ("value", "kind"),
    [(Number(2), float), (Pairs(a=1), dict), (np.zeros(2).view(Array), np.ndarray), (np.str_("a"), str)],
)
def test_subclasses_arrive_as_the_builtin_they_extend(value, kind):
    assert type(cross(value)) is kind


@pytest.mark.parametrize(
    "value",
    [object(), np.array([object()]), np.datetime64(1, "s"), lambda: 0],
    ids=["object", "object array", "date", "function"],
)
def test_objects_do_not_cross(value):
    with pytest.raises((TypeError, ValuesError)):
        cross(value)


def nested(levels):
    value = 0
    for _ in range(levels):
        value = [value]
    return value


@pytest.mark.parametrize(
    "value", [nested(11), list(range(1001)), {i: i for i in range(600)}], ids=["deep", "long", "dict"]
)
def test_too_deep_or_too_many_is_refused(value):
    with pytest.raises(ValuesError):
        cross(value)


FORGED = {
    "an unknown tag": ["z", 1],
    "no tag": [1, 2],
    "an empty node": [],
    "a map": {"a": 1},
    "an object array": ["m", 1, ["a", "|O", [1], False, True]],
    "a structured dtype": ["m", 1, ["a", "i4,i4", [1], False, True]],
    "an array without content": ["m", 1, ["a", "<f8", [10**9], False, True]],
    "a negative shape": ["m", 1, ["a", "<f8", [-1], False, True]],
    "a fractional shape": ["m", 1, ["a", "<f8", [1.5], False, True]],
    "a number that is taken": ["t", [["m", 1, ["l", []]], ["m", 1, ["l", []]]]],
    "a number of the other end": ["m", -1, ["l", []]],
    "a reference to nothing": ["k", 9],
    "a scalar with the wrong size": ["n", "<f8", b"123"],
    "an odd dict": ["m", 1, ["d", [1]]],
    "an unhashable key": ["m", 1, ["d", [["m", 2, ["l", []]], 1]]],
    "a huge integer": ["i", "f" * 5000],
    "no integer": ["i", "xyz"],
    "a type that is not allowed": ["T", "builtins.type"],
    "a generator of another kind": ["m", 1, ["R", "Evil", {}]],
    "a generator with a broken state": ["m", 1, ["R", "PCG64", {"state": {}}]],
    "msgpack's own extension": msgpack.ExtType(5, b"x"),
    "a handle": ["h", 1, "f", "x"],
    "a range of text": ["r", "a", "b", "c"],
}


@pytest.mark.parametrize("node", FORGED.values(), ids=FORGED.keys())
def test_forged_nodes_are_refused(node):
    with pytest.raises(ValuesError):
        read(node, b"\0" * 16)


@pytest.mark.parametrize(
    "change",
    [
        [1, ["l", []]],
        [1, ["a", "<f8", [1], False, True]],
        [1, ["a", "<f4", [2], False, True]],
        [2, ["l", []]],
    ],
)
def test_a_change_must_fit_the_object(change):
    book = Book(-1)
    reader = Reader(book, no_nodes, no_objects, LIMITS, bytes(32))
    array = reader.read(["m", 1, ["a", "<f8", [2], False, True]], 1)
    with pytest.raises(ValuesError):
        reader.apply([change])
    assert array.shape == (2,)


def test_changes_are_found_once():
    book = Book(1)
    array, config = np.zeros(3), {"n": 1}
    Writer(book, no_objects, LIMITS).write((array, config), 1)
    assert Writer(book, no_objects, LIMITS).changes() == []
    array[1] = np.nan
    config["new"] = np.ones(2)
    for _ in range(2):  # what is not sent is found again
        writer = Writer(book, no_objects, LIMITS)
        assert [key for key, _ in writer.changes()] == [1, 2]
    writer.commit()
    assert Writer(book, no_objects, LIMITS).changes() == []
    assert raw(array).size == 24


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (ValueError("no"), ValueError("no")),
        (KeyError("k"), KeyError("k")),
        (np.linalg.LinAlgError("singular"), ValueError("singular")),
        (NotImplementedError(), NotImplementedError("")),
        (SystemExit(3), RuntimeError("SystemExit: 3")),
        (
            UnicodeDecodeError("a", b"", 0, 1, "r"),
            RuntimeError("UnicodeDecodeError: 'a' codec can't decode bytes in position 0-0: r"),
        ),
    ],
    ids=repr,
)
def test_errors_cross_as_builtin_type_and_message(error, expected):
    came = error_from_plain(*error_to_plain(error))
    assert type(came) is type(expected)
    assert str(came) == str(expected)


def test_a_forged_error_is_an_ordinary_one():
    assert type(error_from_plain("KeyboardInterrupt", "x")) is RuntimeError
    assert type(error_from_plain("eval", "x")) is RuntimeError
    assert type(error_from_plain(3, None)) is RuntimeError
