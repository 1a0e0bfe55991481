"""Build the student's notebooks beside the old ones, check them, and only then swap them in."""

import hashlib
import json
import os
import shutil
import tempfile
import time
from dataclasses import asdict, dataclass
from pathlib import Path

import nbformat

from cs231n_kit.grading.authoring.generate import generate
from cs231n_kit.grading.authoring.leaks import author_traces, leaks_in_notebook, secret_lines
from cs231n_kit.grading.authoring.trial import trial_problems
from cs231n_kit.grading.course import Course, UserError
from cs231n_kit.grading.files import write_atomically
from cs231n_kit.grading.source import exercises, problems, read_source
from cs231n_kit.grading.workers import pool


@dataclass
class Released:
    """What the table at the end says of one assignment."""

    name: str
    exercises: int
    points: float
    visible: float
    hidden: float
    by_hand: float
    path: str
    sha256: str
    key: str
    changed: bool = False


def release(course, names=None, jobs=2, progress=lambda name, what: None):
    """Build and check the named assignments (all by default); swap them in when every one is right.

    Returns a list of `Released`. Raises `UserError` that names file and cell, and leaves the last release as
    it was, when anything is wrong.
    """
    assignments = [course.assignment(name) for name in names or course.names()]
    if not assignments:
        raise UserError(f"{course.solutions} holds no assignment (NN-name/name.py): nothing to release.")
    state = _state(course)
    done, todo = [], []
    for assignment in assignments:
        key = _key(course, assignment)
        last = state.get(assignment.name)
        if last and last["key"] == key and _sha256(assignment.released) == last["sha256"]:
            done.append(Released(**last))
        else:
            todo.append((assignment, key))
    built = {}
    with pool(max(1, min(jobs, len(todo)))) as workers:
        futures = [(a, key, workers.submit(build, course.root, a.name)) for a, key in todo]
        for assignment, key, future in futures:
            progress(assignment.name, "building and checking")
            built[assignment.name] = (key, future.result())
    for name, (key, (text, row)) in built.items():
        assignment = course.assignment(name)
        _keep_edited(course, assignment, text, state.get(name))
        changed = write_atomically(assignment.released, text)
        row = Released(**row, sha256=_sha256(assignment.released), key=key, changed=changed)
        state[name] = asdict(row) | {"changed": False}
        done.append(row)
    write_atomically(course.build / "release.json", json.dumps(state, indent=1, sort_keys=True))
    return sorted(done, key=lambda row: row.name)


def build(root, name, trial=True):
    """Build one assignment in a scratch course and check it. Returns the notebook's text and the table's row."""
    course = Course(Path(root))
    assignment = course.assignment(name)
    source = read_source(assignment.source)
    _refuse(assignment, problems(source))
    with tempfile.TemporaryDirectory(prefix="cs231n-release-") as scratch:
        scratch = scratch_course(course, assignment, scratch)
        released = generate(scratch, scratch.assignment(name), source)
        text = released.read_text(encoding="utf-8")
        notebook = nbformat.reads(text, as_version=4)
        _refuse(assignment, leaks_in_notebook(notebook, secret_lines(source), author_traces()))
        if trial:
            _refuse(assignment, trial_problems(scratch, scratch.assignment(name), source))
    found = exercises(source).values()
    row = {
        "name": name,
        "exercises": len(found),
        "points": sum(e.points for e in found),
        "visible": sum(e.visible for e in found),
        "hidden": sum(e.hidden for e in found),
        "by_hand": sum(e.by_hand for e in found),
        "path": str(assignment.released.relative_to(course.root)),
    }
    return text, row


def scratch_course(course, assignment, folder):
    """Make a course in `folder` that holds one assignment and a gradebook of its own."""
    os.environ["CS231N_NOTEBOOKS"] = str(course.solutions)
    scratch = Course(Path(folder).resolve())
    target = scratch.solutions / assignment.name
    target.mkdir(parents=True)
    shutil.copy(course.root / "nbgrader_config.py", scratch.root)
    shutil.copy(assignment.source, target)
    return scratch


def _refuse(assignment, found):
    found = list(found)
    if found:
        lines = "\n".join(
            f"  {assignment.source.name}, cell {where}: {sentence}" for where, sentence in found
        )
        raise UserError(f"{assignment.name} is not released, and the last release stays as it was:\n{lines}")


def _key(course, assignment):
    """Hash everything that the release of an assignment depends on."""
    kit = sorted((course.root / "cs231n_kit").rglob("*.py"))
    others = [course.assignment(name).source for name in course.names() if name < assignment.name]
    digest = hashlib.sha256()
    for path in [
        assignment.source,
        course.root / "nbgrader_config.py",
        course.root / "requirements.txt",
        *others,
        *kit,
    ]:
        digest.update(path.name.encode())
        digest.update(path.read_bytes() if path.is_file() else b"")
    return digest.hexdigest()


def _state(course):
    """Read what the last release wrote; a damaged record counts as none."""
    try:
        return json.loads((course.build / "release.json").read_text())
    except (OSError, ValueError):
        return {}


def _sha256(path):
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else None


def _keep_edited(course, assignment, text, last):
    """Copy a released notebook that somebody worked in to build/replaced/ before it is written over."""
    path = assignment.released
    if not path.is_file() or path.read_text(encoding="utf-8") == text:
        return
    if last and _sha256(path) == last["sha256"]:
        return
    kept = course.build / "replaced" / f"{path.stem}-{time.strftime('%Y%m%d-%H%M%S')}.ipynb"
    write_atomically(kept, path.read_bytes())
