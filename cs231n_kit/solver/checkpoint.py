"""Plain data in one `.npz` file: nested dicts and lists of arrays, numbers, strings and generators; no pickle."""

import json
import os
import tempfile
import zipfile
from pathlib import Path

import numpy as np

_LEAVES = (type(None), bool, int, float, str)


def save_checkpoint(path, tree):
    """Write `tree` to `path`, whole or not at all.

    Parameters
    ----------
    path : file to write; an older one is replaced in one step
    tree : nested dicts, lists and tuples of arrays, numbers, strings, None and
        `numpy.random.Generator`

    Raises
    ------
    TypeError : for anything else in the tree
    """
    path = Path(path)
    arrays = {}
    skeleton = json.dumps(_pack(tree, arrays))
    descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=path.name, suffix=".part")
    try:
        with os.fdopen(descriptor, "wb") as file:
            np.savez(file, skeleton=np.array(skeleton), **arrays)
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def load_checkpoint(path):
    """Read what `save_checkpoint` wrote; arrays, numbers and generators come back bit for bit.

    Raises
    ------
    FileNotFoundError : when there is no such file
    ValueError : when the file is damaged or is not a checkpoint
    """
    try:
        with np.load(path, allow_pickle=False) as file:
            arrays = dict(file)
        return _unpack(json.loads(arrays.pop("skeleton").item()), arrays)
    except FileNotFoundError:
        raise FileNotFoundError(
            f"there is no checkpoint {path}: was the path given to Solver another one?"
        ) from None
    except (ValueError, KeyError, EOFError, OSError, zipfile.BadZipFile, AttributeError, TypeError) as error:
        raise ValueError(
            f"{path} is not a checkpoint of Solver, or is damaged ({error}): train again, or use another one"
        ) from None


def _pack(value, arrays):
    """What JSON can hold of `value`; its arrays go into `arrays` under running numbers."""
    if isinstance(value, (np.ndarray, np.generic)):
        if np.asarray(value).dtype.hasobject:
            raise TypeError("an array of Python objects cannot be kept in a checkpoint")
        key = f"array_{len(arrays)}"
        arrays[key] = np.asarray(value)
        return {"array": key, "scalar": isinstance(value, np.generic)}
    if isinstance(value, np.random.Generator):
        return {"generator": _pack(value.bit_generator.state, arrays)}
    if isinstance(value, dict):
        return {"dict": [[_pack(key, arrays), _pack(item, arrays)] for key, item in value.items()]}
    if isinstance(value, (list, tuple)):
        return {type(value).__name__: [_pack(item, arrays) for item in value]}
    if isinstance(value, _LEAVES):
        return value
    raise TypeError(f"a checkpoint cannot keep a {type(value).__name__}")


def _unpack(value, arrays):
    if not isinstance(value, dict):
        return value
    if "array" in value:
        array = arrays[value["array"]]
        return array[()] if value["scalar"] else array
    kind, content = next(iter(value.items()))
    if kind == "dict":
        return {key: _unpack(item, arrays) for key, item in content}
    if kind == "generator":
        state = _unpack(content, arrays)
        bit_generator = getattr(np.random, state["bit_generator"])()
        bit_generator.state = state
        return np.random.Generator(bit_generator)
    items = [_unpack(item, arrays) for item in content]
    return tuple(items) if kind == "tuple" else items
