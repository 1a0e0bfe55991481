"""Sort a platform's download into submitted/STUDENT/ASSIGNMENT/: who handed in what, when, and what is unclear."""

import json
import os
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import PurePosixPath
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from cs231n_kit.grading.course import UserError
from cs231n_kit.grading.files import write_atomically
from cs231n_kit.grading.intake.downloads import File, open_download
from cs231n_kit.grading.intake.gradescope import Export
from cs231n_kit.grading.intake.platforms import Claim, by_file_name, recognise
from cs231n_kit.grading.intake.read import Quarantined, notebook_in_archive
from cs231n_kit.grading.intake.roster import Roster
from cs231n_kit.grading.limits import Limits
from cs231n_kit.grading.text import visible

COLLECT, SAME, KEPT, UNCLEAR, MISSING = "collect", "unchanged", "kept", "unclear", "missing"
REPLACED = ".replaced"  # in submitted/: neither grading nor nbgrader looks into hidden folders


@dataclass(frozen=True)
class Row:
    """What becomes of one student, or of one entry that is nobody's."""

    student: str
    state: str  # COLLECT, SAME, KEPT (what was collected before is newer), UNCLEAR, MISSING
    what: str = ""  # path in the download
    time: datetime | None = None
    clock: str = ""
    note: str = ""


@dataclass(frozen=True)
class _Entry:
    file: File
    claim: Claim

    @property
    def time(self):
        return self.claim.time or self.file.time

    @property
    def clock(self):
        return self.claim.clock or self.file.clock


def collect(course, assignment, source, go=False):
    """Find every student's latest attempt in a download, and put it where grading looks for it.

    Parameters
    ----------
    source : a folder or a zip file, as the platform gave it
    go : write; if False, say only what would be done

    Returns
    -------
    list of `Row`, by student; those of nobody last
    """
    config = course.config()
    zone, limits = _zone(config), Limits.of(config)
    download = open_download(source, zone)
    roster, ours = Roster.read(course), _answer_ids(assignment)
    rows = [Row("", UNCLEAR, str(path), note=reason) for path, reason in download.refused]
    people = {}  # student -> {key: entries}
    for entry in _entries(download, assignment, roster, zone):
        try:
            student = roster.find(entry.claim)
        except LookupError as reason:
            rows.append(Row("", UNCLEAR, str(entry.file.path), entry.time, entry.clock, str(reason)))
            continue
        key = (entry.claim.platform, entry.claim.key)
        people.setdefault(student, {}).setdefault(key, []).append(entry)
    for student, groups in people.items():
        rows.append(_row(course, assignment, student, groups, ours, limits, go))
    here = {row.student for row in rows}
    for student in roster.students:
        if student not in here and not _target(course, assignment, student).exists():
            rows.append(Row(student, MISSING))
    return sorted(rows, key=lambda row: (row.student == "", row.student, row.what))


def _zone(config):
    name = config.get("Exchange", {}).get("timezone", "UTC")
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        raise UserError(f"c.Exchange.timezone in nbgrader_config.py is no time zone: {name!r}.") from None


def _entries(download, assignment, roster, zone):
    """Yield each notebook or zip file of the download with whose it says it is."""
    export = Export.read(download.files)
    for file in download.files:
        if file.path.suffix.lower() not in (".ipynb", ".zip"):
            continue
        claims = export.claims(file.path)
        if not claims:
            claim = recognise(file.path, zone)
            claims = [
                claim or by_file_name(_below_repository(file, assignment), assignment.stem, roster.students)
            ]
        for claim in claims:
            yield _Entry(file, claim)


def _below_repository(file, assignment):
    """Return the path as by_file_name wants it: GitHub Classroom's clones are called ASSIGNMENT-USER."""
    top, *rest = file.path.parts
    if rest and file.clock.startswith("git"):
        for prefix in (f"{assignment.name}-", f"{assignment.stem}-"):
            top = top.removeprefix(prefix)
    return PurePosixPath(top, *rest)


def _row(course, assignment, student, groups, ours, limits, go):
    """Choose one student's latest attempt, and collect it."""
    found, troubles = {}, []
    for key, entries in groups.items():
        for entry in entries:
            try:
                content = _notebook(entry, assignment, ours, limits)
            except Quarantined as reason:
                troubles.append((entry, str(reason)))
                continue
            if content is not None:
                found.setdefault(key, []).append((entry, content))
    entries = [entry for group in groups.values() for entry in group]
    names = ", ".join(str(entry.file.path) for entry in entries[:6])
    latest_trouble = max((entry.claim.attempt for entry, _ in troubles), default=())
    if len(found) > 1:
        paths = ", ".join(str(group[0][0].file.path) for group in found.values())
        return Row(
            student, UNCLEAR, paths, note="these are not attempts of one person, or cannot be told apart"
        )
    candidates = [pair for group in found.values() for pair in group]
    if troubles and all(latest_trouble >= entry.claim.attempt for entry, _ in candidates):
        return Row(student, UNCLEAR, names, note="; ".join(visible(reason) for _, reason in troubles))
    if not candidates:
        return Row(
            student, UNCLEAR, names, note=f"no notebook of {assignment.name} among {len(entries)} files"
        )
    wanted = f"{assignment.stem}.ipynb"
    candidates = [p for p in candidates if p[0].claim.file.lower() == wanted.lower()] or candidates
    last = max(entry.claim.attempt for entry, _ in candidates)
    top = [pair for pair in candidates if pair[0].claim.attempt == last]
    same = [pair for pair in candidates if pair[0].claim.attempt[:2] == last[:2]]
    if len({content for _, content in top}) > 1 or len({entry.claim.file for entry, _ in same}) > 1:
        return Row(
            student, UNCLEAR, names, note=f"{len(same)} notebooks that could be {wanted}, one is expected"
        )
    entry, content = top[0]
    row = Row(student, COLLECT, str(entry.file.path), entry.time, entry.clock)
    others = [other for other, _ in candidates if other is not entry]
    notes = [f"not taken: {o.file.path} ({o.time.astimezone(UTC):%Y-%m-%d %H:%M} UTC)" for o in others]
    if entry.claim.late:
        notes.append(f"{entry.claim.platform} marks it late")
    return _write(course, assignment, replace(row, note="; ".join(notes)), content, go)


def _notebook(entry, assignment, ours, limits):
    """Return the notebook's bytes, or None if the file is none of this assignment's."""
    wanted, file = f"{assignment.stem}.ipynb", entry.file
    if file.path.suffix.lower() == ".zip":
        archived = file.read(limits.archive_bytes)
        return notebook_in_archive(archived, file.path.name, wanted, limits)
    right_name = entry.claim.file.lower() == wanted.lower()
    content = file.read(limits.notebook_bytes)
    return content if right_name or _is_ours(content, ours) else None


def _target(course, assignment, student):
    return course.submitted / student / assignment.name / f"{assignment.stem}.ipynb"


def _write(course, assignment, row, content, go):
    """Write a chosen notebook with the time of its handing in; what stood there before is kept aside."""
    path = _target(course, assignment, row.student)
    for place in (path, path.parent, path.parent.parent):
        if place.is_symlink():
            return replace(
                row, state=UNCLEAR, note=f"{place.relative_to(course.root)} is a link to another place"
            )
    seconds = row.time.timestamp()
    if path.is_file():
        before = path.stat().st_mtime
        if path.read_bytes() == content:
            if abs(before - seconds) < 1:
                return replace(row, state=SAME)
        elif before > seconds + 1:
            when = datetime.fromtimestamp(before, UTC)
            note = f"what was collected before is newer ({when:%Y-%m-%d %H:%M} UTC); remove it to take this"
            return replace(row, state=KEPT, note="; ".join(filter(None, [row.note, note])))
        else:
            note = f"replaces an earlier one, which is kept in {course.submitted.name}/{REPLACED}"
            row = replace(row, note="; ".join(filter(None, [row.note, note])))
            if go:
                _set_aside(course, assignment, row.student, path, before)
    if go:
        write_atomically(path, content)
        os.utime(path, (seconds, seconds))
        # nbgrader's own place for the time; our grading takes the file's date, which no submission can forge.
        stamp = f"{row.time.astimezone(UTC):%Y-%m-%d %H:%M:%S.%f} UTC\n"
        write_atomically(path.parent / "timestamp.txt", stamp)
    return row


def _set_aside(course, assignment, student, path, seconds):
    when = datetime.fromtimestamp(seconds, UTC)
    kept = course.submitted / REPLACED / student / assignment.name / f"{when:%Y-%m-%dT%H-%M-%SZ}-{path.name}"
    number = 1
    while kept.exists() and kept.read_bytes() != path.read_bytes():
        number += 1
        kept = kept.with_name(f"{when:%Y-%m-%dT%H-%M-%SZ}-{number}-{path.name}")
    write_atomically(kept, path.read_bytes())
    os.utime(kept, (seconds, seconds))


def _is_ours(content, ours):
    """Whether a file is a notebook with at least half of the assignment's answer cells."""
    try:
        cells = json.loads(content)["cells"]
        ids = {cell["metadata"].get("nbgrader", {}).get("grade_id") for cell in cells}
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return False
    return len(ids & ours) * 2 >= len(ours)


def _answer_ids(assignment):
    if not assignment.released.is_file():
        raise UserError(
            f"{assignment.name} is not released yet: run `make release A={assignment.name}` first."
        )
    cells = json.loads(assignment.released.read_text(encoding="utf-8"))["cells"]
    marked = [cell["metadata"].get("nbgrader", {}) for cell in cells]
    return {each["grade_id"] for each in marked if each.get("solution")}
