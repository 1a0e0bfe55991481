"""Read a pickle that holds plain data, and refuse every other one.

A pickle is a program: `pickle.load` runs what it names. Here nothing that a pickle names is ever looked up;
the few names that stand for arrays and bytes lead to the small functions below, any other ends the reading.
"""

import pickle

import numpy as np


class RefusedPickle(ValueError):
    """The pickle asks for something that is not plain data, or is damaged."""


class _Dtype:
    """What `numpy.dtype` would make: a type of plain numbers."""

    def __init__(self, code, align=False, copy=True):
        self.type = np.dtype(code.decode("ascii") if isinstance(code, bytes) else code)
        if self.type.kind not in "biuf":
            raise RefusedPickle(f"an array of {self.type.name}, not of numbers")

    def __setstate__(self, state):
        order = state[1]
        self.type = self.type.newbyteorder(order.decode("ascii") if isinstance(order, bytes) else order)


class _Array:
    """What `numpy.ndarray` would make; it is filled by its state."""

    def __init__(self, *ignored):
        self.value = None

    def __setstate__(self, state):
        _, shape, dtype, fortran, raw = state
        self.value = np.frombuffer(raw, dtype.type).reshape(shape, order="F" if fortran else "C")


def _array_from_buffer(buffer, dtype, shape, order):
    array = _Array()
    array.value = np.frombuffer(buffer, dtype.type).reshape(shape, order=order)
    return array


def _latin1(text, encoding):
    """Bytes, as Python 2's pickle protocols write them."""
    if encoding not in ("latin1", b"latin1"):
        raise RefusedPickle(f"text in the encoding {encoding!r}")
    return text.encode("latin1")


def _no_bytes():
    return b""


MEANINGS = {
    ("numpy", "dtype"): _Dtype,
    ("numpy", "ndarray"): _Array,
    ("numpy.core.multiarray", "_reconstruct"): _Array,
    ("numpy._core.multiarray", "_reconstruct"): _Array,
    ("numpy.core.numeric", "_frombuffer"): _array_from_buffer,
    ("numpy._core.numeric", "_frombuffer"): _array_from_buffer,
    ("_codecs", "encode"): _latin1,
    ("__builtin__", "bytes"): _no_bytes,
}


class _PlainUnpickler(pickle.Unpickler):
    def find_class(self, module, name):
        meaning = MEANINGS.get((module, name))
        if meaning is None:
            raise RefusedPickle(f"it asks for {module}.{name}")
        # A fresh function each time: a pickle can set attributes of what it is given.
        return lambda *arguments: meaning(*arguments)

    def persistent_load(self, pid):
        raise RefusedPickle("it asks for an object outside itself")


def load(path):
    """Read a dictionary of plain data.

    Parameters
    ----------
    path : a pickle, of Python 2 or 3, of a dict whose values are arrays of numbers, bytes, str,
        int, or lists and dicts of these

    Returns
    -------
    dict : keys as str, arrays read-only

    Raises
    ------
    RefusedPickle : the pickle holds or asks for anything else, or is damaged
    OSError : the file cannot be read
    """
    with path.open("rb") as file:
        try:
            content = _PlainUnpickler(file, encoding="bytes").load()
        except RefusedPickle as refusal:
            raise RefusedPickle(f"{path} is refused: {refusal}.") from None
        except Exception as error:  # damaged bytes can make the unpickler stumble in any way
            raise RefusedPickle(f"{path} is damaged: {error}.") from None
    if not isinstance(content, dict):
        raise RefusedPickle(f"{path} is refused: it holds a {type(content).__name__}, not a dict.")
    return {_text(key): value for key, value in _plain(path, content).items()}


def _text(key):
    """Python 2 wrote text as bytes."""
    return key.decode("utf-8", "replace") if isinstance(key, bytes) else key


def _plain(path, value):
    if isinstance(value, _Array) and value.value is not None:
        return value.value
    if isinstance(value, list):
        return [_plain(path, item) for item in value]
    if isinstance(value, dict):
        return {_plain(path, key): _plain(path, item) for key, item in value.items()}
    if type(value) in (bytes, str, int):
        return value
    raise RefusedPickle(f"{path} is refused: it holds a {type(value).__name__.strip('_')}.")
