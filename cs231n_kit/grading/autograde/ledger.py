"""The record of grades: an append-only log, one line a grade, each line holding the hash of the one before."""

import fcntl
import hashlib
import json
import os
from datetime import UTC, datetime

from nbgrader.api import MissingEntry

FIRST = "0" * 64
NAME = "grades.log"
TAIL = 2**16  # bytes; a line has a few thousand


class Ledger:
    """The log of a course."""

    def __init__(self, folder):
        self.path = folder / NAME

    def append(self, **entry):
        """Write one line: what was graded (hashes of submission, release, environment), the seed and the scores."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with self.path.open("a+b") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            entry |= {
                "time": datetime.now(UTC).isoformat(timespec="seconds"),
                "previous": self._last_hash(file),
            }
            entry["hash"] = _hash(entry)
            file.write(json.dumps(entry, sort_keys=True).encode() + b"\n")
            file.flush()
            os.fsync(file.fileno())

    def _last_hash(self, file):
        """Return the hash of the last line; a line that was cut off by a crash is taken away.

        Only the end of the log is read, however long it is.
        """
        size, tail = file.seek(0, os.SEEK_END), TAIL
        while True:
            start = max(0, size - tail)
            file.seek(start)
            content = file.read()
            if content and not content.endswith(b"\n") and (start == 0 or b"\n" in content):
                content = content[: content.rfind(b"\n") + 1]
                file.truncate(start + len(content))
            lines = content.splitlines()[0 if start == 0 else 1 :]  # the first may be half a line
            # A line that cannot be read is reported when the grades are verified; here the chain goes on behind it.
            found = next((hash for _, hash in map(_read, reversed(lines)) if hash), None)
            if found or start == 0:
                return found or FIRST
            size, tail = start + len(content), 4 * tail

    def _lines(self):
        return self.path.read_bytes().splitlines() if self.path.is_file() else []

    def entries(self):
        """Return all lines as dicts, and what is wrong with the chain (a list of sentences)."""
        entries, problems, previous = [], [], FIRST
        for number, (entry, claimed) in enumerate(map(_read, self._lines()), 1):
            if entry is None:
                problems.append(f"line {number} of {NAME} cannot be read")
                continue
            if claimed != _hash(entry) or entry["previous"] != previous:
                problems.append(
                    f"line {number} of {NAME} was changed, or a line before it was taken out or put in"
                )
            previous = claimed
            entries.append(entry)
        return entries, problems

    def head(self):
        """Return "lines:hash", which says what the log holds up to now; kept elsewhere, it shows any later change."""
        lines = self._lines()
        return f"{len(lines)}:{_read(lines[-1])[1] if lines else FIRST}"

    def verify_head(self, head):
        """Return what is wrong when the log is compared with a head that was kept elsewhere (a list of sentences)."""
        count, _, kept = head.partition(":")
        if not count.isdecimal() or len(kept) != len(FIRST):
            return [f"{head!r} is no head of {NAME}: `make grades` prints it, a number, a colon and a hash"]
        lines, count = self._lines(), int(count)
        if len(lines) < count:
            return [f"{NAME} has {len(lines)} lines, and it had {count}: it was shortened or begun anew"]
        if (_read(lines[count - 1])[1] if count else FIRST) != kept:
            return [f"line {count} of {NAME} is not the one whose hash was kept: it was written anew"]
        return []

    def latest(self):
        """Return the last entry of each (student, assignment)."""
        return {(entry["student"], entry["assignment"]): entry for entry in self.entries()[0]}

    def verify(self, gradebook, assignments):
        """Return what is wrong: the chain broken, a line missing, or an automatic score that is not the recorded one.

        Scores given by hand are the instructor's and are not compared.
        """
        _, problems = self.entries()
        logged, found = self.latest(), _automatic_scores(gradebook, assignments)
        for student, assignment in sorted(found.keys() - logged.keys()):
            problems.append(f"{student}, {assignment}: graded according to the gradebook, but not in {NAME}")
        for (student, assignment), entry in sorted(logged.items()):
            if assignment not in assignments:
                continue
            if (student, assignment) not in found:
                problems.append(
                    f"{student}, {assignment}: graded according to {NAME}, but not in the gradebook"
                )
                continue
            cells = found[student, assignment]
            for cell, score in entry["scores"].items():
                if cell not in cells:
                    problems.append(f"{student}, {assignment}, {cell}: not in the gradebook")
                elif cells[cell] != score:
                    problems.append(
                        f"{student}, {assignment}, {cell}: {cells[cell]} in the gradebook, {score} was graded"
                    )
        return problems


def _automatic_scores(gradebook, assignments):
    """{(student, assignment): {cell: automatic score}} of what the gradebook has graded."""
    found = {}
    for assignment in assignments:
        try:
            submissions = gradebook.assignment_submissions(assignment)
        except MissingEntry:
            continue
        for submission in submissions:
            scores = {grade.name: grade.auto_score for book in submission.notebooks for grade in book.grades}
            if any(score is not None for score in scores.values()):
                found[submission.student_id, assignment] = scores
    return found


def _read(line):
    """Return (entry without its hash, hash) of a line, or (None, None) if it is none of the log's."""
    try:
        entry = json.loads(line)
        hash = entry.pop("hash")
        texts = [hash, entry["student"], entry["assignment"], entry["previous"]]
        if all(isinstance(text, str) for text in texts) and isinstance(entry["scores"], dict):
            return entry, hash
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        pass
    return None, None


def _hash(entry):
    return hashlib.sha256(json.dumps(entry, sort_keys=True).encode()).hexdigest()
