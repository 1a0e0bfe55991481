"""What may cross between the student's process and the referee: plain values and arrays, never objects with behaviour.

A value becomes a tree of msgpack types; arrays travel beside it as raw bytes. Whatever has identity (arrays,
lists, dicts, sets, random generators) is entered in a `Book` that both ends keep, so that a change in place on
one side can be written back on the other. Everything else crosses as a handle, through the two functions that a
`Writer` and a `Reader` are given. Nothing that is read can run code: builtin containers, exact builtin numbers,
`ndarray` of a numeric or text dtype, NumPy's own bit generators.
"""

import builtins
import itertools
import math
import re
import sys

import msgpack
import numpy as np

NUMERIC = {np.dtype(code).newbyteorder("<").str for code in "?bhilqBHILQefdFD"}
TEXT = re.compile(r"<U[1-9]\d{0,3}")
TYPES = {"numpy." + np.dtype(code).name: np.dtype(code).type for code in "?bhilqBHILQefdFD"} | {
    f"builtins.{t.__name__}": t for t in (bool, int, float, complex, str, bytes, list, tuple, dict, set)
}
TYPE_NAMES = {kind: name for name, kind in TYPES.items()}
GENERATORS = {name: getattr(np.random, name) for name in ("PCG64", "PCG64DXSM", "MT19937", "Philox", "SFC64")}
LARGEST_INTEGER = 4096  # hexadecimal digits
MOST_AXES = 32


class ValuesError(RuntimeError):
    """Something came that may not cross, or that is too large or too deep to be looked at.

    No ValueError or TypeError, which exercises ask for: a function that should refuse its input with one does not
    earn that by returning something unreadable.
    """


MUTABLE = (np.ndarray, list, dict, set, np.random.Generator)


class Entry:
    """A mutable object that both ends know, with its content when they last agreed on it."""

    def __init__(self, obj, scope):
        self.obj, self.scope, self.agreed = obj, scope, None
        self.refused = False  # whether it was said that what it holds now cannot cross


class Book:
    """The mutable objects that both ends know, by number. One end counts upwards, the other downwards.

    An entry lasts as long as the call that brought it (`scope` is the depth of that call). One that was reached
    through a handle (`scope` 0) lasts until `unused` finds that nobody on the referee's side refers to it any more.
    """

    def __init__(self, sign):
        self.sign, self.count = sign, 0
        self.entries = {}
        self.keys = {}  # id of object -> key

    def key_of(self, obj):
        """Return the number of an object, or None."""
        return self.keys.get(id(obj))

    def enter(self, obj, scope, key=None):
        """Take an object in, under a new number or under the one that the other end gave it."""
        if key is None:
            self.count += 1
            key = self.sign * self.count
        elif type(key) is not int or key * self.sign >= 0 or key in self.entries:
            raise ValuesError("an object came under a number that is not free")
        self.entries[key] = Entry(obj, scope)
        self.keys[id(obj)] = key
        return key

    def find(self, key):
        """Return the object with a number that came."""
        if type(key) is not int or key not in self.entries:
            raise ValuesError("a reference came to an object that nobody knows")
        return self.entries[key].obj

    def drop(self, keys):
        """Forget objects by number."""
        for key in keys:
            entry = self.entries.pop(key, None)
            if entry is not None:
                self.keys.pop(id(entry.obj), None)

    def close_scope(self, depth):
        """Forget what calls at this depth or deeper brought."""
        self.drop([key for key, entry in self.entries.items() if entry.scope >= depth])

    def unused(self):
        """Forget what was reached through handles and nobody but this book refers to; returns the numbers.

        To be called when all changes have been sent: a temporary such as ``net.params`` in ``net.params["W"] = w``
        must live until then.
        """
        # Two references: the entry's, and the argument of getrefcount.
        keys = [
            key for key, entry in self.entries.items() if entry.scope == 0 and sys.getrefcount(entry.obj) <= 2
        ]
        self.drop(keys)
        return keys


class Writer:
    """Turns values into a tree of msgpack types, one `Writer` a message.

    `foreign(obj)` returns the node of something that is no plain value, or raises TypeError.
    """

    def __init__(self, book, foreign, limits):
        self.book, self.foreign, self.limits = book, foreign, limits
        self.blobs, self.nodes = [], 0
        self.alive = []  # temporaries whose id is in use while the message is written
        self.entered, self.agreed = [], []  # what holds once the message is on its way
        self.refused = None  # the first reason why a change cannot be written

    def commit(self):
        """The message is sent: both ends agree on what it says."""
        for entry, agreed in self.agreed:
            entry.agreed = agreed

    def roll_back(self, entered=0, blobs=0):
        """Forget what the message brought, from its so many-th object and array on: it is not sent."""
        self.book.drop(self.entered[entered:])
        del self.entered[entered:], self.blobs[blobs:]

    def write(self, value, scope, depth=0):
        """Return the node of a value; mutable objects in it are entered in the book with `scope`."""
        self.nodes += 1
        if depth > self.limits.value_depth:
            raise ValuesError(f"the value is nested deeper than {self.limits.value_depth} levels")
        if self.nodes > self.limits.value_nodes:
            raise ValuesError(f"the value has more than {self.limits.value_nodes:,} parts")
        if value is None or value is True or value is False:
            return value
        if isinstance(value, np.generic):
            return self._scalar(value)
        if isinstance(value, type):
            return ["T", TYPE_NAMES[value]] if value in TYPE_NAMES else self.foreign(value)
        for kind, plain in ((str, str.__str__), (bytes, bytes), (float, float), (int, int.__int__)):
            if isinstance(value, kind):
                if kind is int and (problem := refusal(value)):
                    raise ValuesError(problem)
                return _integer(plain(value)) if kind is int else plain(value)
        if isinstance(value, MUTABLE):
            return self._mutable(value, scope, depth)
        if isinstance(value, complex):
            return ["c", value.real, value.imag]
        if isinstance(value, (tuple, frozenset)):
            tag = "t" if isinstance(value, tuple) else "f"
            return [tag, [self.write(item, scope, depth + 1) for item in value]]
        if isinstance(value, (slice, range)):
            parts = [value.start, value.stop, value.step]
            return [
                "s" if isinstance(value, slice) else "r",
                *(self.write(part, scope, depth + 1) for part in parts),
            ]
        if isinstance(value, np.dtype) and value.str in NUMERIC:
            return ["D", value.str]
        if value is Ellipsis or value is NotImplemented:
            return ["e" if value is Ellipsis else "N"]
        return self.foreign(value)

    def _scalar(self, value):
        if value.dtype.str not in NUMERIC:
            return str(value) if isinstance(value, np.str_) else self.foreign(value)
        return ["n", value.dtype.str, value.tobytes()]

    def _mutable(self, value, scope, depth):
        key = self.book.key_of(value)
        if key is not None:
            return ["k", key]
        if isinstance(value, np.random.Generator) and type(value.bit_generator).__name__ not in GENERATORS:
            return self.foreign(value)
        self.alive.append(value)
        key = self.book.enter(value, scope)
        self.entered.append(key)
        content = self.content(value, scope, depth)
        entry = self.book.entries[key]
        entry.agreed = fingerprint(value, content)
        return ["m", key, content]

    def content(self, value, scope, depth=0):
        """Return the node of what a mutable object holds, without its identity."""
        if isinstance(value, np.ndarray):
            return self._array(value)
        if isinstance(value, list):
            return ["l", [self.write(item, scope, depth + 1) for item in list.__iter__(value)]]
        if isinstance(value, dict):
            self._refuse_unhashable(dict.keys(value))
            pairs = [self.write(part, scope, depth + 1) for pair in dict.items(value) for part in pair]
            return ["d", pairs]
        if isinstance(value, set):
            self._refuse_unhashable(value)
            return ["S", [self.write(item, scope, depth + 1) for item in set.__iter__(value)]]
        return ["R", type(value.bit_generator).__name__, _state_tree(value.bit_generator.state)]

    @staticmethod
    def _refuse_unhashable(keys):
        for key in keys:
            if isinstance(key, MUTABLE):
                raise ValuesError(f"a {type(key).__name__} cannot be the key of a dict or an item of a set")

    def _array(self, array):
        array = np.asarray(array)
        if problem := refusal(array):
            raise ValuesError(problem)
        if array.dtype.str not in NUMERIC and not TEXT.fullmatch(array.dtype.str):
            array = array.astype(array.dtype.newbyteorder("<"))
        fortran = array.ndim > 1 and array.flags.f_contiguous and not array.flags.c_contiguous
        self.blobs.append(raw(array.T if fortran else array))
        return ["a", array.dtype.str, list(array.shape), fortran, bool(array.flags.writeable)]

    def changes(self):
        """Return [key, content] of every object in the book that changed since both ends agreed.

        What an object holds now may be nothing that can cross: it is left out then, and `refused` says why.
        """
        found = []
        for key, entry in list(self.book.entries.items()):
            entered, blobs = len(self.entered), len(self.blobs)
            try:
                content = self._change(entry)
            except (ValuesError, TypeError) as error:
                self.roll_back(entered, blobs)
                if not entry.refused:  # said once: what does not use it is judged as if nothing had happened
                    self.refused, entry.refused = self.refused or error, True
                continue
            entry.refused = False
            if content is not None:
                found.append([key, content])
                self.agreed.append((entry, fingerprint(entry.obj, content)))
        return found

    def _change(self, entry):
        """Return what an object of the book holds, or None if that is what both ends know."""
        value = entry.obj
        if isinstance(value, np.ndarray):
            unchanged = not value.flags.writeable or np.asarray(value).tobytes() == entry.agreed
            return None if unchanged else self._array(value)
        content = self.content(value, entry.scope)
        return None if fingerprint(value, content) == entry.agreed else content


def refusal(value):
    """Say why an array or a number may not cross, or None."""
    if isinstance(value, np.ndarray):
        dtype = value.dtype
        if (
            dtype.str not in NUMERIC
            and not TEXT.fullmatch(dtype.str)
            and dtype.newbyteorder("<").str not in NUMERIC
        ):
            kind = "an array of rows of unequal length or of objects" if dtype.hasobject else "an array"
            return f"{kind} (dtype {str(dtype)[:60]}) cannot be compared: numbers are expected"
        if value.ndim > MOST_AXES:
            return f"an array of {value.ndim} axes cannot be compared: {MOST_AXES} at most are expected"
    elif isinstance(value, int) and not isinstance(value, bool) and value.bit_length() > 4 * LARGEST_INTEGER:
        return f"an integer of {value.bit_length():,} bits cannot be compared: it is too large"
    return None


def place_of_refused(value, path="", depth=0):
    """Return where in a value something may not cross, such as "[1]['W']"; empty if it is the value itself."""
    if depth > 20 or refusal(value):
        return path
    if isinstance(value, (list, tuple)):
        parts = enumerate(value)
    elif isinstance(value, dict):
        parts = dict.items(value)
    else:
        return ""
    for key, part in itertools.islice(parts, 1000):
        found = place_of_refused(part, f"{path}[{repr(key)[:40]}]", depth + 1)
        if found:
            return found
    return ""


class Reader:
    """Turns a tree that came back into values, and refuses what is not one.

    `foreign(node)` returns what a handle stands for, or raises `ValuesError`; `foreign_node(obj)` is a `Writer`'s.
    """

    def __init__(self, book, foreign, foreign_node, limits, blob):
        self.book, self.foreign, self.foreign_node, self.limits = book, foreign, foreign_node, limits
        self.blob, self.position, self.nodes = blob, 0, 0

    def read(self, node, scope, depth=0):
        """Return the value of a node; mutable objects in it are entered in the book with `scope`."""
        self.nodes += 1
        if depth > self.limits.value_depth or self.nodes > self.limits.value_nodes:
            raise ValuesError("the value is too deep or has too many parts")
        if node is None or type(node) in (bool, int, float, str, bytes):
            return node
        if type(node) is not list or not node or type(node[0]) is not str:
            raise ValuesError("a value came in a form that is not understood")
        tag, *parts = node
        try:
            return self._read_tagged(tag, parts, scope, depth)
        except ValuesError:
            raise
        except (TypeError, ValueError, KeyError, IndexError, OverflowError) as error:
            raise ValuesError(f"a value came in a form that is not understood: {error}") from None

    def _read_tagged(self, tag, parts, scope, depth):
        if tag == "k":
            (key,) = parts
            return self.book.find(key)
        if tag == "m":
            key, content = parts
            return self._mutable(key, content, scope, depth)
        if tag in ("t", "f"):
            items = [self.read(item, scope, depth + 1) for item in _listed(parts)]
            return tuple(items) if tag == "t" else frozenset(items)
        if tag == "n":
            dtype, data = parts
            return np.frombuffer(data, _dtype(dtype), count=1)[0]
        if tag == "i":
            (digits,) = parts
            if len(digits.lstrip("-")) > LARGEST_INTEGER:
                raise ValuesError("an integer of more than 16,000 bits came")
            return int(digits, 16)
        if tag == "c":
            return complex(float(parts[0]), float(parts[1]))
        if tag in ("s", "r"):
            return (slice if tag == "s" else range)(*(self.read(part, scope, depth + 1) for part in parts))
        if tag == "T":
            return TYPES[parts[0]]
        if tag == "D":
            return _dtype(parts[0])
        if tag in ("e", "N"):
            return Ellipsis if tag == "e" else NotImplemented
        return self.foreign([tag, *parts])

    def _mutable(self, key, content, scope, depth):
        kind, *parts = content
        if kind in ("a", "R"):
            value = self._array(*parts) if kind == "a" else self._generator(*parts)
            self.book.enter(value, scope, key)
        else:
            value = {"l": list, "d": dict, "S": set}[kind]()
            self.book.enter(value, scope, key)  # before its items, which may refer to it
            self._fill(value, kind, parts, scope, depth)
        self._agree(key, value)
        return value

    def _fill(self, value, kind, parts, scope, depth):
        items = [self.read(item, scope, depth + 1) for item in _listed(parts)]
        value.clear()
        if kind == "l":
            value.extend(items)
        elif kind == "S":
            value.update(items)
        else:
            value.update(zip(items[::2], items[1::2], strict=True))

    def _array(self, dtype, shape, fortran, writeable):
        dtype = _dtype(dtype, text=True)
        if len(shape) > MOST_AXES or not all(type(n) is int and n >= 0 for n in shape):
            raise ValuesError("an array of an impossible shape came")
        size = math.prod(shape) * dtype.itemsize
        if size > len(self.blob) - self.position:
            raise ValuesError("an array came without its content")
        flat = (
            np.frombuffer(self.blob, dtype, math.prod(shape), self.position) if size else np.empty(0, dtype)
        )
        self.position += size
        array = flat.reshape(shape[::-1]).copy().T if fortran else flat.reshape(shape).copy()
        array.flags.writeable = bool(writeable)
        return array

    def _generator(self, name, state):
        bits = GENERATORS[name]()
        bits.state = _state(bits.state, state)
        return np.random.Generator(bits)

    def apply(self, changes):
        """Write what changed on the other side into the objects on this one, in place."""
        for change in _listed([changes]):
            key, (kind, *parts) = change
            value, entry = self.book.find(key), self.book.entries[key]
            if kind == "a" and isinstance(value, np.ndarray):
                fresh = self._array(*parts)
                if fresh.shape != value.shape or fresh.dtype != value.dtype or not value.flags.writeable:
                    raise ValuesError("an array changed its shape or type in place")
                value[...] = fresh
            elif kind == "R" and isinstance(value, np.random.Generator):
                value.bit_generator.state = _state(value.bit_generator.state, parts[1])
            elif isinstance(value, {"l": list, "d": dict, "S": set}.get(kind, ())):
                self._fill(value, kind, parts, entry.scope, 0)
            else:
                raise ValuesError("an object changed its type")
            self._agree(key, value)

    def _agree(self, key, value):
        """Note what an object holds now as what both ends know."""
        writer = Writer(self.book, self.foreign_node, self.limits)
        content = (
            None if isinstance(value, np.ndarray) else writer.content(value, self.book.entries[key].scope)
        )
        self.book.entries[key].agreed = fingerprint(value, content)


def raw(array):
    """Return an array's bytes in C order, without a copy where they lie so."""
    return np.ascontiguousarray(array).reshape(-1).view(np.uint8)


def fingerprint(value, content):
    """Return what tells whether a mutable object changed: a copy of an array's bytes, or its packed node."""
    if isinstance(value, np.ndarray):
        return np.asarray(value).tobytes()
    kind, *parts = content
    return msgpack.packb([kind, *parts] if kind == "R" else [kind, [_known(item) for item in parts[0]]])


def _known(node):
    """Return a node as it will be written the next time, when what it introduced is known."""
    if type(node) is not list:
        return node
    if node[0] == "m":
        return ["k", node[1]]
    return [node[0], [_known(item) for item in node[1]]] if node[0] in ("t", "f") else node


def _integer(value):
    return value if -(2**63) <= value < 2**64 else ["i", format(value, "x")]


def _dtype(name, text=False):
    if name not in NUMERIC and not (text and isinstance(name, str) and TEXT.fullmatch(name)):
        raise ValuesError(f"an array of type {name!r:.40} came: numbers are expected")
    return np.dtype(name)


def _listed(parts):
    (items,) = parts
    if type(items) is not list:
        raise ValuesError("a list was expected")
    return items


def _state_tree(state):
    """Return a bit generator's state with numbers as text: they are longer than msgpack's."""
    if isinstance(state, dict):
        return {name: _state_tree(part) for name, part in state.items()}
    if isinstance(state, np.ndarray):
        return [str(part) for part in state.tolist()]
    return state if isinstance(state, str) else str(int(state))


def _state(pattern, tree):
    """Read a bit generator's state by the pattern of one of the same kind; NumPy's setter checks the rest."""
    if isinstance(pattern, dict):
        return {name: _state(part, tree[name]) for name, part in pattern.items()}
    if isinstance(pattern, np.ndarray):
        return np.array([int(part) for part in tree], dtype=pattern.dtype).reshape(pattern.shape)
    return str(tree) if isinstance(pattern, str) else int(tree)


def error_to_plain(error, longest=2000):
    """Describe an exception by the nearest builtin type and its message."""
    kind = next(t for t in type(error).__mro__ if getattr(builtins, t.__name__, None) is t)
    text = error.args[0] if len(error.args) == 1 and isinstance(error.args[0], str) else str(error)
    return [kind.__name__, text[:longest]]


def error_from_plain(kind, message):
    """Return the exception that a description stands for: a builtin one, or RuntimeError."""
    found = getattr(builtins, kind, None) if isinstance(kind, str) else None
    message = message if isinstance(message, str) else ""
    if isinstance(found, type) and issubclass(found, Exception):
        try:
            return found(message)
        except TypeError:  # UnicodeDecodeError and its like want more than a message
            pass
    return RuntimeError(f"{kind}: {message}")
