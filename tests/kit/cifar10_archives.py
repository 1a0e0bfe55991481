"""Small CIFAR-10 archives in the true formats, for the tests."""

import io
import struct
import tarfile
from functools import partial

import numpy as np

from cs231n_kit.data import load_cifar10

# These archives are not the published ones.
load_small = partial(load_cifar10, verify=False)
PER_BATCH = 30
BATCHES = [f"data_batch_{number}" for number in range(1, 6)] + ["test_batch"]


def batch(number):
    """Pixels (n, 3072) uint8 and labels (n,) uint8 of a batch, the same on every call."""
    rng = np.random.default_rng(number)
    return rng.integers(0, 256, (PER_BATCH, 3072), dtype=np.uint8), rng.integers(
        0, 10, PER_BATCH, dtype=np.uint8
    )


def binary(pixels, labels):
    """A batch's bytes: one label and 3,072 pixels a record."""
    return b"".join(bytes([label]) + row.tobytes() for row, label in zip(pixels, labels, strict=True))


def write_binary(folder):
    folder.mkdir(parents=True)
    for number, name in enumerate(BATCHES):
        (folder / f"{name}.bin").write_bytes(binary(*batch(number)))
    return folder


def python2_pickle(pixels, labels):
    """The bytes that Python 2 with NumPy 1 wrote: protocol 2, text and bytes alike as BINSTRING."""

    def string(text):
        return b"T" + struct.pack("<i", len(text)) + text

    def number(value):
        return b"J" + struct.pack("<i", value)

    dtype_state = b"(" + number(3) + string(b"|") + b"NNN" + number(-1) * 2 + number(0) + b"t"
    dtype = b"cnumpy\ndtype\n" + string(b"u1") + number(0) + number(1) + b"\x87R" + dtype_state + b"b"
    blank = (
        b"cnumpy.core.multiarray\n_reconstruct\ncnumpy\nndarray\n"
        + number(0)
        + b"\x85"
        + string(b"b")
        + b"\x87R"
    )
    shape = b"".join(number(size) for size in pixels.shape) + b"\x86"
    array = blank + b"(" + number(1) + shape + dtype + b"\x89" + string(pixels.tobytes()) + b"tb"
    listed = b"](" + b"".join(number(int(label)) for label in labels) + b"e"
    return b"\x80\x02}(" + string(b"labels") + listed + string(b"data") + array + b"u."


def write_tar(path, members):
    """A tar.gz of (name, content) pairs; a content may be a ready `TarInfo` in place of bytes."""
    with tarfile.open(path, "w:gz") as tar:
        for name, content in members:
            if isinstance(content, tarfile.TarInfo):
                tar.addfile(content)
            else:
                info = tarfile.TarInfo(name)
                info.size = len(content)
                tar.addfile(info, io.BytesIO(content))
    return path


def archive_members():
    contents = [(f"{name}.bin", binary(*batch(number))) for number, name in enumerate(BATCHES)]
    return [
        (f"cifar-10-batches-bin/{name}", content) for name, content in [*contents, ("readme.html", b"hello")]
    ]
