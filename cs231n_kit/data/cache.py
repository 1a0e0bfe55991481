"""Where data sets are kept on disk, and blocks of bytes that notice when they are damaged."""

import hashlib
import os
import tempfile
from pathlib import Path

import numpy as np
import platformdirs

DIGEST_SIZE = hashlib.sha256().digest_size


def folder():
    """The folder for data sets: it may not exist yet, and may not be writable.

    `CS231N_DATA` if the environment has it; in a checkout of the course `datasets/cache/`; else the user's
    own cache folder.
    """
    if chosen := os.environ.get("CS231N_DATA"):
        return Path(chosen).expanduser()
    checkout = Path(__file__).resolve().parents[2]
    if (checkout / "pyproject.toml").is_file() and (checkout / "datasets").is_dir():
        return checkout / "datasets" / "cache"
    return platformdirs.user_cache_path("cs231n_kit", appauthor=False)


def write_block(path, block):
    """Write a uint8 array and its SHA-256, all or nothing; several processes may do so at once.

    Raises
    ------
    OSError : the folder cannot be made or written
    """
    data = block.tobytes()
    _write(path, data + hashlib.sha256(data).digest())


def write_text(path, text):
    """Write a text file, all or nothing.

    Raises
    ------
    OSError : the folder cannot be made or written
    """
    _write(path, text.encode())


def _write(path, content):
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=path.parent, suffix=".part", delete=False) as file:
        part = Path(file.name)
    try:
        part.write_bytes(content)
        part.chmod(0o644)  # a temporary file is its owner's alone; a class shares the cache
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def read_block(path, shape):
    """Read what `write_block` wrote.

    Returns
    -------
    uint8 array of this shape, read-only; None if there is no such file, or none that can be read

    Raises
    ------
    ValueError : the file is damaged
    """
    try:
        raw = path.read_bytes()
    except OSError:
        return None
    data, digest = raw[:-DIGEST_SIZE], raw[-DIGEST_SIZE:]
    if len(data) != np.prod(shape) or hashlib.sha256(data).digest() != digest:
        raise ValueError(f"{path} is damaged")
    return np.frombuffer(data, np.uint8).reshape(shape)
