"""Where a course keeps things: its folders, its assignments, its nbgrader configuration."""

import os
from dataclasses import dataclass
from pathlib import Path

from nbgrader.api import Gradebook
from nbgrader.apps import NbGraderAPI
from traitlets.config import Config, PyFileConfigLoader

from cs231n_kit.grading.text import visible, why_no_id

CONFIG = "nbgrader_config.py"


class UserError(Exception):
    """Something the person at the keyboard can mend; the message says what and how."""


@dataclass(frozen=True)
class Assignment:
    """One assignment: its name (01-knn) and its notebook (knn)."""

    course: "Course"
    name: str

    @property
    def stem(self):
        """The notebook's name without the number: knn."""
        return self.name.split("-", 1)[1].replace("-", "_")

    @property
    def source(self):
        """The percent script, the only source of the notebook."""
        return self.course.solutions / self.name / f"{self.stem}.py"

    @property
    def released(self):
        """The student's notebook."""
        return self.course.assignments / self.name / f"{self.stem}.ipynb"


@dataclass(frozen=True)
class Course:
    """A course folder, the one that holds `nbgrader_config.py`."""

    root: Path

    @classmethod
    def find(cls, start=None):
        """Return the course that `start` (the working directory) lies in."""
        start = Path(start or Path.cwd()).resolve()
        for folder in (start, *start.parents):
            if (folder / CONFIG).is_file() and (folder / "solutions").is_dir():
                return cls(folder)
        raise UserError(
            f"No course here: {start} and the folders above it hold no {CONFIG} beside a solutions/ folder. "
            "Run this in the course repository."
        )

    solutions = property(lambda self: self.root / "solutions")
    assignments = property(lambda self: self.root / "assignments")
    submitted = property(lambda self: self.root / "submitted")
    autograded = property(lambda self: self.root / "autograded")
    feedback = property(lambda self: self.root / "feedback")
    build = property(lambda self: self.root / "build")
    dist = property(lambda self: self.root / "dist")

    def names(self):
        """Return the names of all assignments, in order."""
        found = (Assignment(self, folder.name) for folder in self.solutions.glob("[0-9][0-9]-*"))
        return sorted(assignment.name for assignment in found if assignment.source.is_file())

    def assignment(self, name):
        """Return one assignment, or say which there are."""
        names = self.names()
        if name not in names:
            raise UserError(f"There is no assignment {name!r}. The course has: {', '.join(names) or 'none'}.")
        return Assignment(self, name)

    def config(self, **course_directory):
        """Read `nbgrader_config.py`, with traits of nbgrader's CourseDirectory replaced as asked."""
        config = PyFileConfigLoader(CONFIG, path=str(self.root)).load_config()
        config.merge(
            Config({"CourseDirectory": {key: str(value) for key, value in course_directory.items()}})
        )
        return config

    def nbgrader(self, **course_directory):
        """Return nbgrader's own API on this course."""
        return NbGraderAPI(config=self.config(**course_directory))


def folders_of(course):
    """Return the names of all folders in `submitted/`."""
    if not course.submitted.is_dir():
        return []
    return sorted(
        entry.name for entry in os.scandir(course.submitted) if entry.is_dir() and entry.name[0] != "."
    )


def open_gradebook(course):
    """Open the course's gradebook."""
    return Gradebook(course.nbgrader().coursedir.db_url, course.nbgrader().coursedir.course_id)


def class_list(course):
    """Return the ids of all students: those the gradebook knows and those with a folder in submitted/."""
    return _class(course)[0]


def refused(course):
    """Return a sentence for each student who is not in the class list, because the id could do harm elsewhere."""
    return _class(course)[1]


def _class(course):
    with open_gradebook(course) as gradebook:
        known = {student.id for student in gradebook.students}
    students, sentences = [], []
    for name in sorted(known | set(folders_of(course))):
        reason = why_no_id(name, name in known)
        if reason is None:
            students.append(name)
        else:
            place = "the gradebook" if name in known else f"{course.submitted.name}/"
            sentences.append(f"{visible(name)!r} in {place} is no student's id: {reason}")
    return students, sentences
