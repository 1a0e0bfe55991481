"""The pretrained network's weights and features: found beside the course, verified, read without pickle."""

import hashlib
import io
from pathlib import Path

import numpy as np

from cs231n_kit.data import cache

# What `make pretrained` wrote, in the format of `sha256sum`.
SUMS = Path(__file__).with_suffix(".sha256")


def load_pretrained(name):
    """Read one of the files that `make pretrained` made.

    Looked for in the course's `datasets/pretrained/`; in a folder `pretrained/` beside the notebook's folder, where the
    students' zip has it, or in the working directory; and in the folder of the data sets.

    Parameters
    ----------
    name : "network" (weights) or "features" (what it makes of some pictures); datasets/pretrained.md describes both

    Returns
    -------
    dict name -> array

    Raises
    ------
    ValueError : there is no such file in the course, or it is not the one that `make pretrained` made
    FileNotFoundError : the file is in none of these folders
    """
    sums = read_sums()
    filename = f"{name}.npz"
    if filename not in sums:
        known = ", ".join(repr(Path(known).stem) for known in sums)
        raise ValueError(f"There is no pretrained file {name!r}: choose one of {known}.")
    path = _find(filename)
    content = path.read_bytes()
    found = hashlib.sha256(content).hexdigest()
    if found != sums[filename]:
        raise ValueError(
            f"{path} is damaged or another version: its SHA-256 begins with {found[:12]}, this kit expects "
            f"{sums[filename][:12]}. Take the file again from the course's zip or repository."
        )
    with np.load(io.BytesIO(content), allow_pickle=False) as arrays:
        return dict(arrays)


def read_sums():
    """{file name: SHA-256} of the pretrained files."""
    lines = SUMS.read_text(encoding="utf-8").splitlines()
    return {filename: digest for digest, filename in (line.split() for line in lines)}


def folders():
    """Where pretrained files are looked for, in order."""
    checkout, here = Path(__file__).resolve().parents[2], Path.cwd()
    return [
        checkout / "datasets" / "pretrained",
        here.parent / "pretrained",
        here / "pretrained",
        cache.folder() / "pretrained",
    ]


def _find(filename):
    for folder in folders():
        if (folder / filename).is_file():
            return folder / filename
    places = "\n".join(f"  {folder}" for folder in folders()[1:])
    raise FileNotFoundError(
        f"{filename} was not found. The course's zip has it in the folder pretrained/: put that folder beside this "
        f"notebook's folder. Looked for in\n{places}"
    )
