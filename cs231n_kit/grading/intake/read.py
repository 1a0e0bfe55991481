"""Take in what a student handed in: one notebook, read as plain data, or a reason in plain words why not.

Nothing of a submission is executed, extracted, followed or copied here. Files other than the notebook are not
looked into; the time is that of the file as the collector wrote it, never one that the submission claims.
"""

import codecs
import hashlib
import io
import json
import os
import re
import stat
import zipfile
import zlib
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import PurePosixPath

CELL_TYPES = ("code", "markdown", "raw")
# Byte-order marks; that of UTF-32 begins like one of UTF-16.
ENCODINGS = {
    codecs.BOM_UTF32_LE: "UTF-32",
    codecs.BOM_UTF32_BE: "UTF-32",
    codecs.BOM_UTF16_LE: "UTF-16",
    codecs.BOM_UTF16_BE: "UTF-16",
}
DRIVE = re.compile(r"[A-Za-z]:")  # of Windows
UNZIPPING = (zipfile.BadZipFile, zlib.error, OSError, RuntimeError, NotImplementedError, EOFError, ValueError)


class Quarantined(Exception):
    """The submission cannot be graded as it is; the message says why, for the instructor and the student."""


@dataclass
class Taken:
    """A submission that can be graded."""

    cells: list  # of dict: cell_type, source, id, grade_id, nbgrader, tags
    sha256: str
    timestamp: datetime
    note: str = ""
    outputs: tuple = ()  # of each cell, as they were handed in: hostile data, to be cleaned before it is shown


def take(folder, stem, limits):
    """Read the notebook `stem` from a student's folder.

    Returns
    -------
    Taken, or None if nothing was handed in

    Raises
    ------
    Quarantined : with the reason
    """
    if not os.path.lexists(folder):
        return None
    files = [path for path in walk(folder, limits) if not is_aside(path.relative_to(folder))]
    wanted = f"{stem}.ipynb"
    notebooks = [path for path in files if path.suffix.lower() == ".ipynb"]
    chosen = [path for path in notebooks if path.name == wanted and path.parent == folder] or notebooks
    archives = [path for path in files if path.suffix.lower() == ".zip"]
    if not chosen and len(archives) > 1:
        raise Quarantined(f"there are {len(archives)} zip files and no notebook, one is expected")
    if not chosen and archives:
        name = archives[0].name
        content = notebook_in_archive(_read(archives[0], limits.archive_bytes), name, wanted, limits)
        note = f"taken from {name}"
        chosen = archives
    elif not chosen:
        return None
    elif len(chosen) > 1:
        raise Quarantined(f"there are {len(chosen)} notebooks and none is called {wanted}")
    else:
        content, name = _read(chosen[0], limits.notebook_bytes), chosen[0].name
        note = "" if name == wanted else f"handed in as {name}"
    try:
        written = datetime.fromtimestamp(chosen[0].lstat().st_mtime, UTC).replace(tzinfo=None)
    except (OverflowError, ValueError):
        raise Quarantined(f"the time of the file {name} is no date") from None
    cells = cells_of(content, limits)
    outputs = tuple(cell.pop("outputs") for cell in cells)
    return Taken(cells, hashlib.sha256(content).hexdigest(), written, note, outputs)


def is_aside(path):
    """Whether a file is what editors and archivers leave beside a notebook: checkpoints, hidden files, __MACOSX."""
    return any(part.startswith(".") or part == "__MACOSX" for part in path.parts)


def walk(folder, limits):
    """Return all files below a folder; links, devices, pipes, hard links and crowds are refused."""
    found, folders = [], [folder]
    if any(stat.S_ISLNK(place.lstat().st_mode) for place in (folder, folder.parent)):
        raise Quarantined("the folder is a link to another place")
    while folders:
        for entry in os.scandir(folders.pop()):
            path, status = folder.__class__(entry.path), entry.stat(follow_symlinks=False)
            shown = path.relative_to(folder)
            if stat.S_ISDIR(status.st_mode):
                folders.append(path)
            elif stat.S_ISLNK(status.st_mode):
                raise Quarantined(f"{shown} is a link to another place, not a file")
            elif not stat.S_ISREG(status.st_mode):
                raise Quarantined(f"{shown} is a device or a pipe, not a file")
            elif status.st_nlink > 1:
                raise Quarantined(f"{shown} is a second name (a hard link) of another file")
            else:
                found.append(path)
            if len(found) + len(folders) > limits.folder_files:
                raise Quarantined(f"it has more than {limits.folder_files} files and folders")
    return sorted(found)


def _read(path, most):
    """Read a file without following links, up to a size."""
    descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0))
    with os.fdopen(descriptor, "rb") as file:
        content = file.read(most + 1)
    if len(content) > most:
        raise Quarantined(
            f"{path.name} is larger than {most // 2**20} MiB; clear its outputs and hand it in again"
        )
    return content


def notebook_in_archive(archived, name, wanted, limits):
    """Return the one notebook of a zip file, both as bytes; nothing is unpacked."""
    try:
        with zipfile.ZipFile(io.BytesIO(archived)) as archive:
            entries = archive.infolist()
            _refuse_entries(entries, limits)
            named = [(PurePosixPath(entry.filename), entry) for entry in entries if not entry.is_dir()]
            named = [(p, e) for p, e in named if p.suffix.lower() == ".ipynb" and not is_aside(p)]
            notebooks = [e for p, e in named if p.name == wanted] or [e for _, e in named]
            if len(notebooks) != 1:
                raise Quarantined(f"{name} holds {len(notebooks)} notebooks, one called {wanted} is expected")
            with archive.open(notebooks[0]) as file:
                content = file.read(limits.notebook_bytes + 1)
    except UNZIPPING as error:
        raise Quarantined(f"{name} cannot be read as a zip file: {error}") from None
    if len(content) > limits.notebook_bytes:
        raise Quarantined(f"the notebook in {name} is larger than {limits.notebook_bytes // 2**20} MiB")
    return content


def _refuse_entries(entries, limits):
    if len(entries) > limits.folder_files or sum(entry.file_size for entry in entries) > limits.archive_bytes:
        raise Quarantined("the zip file unpacks to more than a submission may hold")
    for entry in entries:
        name = PurePosixPath(entry.filename.replace("\\", "/"))
        if name.is_absolute() or ".." in name.parts or DRIVE.match(entry.filename):
            raise Quarantined(f"the zip file has an entry that points outside: {entry.filename!r}")
        if stat.S_ISLNK(entry.external_attr >> 16):
            raise Quarantined(f"the zip file has a link in it: {entry.filename!r}")
        if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise Quarantined(f"the zip file is compressed in an unusual way: {entry.filename!r}")


def cells_of(content, limits):
    """Read a notebook's bytes as a list of cells; only what grading needs is kept of each."""
    if content.count(b"[") + content.count(b"{") > limits.notebook_parts:
        raise Quarantined("the notebook's JSON has more parts than any notebook's; clear its outputs")
    try:
        notebook = json.loads(_text(content))
    except (ValueError, RecursionError) as error:
        raise Quarantined(f"the notebook is no readable JSON: {error}") from None
    if not isinstance(notebook, dict) or not isinstance(notebook.get("cells"), list):
        old = isinstance(notebook, dict) and "worksheets" in notebook
        why = "it has an old format; open and save it in JupyterLab" if old else "it has no list of cells"
        raise Quarantined(f"the file is no notebook: {why}")
    if notebook.get("nbformat") != 4:
        raise Quarantined(f"the notebook has format {str(notebook.get('nbformat'))[:20]}, 4 is expected")
    if _depth(notebook, limits.notebook_depth) > limits.notebook_depth:
        raise Quarantined("the notebook's JSON is nested deeper than any notebook's")
    if len(notebook["cells"]) > limits.notebook_cells:
        raise Quarantined(f"the notebook has more than {limits.notebook_cells} cells")
    cells = [_cell(cell, index) for index, cell in enumerate(notebook["cells"])]
    if sum(len(cell["source"].encode()) for cell in cells) > limits.source_bytes:
        raise Quarantined(
            f"the text of its cells is longer than {limits.source_bytes / 2**20:g} MiB altogether"
        )
    return cells


def _text(content):
    """Decode a notebook: UTF-8, with a byte-order mark or without; any other encoding is named."""
    for mark, name in ENCODINGS.items():
        if content.startswith(mark):
            raise Quarantined(
                f"the notebook is saved as {name}; save it as UTF-8, which is what Jupyter writes"
            )
    if content[:64].count(0) > len(content[:64]) // 4:
        raise Quarantined("the notebook is saved as UTF-16 or UTF-32, or is no text; save it as UTF-8")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        found = f"byte {error.start} is 0x{content[error.start]:02x}"
        raise Quarantined(
            f"the notebook is not UTF-8, which is what Jupyter writes ({found}); save it as UTF-8"
        ) from None


def _depth(value, most):
    """Return how deeply containers are nested, counting no further than needed."""
    depth, level = 0, [value]
    while level and depth <= most:
        level = [
            child
            for item in level
            for child in (item.values() if isinstance(item, dict) else item)
            if isinstance(child, (dict, list))
        ]
        depth += 1
    return depth


def _cell(cell, index):
    if not isinstance(cell, dict) or cell.get("cell_type") not in CELL_TYPES:
        raise Quarantined(f"cell {index + 1} of the notebook is no cell")
    source = cell.get("source", "")
    if isinstance(source, list) and all(isinstance(line, str) for line in source):
        source = "".join(source)
    if not isinstance(source, str):
        raise Quarantined(f"cell {index + 1} of the notebook has no text")
    try:
        source.encode("utf-8")
    except UnicodeEncodeError:
        raise Quarantined(
            f"cell {index + 1} of the notebook has broken characters (lone surrogates)"
        ) from None
    metadata = cell.get("metadata")
    metadata = metadata if isinstance(metadata, dict) else {}
    nbgrader, tags = metadata.get("nbgrader"), metadata.get("tags")
    nbgrader = nbgrader if isinstance(nbgrader, dict) else {}
    return {
        "cell_type": cell["cell_type"],
        "source": source,
        "id": cell.get("id") if isinstance(cell.get("id"), str) else None,
        "grade_id": nbgrader.get("grade_id") if isinstance(nbgrader.get("grade_id"), str) else None,
        "nbgrader": {name: nbgrader.get(name) for name in ("points", "grade", "solution", "locked", "task")},
        "outputs": cell["outputs"] if isinstance(cell.get("outputs"), list) else [],
        "tags": [tag for tag in tags if isinstance(tag, str)] if isinstance(tags, list) else [],
    }
