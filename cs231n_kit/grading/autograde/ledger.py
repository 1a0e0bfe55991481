"""The record of grades: an append-only log, one line a grade, each line holding the hash of the one before."""

import fcntl
import hashlib
import json
import os
from datetime import UTC, datetime

from nbgrader.api import MissingEntry

FIRST = "0" * 64
NAME = "grades.log"


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
        """Return the hash of the last line; a line that was cut off by a crash is taken away."""
        file.seek(0)
        content = file.read()
        if content and not content.endswith(b"\n"):
            content = content[: content.rfind(b"\n") + 1]
            file.truncate(len(content))
        lines = content.splitlines()
        return json.loads(lines[-1])["hash"] if lines else FIRST

    def entries(self):
        """Return all lines as dicts, and what is wrong with the chain (a list of sentences)."""
        entries, problems, previous = [], [], FIRST
        if not self.path.is_file():
            return entries, problems
        for number, line in enumerate(self.path.read_bytes().splitlines(), 1):
            try:
                entry = json.loads(line)
                claimed = entry.pop("hash")
                right = claimed == _hash(entry) and entry["previous"] == previous
            except (ValueError, KeyError, TypeError, AttributeError):
                problems.append(f"line {number} of {NAME} cannot be read")
                continue
            if not right:
                problems.append(
                    f"line {number} of {NAME} was changed, or a line before it was taken out or put in"
                )
            previous = claimed
            entries.append(entry)
        return entries, problems

    def latest(self):
        """Return the last entry of each (student, assignment)."""
        return {(entry["student"], entry["assignment"]): entry for entry in self.entries()[0]}

    def verify(self, gradebook, assignments):
        """Return what is wrong: the chain broken, or an automatic score that is not the one that was recorded.

        Scores given by hand are the instructor's and are not compared.
        """
        _, problems = self.entries()
        for (student, assignment), entry in sorted(self.latest().items()):
            if assignment not in assignments:
                continue
            try:
                submission = gradebook.find_submission(assignment, student)
            except MissingEntry:
                problems.append(
                    f"{student}, {assignment}: graded according to the log, but not in the gradebook"
                )
                continue
            found = {grade.name: grade.auto_score for book in submission.notebooks for grade in book.grades}
            for cell, score in entry["scores"].items():
                if cell not in found:
                    problems.append(f"{student}, {assignment}, {cell}: not in the gradebook")
                elif found[cell] != score:
                    problems.append(
                        f"{student}, {assignment}, {cell}: {found[cell]} in the gradebook, {score} was graded"
                    )
        return problems


def _hash(entry):
    return hashlib.sha256(json.dumps(entry, sort_keys=True).encode()).hexdigest()
