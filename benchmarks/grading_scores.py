"""Honest submissions graded by our route and by plain nbgrader: the same score in every cell, or which differ.

``python -m benchmarks.grading_scores [01-knn [5]]``: right and wrong answers of the course's answers file, put together
to a class of so many, each submission the exercises answered in another way.
"""

import sys
import tempfile
import time

import nbformat
from nbgrader.api import Gradebook
from nbgrader.utils import is_solution

from cs231n_kit.grading.authoring.build import scratch_course
from cs231n_kit.grading.authoring.generate import record
from cs231n_kit.grading.autograde.pipeline import autograde
from cs231n_kit.grading.course import Course
from cs231n_kit.grading.source import grade_id, read_source
from tests.course.answers_file import read_answers


def make_class(course, name, count):
    """Return notebooks: student -> text. The first is the solution, the second untouched, the others mixed."""
    source = read_source(course.assignment(name).source)
    released = nbformat.read(
        course.build / "recorded" / name / f"{course.assignment(name).stem}.ipynb", as_version=4
    )
    solutions = {grade_id(cell): cell.source for cell in source.cells if is_solution(cell)}
    answers = {}
    for answer in read_answers(name, solutions):
        answers.setdefault(answer.exercise, []).append(answer.source)
    students = {"s00": solutions, "s01": {}}
    for number in range(2, count):
        chosen = dict(solutions)
        for shift, (exercise, texts) in enumerate(sorted(answers.items())):
            chosen[exercise] = texts[(number + 7 * shift) % len(texts)]
        students[f"s{number:02d}"] = chosen
    return {student: nbformat.writes(_filled(released, chosen)) for student, chosen in students.items()}


def _filled(released, chosen):
    notebook = nbformat.from_dict(released)
    notebook = nbformat.reads(nbformat.writes(notebook), as_version=4)
    for cell in notebook.cells:
        cell.source = chosen.get(grade_id(cell), cell.source)
    return notebook


def scores(course, name):
    """Return what the gradebook holds: (student, cell) -> automatic score."""
    with Gradebook(course.nbgrader().coursedir.db_url) as gradebook:
        return {
            (submission.student_id, grade.name): grade.auto_score
            for submission in gradebook.assignment_submissions(name)
            for book in submission.notebooks
            for grade in book.grades
        }


def plain_autograde(course, assignment):
    """Grade every submission with nbgrader alone."""
    for folder in sorted(course.submitted.glob(f"*/{assignment.name}")):
        course.nbgrader().autograde(assignment.name, folder.parent.name)


def compare(name, count):
    """Grade a class both ways; returns (differences, cells compared, seconds of ours, seconds of plain nbgrader)."""
    home = Course.find()
    found, seconds = [], []
    for route in (autograde, plain_autograde):
        with tempfile.TemporaryDirectory(prefix="cs231n-scores-") as folder:
            course = scratch_course(home, home.assignment(name), folder)
            record(course, course.assignment(name))
            for student, text in make_class(course, name, count).items():
                place = course.submitted / student / name
                place.mkdir(parents=True)
                (place / f"{course.assignment(name).stem}.ipynb").write_text(text, encoding="utf-8")
            start = time.perf_counter()
            route(course, course.assignment(name))
            seconds.append(time.perf_counter() - start)
            found.append(scores(course, name))
    ours, plain = found
    differences = [
        (key, ours.get(key), plain.get(key))
        for key in sorted(ours | plain)
        if ours.get(key) != plain.get(key)
    ]
    return differences, len(plain), *seconds


def main():
    """Compare and print a line for each assignment."""
    names = Course.find().names()
    chosen, count = sys.argv[1:2] or names, int(sys.argv[2]) if len(sys.argv) > 2 else 5
    if not set(chosen) <= set(names):
        sys.exit(f"There is no assignment {chosen[0]!r}. There are: {', '.join(names)}.")
    for name in chosen:
        differences, cells, ours, plain = compare(name, count)
        for (student, cell), our, their in differences:
            print(f"{student} {cell}: {our} here, {their} by plain nbgrader")
        print(
            f"{name}: {count} submissions, {cells} cells, {len(differences)} differ; "
            f"{ours:.0f} s here, {plain:.0f} s plain",
            flush=True,
        )


if __name__ == "__main__":
    main()
