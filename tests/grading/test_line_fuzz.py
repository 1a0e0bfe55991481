"""The line under any value and any bytes: a judged call or a closed line, no hang, no object with behaviour."""

import random
import signal
import socket
import struct

import msgpack
import numpy as np
import pytest

from cs231n_kit.grading.limits import Limits
from cs231n_kit.grading.referee.link import FRAME, LinkClosed
from cs231n_kit.grading.referee.process import Namespace
from cs231n_kit.grading.referee.proxies import RefereeLink
from cs231n_kit.grading.referee.student import StudentLink
from cs231n_kit.grading.referee.values import MUTABLE, ValuesError
from tests.grading.test_referee import Pair

PLAIN = (
    bool,
    int,
    float,
    complex,
    str,
    bytes,
    tuple,
    frozenset,
    slice,
    range,
    type(None),
    np.generic,
    np.dtype,
    type,
)
ROUNDS = 300


@pytest.fixture(autouse=True)
def patience():
    """No message makes either end wait for ever."""

    def ring(*_):
        raise TimeoutError("the line hangs")

    before = signal.signal(signal.SIGALRM, ring)
    signal.alarm(120)
    yield
    signal.alarm(0)
    signal.signal(signal.SIGALRM, before)


def any_array(rng):
    dtype = rng.choice(
        ["?", "i1", "<i8", ">f8", "f4", "f2", "c16", "U3", "S3", "O", "M8[D]", "m8[s]", "V4", "U20000"]
    )
    shape = tuple(rng.randrange(4) for _ in range(rng.randrange(4)))
    array = np.zeros(shape, dtype)
    return rng.choice(
        [
            array,
            array.T,
            np.asfortranarray(array),
            array[::2] if shape else array,
            np.broadcast_to(array, (2, *shape)),
        ]
    )


def any_value(rng, depth=0):
    """Return a value of any kind: plain, odd, broken, nested."""
    leaves = [
        lambda: rng.choice([None, True, -0.0, float("nan"), float("inf"), 1j, Ellipsis, NotImplemented]),
        lambda: rng.choice([-1, 1]) * rng.getrandbits(rng.choice([8, 63, 64, 65, 2000, 60_000])),
        lambda: "".join(chr(rng.choice([97, 0, 0xD800, 0x202E, 0x1F600])) for _ in range(rng.randrange(5))),
        lambda: rng.randbytes(rng.randrange(5)),
        lambda: any_array(rng),
        lambda: rng.choice([np.float32(1), np.str_("x"), np.datetime64("2026-01-01"), np.ma.masked, np.void(b"x")]),
        lambda: np.random.default_rng(1),
        lambda: np.random.RandomState(1),
        lambda: rng.choice([int, np.ndarray, np.dtype("f4"), np, len, rng, object(), range(3)]),
        lambda: rng.choice([lambda: 3, slice(0, [1]), range(2**70), slice(None, 2**3000)]),
        lambda: np.ma.array([1, 2], mask=[0, 1]),
        lambda: memoryview(b"x"),
    ]  # fmt: skip
    if depth > 4 or rng.random() < 0.4:
        return rng.choice(leaves)()
    parts = [any_value(rng, depth + 1) for _ in range(rng.randrange(4))]
    kind = rng.choice(["list", "tuple", "dict", "set", "self", "deep"])
    if kind == "dict":
        return {repr(i) if rng.random() < 0.8 else i: part for i, part in enumerate(parts)}
    if kind == "set":
        return {part for part in parts if isinstance(part, (int, str, bytes))}
    if kind == "deep":
        for _ in range(rng.choice([10, 60, 3000])):
            parts = [parts]
    if kind == "self":
        parts.append(parts)
    return tuple(parts) if kind == "tuple" else parts


def is_plain(value, seen=()):
    """Whether a value has no behaviour: exact builtin types and arrays, or the line's own stand-ins."""
    if any(value is other for other in seen):
        return True
    if type(value) in (list, tuple, set, frozenset):
        return all(is_plain(item, (*seen, value)) for item in value)
    if type(value) is dict:
        return all(is_plain(item, (*seen, value)) for pair in value.items() for item in pair)
    if isinstance(value, np.ndarray):
        return type(value) is np.ndarray and not value.dtype.hasobject
    if isinstance(value, np.generic):
        return not value.dtype.hasobject
    known = type(value) in PLAIN or type(value) in MUTABLE or value is Ellipsis or value is NotImplemented
    return (
        known
        or isinstance(value, np.dtype)
        or "cs231n_kit.grading.referee" in type(value).__module__ + str(type(value))
    )


@pytest.mark.parametrize("seed", range(4))
def test_any_value_is_an_answer_or_an_error_of_its_own_call(seed, capsys):
    rng = random.Random(seed)
    pair = Pair("def give():\n    return next(values)\ndef honest(x):\n    x += 1\n    return x\n")
    pair.names["values"] = (any_value(rng) for _ in range(ROUNDS))
    for number in range(ROUNDS):
        pair.test(
            "try:\n    got = give()\nexcept (RuntimeError, TypeError, RecursionError) as error:\n    got = str(error)\n"
        )
        got = pair.space.pop("got", None)
        assert is_plain(got), (number, type(got))
        del got
        assert not pair.referee.closed, f"value {number} closed the line"
        pair.test("x = np.ones(2)\nassert honest(x).tolist() == [2, 2] and x.tolist() == [2, 2]")
    pair.referee.close("over")


@pytest.mark.parametrize("seed", range(4))
def test_any_argument_of_a_test_is_answered(seed, capsys):
    rng = random.Random(100 + seed)
    pair = Pair("def same(value):\n    return value\ndef honest(x):\n    return x * 2\n")
    for _ in range(ROUNDS):
        pair.space["value"] = any_value(rng)
        pair.test(
            "try:\n    same(value)\nexcept (RuntimeError, TypeError, RecursionError, UnicodeError):\n    pass\n"
        )
        assert not pair.referee.closed
        pair.test("assert honest(np.ones(2)).tolist() == [2, 2]")
    pair.referee.close("over")


def any_node(rng, depth=0):
    tags = [
        "k",
        "m",
        "t",
        "f",
        "n",
        "i",
        "c",
        "s",
        "r",
        "T",
        "D",
        "e",
        "N",
        "h",
        "H",
        "a",
        "l",
        "d",
        "S",
        "R",
        "x",
    ]
    leaves = [
        None,
        True,
        0,
        -1,
        1,
        2**63,
        0.5,
        "",
        "a",
        "<f8",
        "|O",
        "builtins.int",
        "f",
        "o",
        b"",
        b"12345678",
        [],
        {},
    ]
    if depth > 4 or rng.random() < 0.4:
        return rng.choice(leaves)
    return [rng.choice(tags), *(any_node(rng, depth + 1) for _ in range(rng.randrange(4)))]


def any_frame(rng):
    """Return bytes that are nearly a frame, or not at all."""
    kinds = ["ok", "error", "ask", "bye", "?", 3]
    heads = [None, ["name", False], ["call", True], ["get", False], ["no such", False], [1, 2], []]
    lists = [[], [], [], [1, -1], [[1]], [None], "x"]
    message = [
        rng.choice(kinds),
        rng.choice(heads),
        rng.choice(lists),
        rng.choice(lists),
        rng.choice([[], [], [[1, any_node(rng)]], any_node(rng)]),
        any_node(rng),
    ]
    blob = rng.randbytes(rng.choice([0, 8, 64]))
    packed = msgpack.packb(message[: rng.choice([6, 6, 6, 5])])
    if rng.random() < 0.3:
        packed = bytearray(packed)
        packed[rng.randrange(len(packed))] = rng.randrange(256)
    size = rng.choice([len(blob), len(blob), len(blob), 2**60, 5])
    return rng.choice([FRAME.pack(len(packed), size) + packed + blob] * 9 + [rng.randbytes(50)])


@pytest.mark.parametrize("seed", range(4))
def test_any_bytes_give_the_referee_a_value_an_error_or_a_closed_line(seed):
    rng = random.Random(200 + seed)
    for _ in range(ROUNDS):
        ours, theirs = socket.socketpair()
        space = Namespace()
        link = space.link = RefereeLink(ours, Limits(value_bytes=2**20), space)
        theirs.sendall(b"".join(any_frame(rng) for _ in range(rng.randrange(1, 4))))
        theirs.shutdown(socket.SHUT_WR)
        theirs.setblocking(False)
        try:
            got = link.lookup("name")
        except Exception as error:
            assert type(error).__module__ in ("builtins", LinkClosed.__module__, ValuesError.__module__), (
                repr(error)
            )
            assert is_plain(error.args)
        else:
            assert is_plain(got), type(got)
        assert set(space) - {"__builtins__"} <= set(Namespace()), "a name was planted in the test"
        ours.close()
        theirs.close()


@pytest.mark.parametrize("seed", range(4))
def test_any_bytes_close_the_students_end_at_most(seed, capsys):
    rng = random.Random(300 + seed)
    for _ in range(ROUNDS):
        ours, theirs = socket.socketpair()
        student = StudentLink(theirs, Limits(value_bytes=2**20), {"name": [1], "f": lambda *a: None})
        ours.sendall(b"".join(any_frame(rng) for _ in range(rng.randrange(1, 4))))
        ours.shutdown(socket.SHUT_WR)
        student.serve()  # comes back
        ours.close()
        theirs.close()


def test_the_frames_of_the_fuzz_are_not_all_refused_at_the_first_byte():
    rng, understood = random.Random(5), 0
    for _ in range(ROUNDS):
        frame = any_frame(rng)
        head, size = FRAME.unpack_from(frame) if len(frame) >= FRAME.size else (0, 0)
        try:
            understood += len(msgpack.unpackb(frame[FRAME.size : FRAME.size + head])) == 6 and size < 2**20
        except (ValueError, TypeError, struct.error, msgpack.UnpackException):
            continue
    assert understood > ROUNDS // 3
