"""Grade a class: take in, transplant, grade in parallel, record as one writer. Every student ends in one state."""

import hashlib
import json
import os
from concurrent.futures import as_completed
from contextlib import contextmanager
from dataclasses import asdict
from tempfile import TemporaryDirectory

import nbformat
from nbgrader.api import Gradebook
from nbgrader.preprocessors import AssignLatePenalties, SaveAutoGrades

from cs231n_kit.data import cache
from cs231n_kit.grading.authoring.generate import record
from cs231n_kit.grading.autograde.earlier import earlier_notebooks
from cs231n_kit.grading.autograde.grade import environment_key, grade
from cs231n_kit.grading.autograde.ledger import Ledger
from cs231n_kit.grading.autograde.report import (
    FAILED,
    GRADED,
    MISSING,
    QUARANTINED,
    Outcome,
    read_report,
    write_handed_in,
    write_report,
)
from cs231n_kit.grading.box import bubblewrap
from cs231n_kit.grading.box.provisioner import course_in_box
from cs231n_kit.grading.box.warm import WarmBox, WarmError
from cs231n_kit.grading.course import UserError, class_list, refused
from cs231n_kit.grading.files import write_atomically
from cs231n_kit.grading.intake.read import Quarantined, take
from cs231n_kit.grading.intake.transplant import master, transplant
from cs231n_kit.grading.limits import Limits
from cs231n_kit.grading.referee.forker import Forker
from cs231n_kit.grading.text import visible
from cs231n_kit.grading.workers import pool


def autograde(course, assignment, jobs=2, unboxed=False, progress=lambda outcome: None, executor=None):
    """Grade every submission of an assignment; returns a list of `Outcome`, one a student, in order.

    Parameters
    ----------
    jobs : submissions graded at the same time
    unboxed : run student code without a box, by explicit choice
    progress : called with each `Outcome`
    executor : a `concurrent.futures.Executor` to run on; a pool of processes of this machine if left out
    """
    reason = None if unboxed else bubblewrap.why_not()
    if reason:
        raise UserError(f"{reason} (`--unboxed` grades without a box: only for submissions that you trust.)")
    students = class_list(course)
    if not students:
        raise UserError(
            f"The class is empty: put submissions into {course.submitted.name}/STUDENT/{assignment.name}/, "
            f"or collect a folder of downloads with `make collect A={assignment.name} FROM=folder`."
            + "".join(f"\n  {sentence}" for sentence in refused(course))
        )
    record(course, assignment)
    grading = Grading(course, assignment, unboxed)
    with (
        earlier_notebooks(course, assignment, grading.recorded_path) as notebooks,
        warmed(grading, notebooks),
    ):
        todo, outcomes = {}, []
        for student in students:
            outcome = grading.prepare(student, notebooks, todo)
            if outcome:
                outcomes.append(outcome)
                progress(outcome)
        own = executor or pool(max(1, min(jobs, len(todo))))
        try:
            running = {own.submit(grade, job): student for student, job in todo.items()}
            for future in as_completed(running):
                outcomes.append(grading.finish(running[future], future))
                progress(outcomes[-1])
        finally:
            if executor is None:
                own.shutdown(cancel_futures=True)
    return sorted(outcomes, key=lambda outcome: outcome.student)


class Grading:
    """One assignment being graded."""

    def __init__(self, course, assignment, unboxed):
        self.course, self.assignment, self.unboxed = course, assignment, unboxed
        config = course.config()
        try:
            self.limits = Limits.of(config)
        except ValueError as error:
            raise UserError(str(error)) from None
        coursedir = course.nbgrader().coursedir
        self.db_url, self.course_id = coursedir.db_url, coursedir.course_id
        self.master, self.release = self._master()
        self.environment = hashlib.sha256(environment_key().encode()).hexdigest()
        self.ledger = Ledger(course.autograded)
        self.recorded = self.ledger.latest()
        self.taken, self.notes, self.origins = {}, {}, {}
        self.referees = ""  # where the process listens that referees are forked from
        self.warm, self.box = "", ""  # folder of the warm box; what submissions run in, in words

    @property
    def recorded_path(self):
        """The released notebook, as it was recorded."""
        return self.course.build / "recorded" / self.assignment.name / f"{self.assignment.stem}.ipynb"

    def _master(self):
        with Gradebook(self.db_url, self.course_id) as gradebook:
            cells = gradebook.find_notebook(self.assignment.stem, self.assignment.name).source_cells
            notebook = master(
                nbformat.read(self.recorded_path, as_version=4), {cell.name: cell for cell in cells}
            )
        return notebook, hashlib.sha256(nbformat.writes(notebook).encode()).hexdigest()

    def folder(self, student):
        return self.course.autograded / student / self.assignment.name

    def prepare(self, student, notebooks, todo):
        """Take a submission in and put its job into `todo`; returns the outcome if there is nothing to run."""
        folder = self.course.submitted / student / self.assignment.name
        try:
            taken = take(folder, self.assignment.stem, self.limits)
        except Quarantined as reason:
            return self._report(Outcome(student, QUARANTINED, str(reason)))
        except OSError as error:
            return self._report(Outcome(student, QUARANTINED, f"it cannot be read: {error.strerror}"))
        except Exception as error:  # whatever else is wrong with it, the class goes on
            return self._report(
                Outcome(student, FAILED, f"it cannot be read: {type(error).__name__}: {error}")
            )
        if taken is None:
            return self._report(Outcome(student, MISSING, "nothing was handed in"))
        planted = transplant(self.master, taken.cells)
        self.taken[student], self.notes[student] = taken, planted.notes + ([taken.note] if taken.note else [])
        self.origins[student] = planted.origins
        key = self._key(taken)
        if self.recorded.get((student, self.assignment.name), {}).get("key") == key:
            done = read_report(self.course, self.assignment, student)
            if done and done.key == key:
                return done
        job = {
            "notebook": nbformat.writes(planted.notebook),
            "roles": planted.roles,
            "asked": planted.asked,
            "referees": self.referees,
            "limits": asdict(self.limits),
            "seed": int(key[:8], 16),
            "box": {
                "notebooks": notebooks,
                "datasets": self.datasets(),
                "unboxed": self.unboxed,
                "warm": self.warm,
            },
        }
        todo[student] = json.dumps(job).encode()
        return None

    def _key(self, taken):
        parts = [taken.sha256, self.release, self.environment, repr(self.limits), repr(self.unboxed)]
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()

    @staticmethod
    def datasets():
        """The folder of the data sets, empty if there is none yet."""
        folder = cache.folder()
        return str(folder) if folder.is_dir() else ""

    def finish(self, student, future):
        """Record what grading a submission gave."""
        key = self._key(self.taken[student])
        error = future.exception()
        if error is not None:
            reason = f"{type(error).__name__}: {error}"[:2000]
            return self._report(Outcome(student, FAILED, reason, key=key, notes=self.notes[student]))
        result = json.loads(future.result())
        notebook = nbformat.reads(result["notebook"], as_version=4)
        scores = self._record(student, notebook)
        outcome = Outcome(
            student,
            GRADED,
            result["dead"] or "",
            sum(score or 0.0 for score in scores.values()),
            self.notes[student],
            result["tests"],
            result["seconds"],
            key,
            not self.unboxed,
            self.box,
        )
        write_atomically(
            self.folder(student) / f"{self.assignment.stem}.ipynb", nbformat.writes(notebook) + "\n"
        )
        write_handed_in(
            self.folder(student),
            {cell: self.taken[student].outputs[number] for cell, number in self.origins[student].items()},
        )
        self._report(outcome)
        self.ledger.append(
            student=student,
            assignment=self.assignment.name,
            submission=self.taken[student].sha256,
            release=self.release,
            environment=self.environment,
            key=key,
            seed=int(key[:8], 16),
            scores=scores,
        )
        return outcome

    def _record(self, student, notebook):
        """Write a student's scores into nbgrader's gradebook, and return them: cell -> automatic score."""
        name, stem = self.assignment.name, self.assignment.stem
        with Gradebook(self.db_url, self.course_id) as gradebook:
            gradebook.update_or_create_student(student)
            gradebook.update_or_create_submission(name, student, timestamp=self.taken[student].timestamp)
        known = {"notebook": stem, "assignment": name, "student": student, "db_url": self.db_url}
        resources = {"nbgrader": known, "metadata": {}, "outputs": {}, "unique_key": stem}
        for step in (SaveAutoGrades(), AssignLatePenalties()):
            notebook, resources = step.preprocess(notebook, resources)
        with Gradebook(self.db_url, self.course_id) as gradebook:
            book = gradebook.find_submission_notebook(stem, name, student)
            return {grade.name: grade.auto_score for grade in book.grades}

    def _report(self, outcome):
        # Names of files and cells, and what a process said as it died, are the student's words.
        outcome.reason, outcome.notes = visible(outcome.reason), [visible(note) for note in outcome.notes]
        write_report(self.course, self.assignment, outcome)
        return outcome


@contextmanager
def warmed(grading, notebooks):
    """Keep warm, for as long as submissions are graded, what each is forked from: its referee, and its kernel in a box.

    Where the host cannot keep a box warm, each submission gets a box of its own.
    """
    with TemporaryDirectory(prefix="cs231n-referees-") as folder:
        forker = Forker(folder)
        mounts, environment = course_in_box(grading.datasets(), notebooks)
        box = None if grading.unboxed else WarmBox(grading.limits, mounts, environment)
        try:
            grading.referees = str(forker.path)
            if box:
                grading.box = f"a fork of a warm box, by {bubblewrap.found()}"
                try:
                    box.try_out(grading.limits)
                    grading.warm = str(box.folder)
                except WarmError as error:
                    grading.box = f"a box of its own, since {error}, by {bubblewrap.found()}"
            yield
        finally:
            forker.close()
            if box:
                box.close()


def default_jobs():
    """Return how many submissions to grade at the same time: one a core."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
