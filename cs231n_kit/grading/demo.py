"""A made-up class of six, from its downloads to the table of grades: what a curious instructor runs first."""

import shutil
import tempfile
from contextlib import nullcontext
from pathlib import Path

import nbformat
from nbgrader.utils import is_solution

from cs231n_kit.grading.authoring.build import scratch_course
from cs231n_kit.grading.authoring.generate import record
from cs231n_kit.grading.autograde.pipeline import autograde, default_jobs
from cs231n_kit.grading.box import bubblewrap
from cs231n_kit.grading.course import open_gradebook
from cs231n_kit.grading.desk.feedback import write_feedback
from cs231n_kit.grading.desk.grades import grades, write_csv
from cs231n_kit.grading.intake.collect import collect
from cs231n_kit.grading.source import grade_id

NAME = "01-knn"
FORGETS_THE_ROOT = """\
def compute_distances_no_loops(X, X_train):
    squares = np.sum(X**2, axis=1, keepdims=True) - 2 * X @ X_train.T + np.sum(X_train**2, axis=1)
    return np.maximum(squares, 0)
"""
TIE_TO_THE_NEAREST = """\
def predict_labels(dists, y_train, k=1):
    winners = []
    for row in dists:
        votes = [int(label) for label in y_train[np.argsort(row)[:k]]]
        winners.append(max(votes, key=votes.count))
    return np.array(winners)
"""
# student -> (file name handed in, answers replaced); barbara hands in nothing
CLASS = {
    "ada": ("ada_knn.ipynb", {}),
    "blaise": ("blaise_knn.ipynb", None),
    "carl": ("carl_knn.ipynb", {"compute_distances_no_loops": FORGETS_THE_ROOT}),
    "emmy": ("emmy_knn.ipynb", {"predict_labels": TIE_TO_THE_NEAREST}),
    "sofia": ("sofia_my homework (final) (2).ipynb", {}),
}
MISSING = "barbara"
LOOK_AT = """\
What to look at
  ada      everything right: full marks for the tests, 10 points wait for a hand
  barbara  handed in nothing: a row all the same, state missing
  blaise   an untouched notebook: 0 points, nothing breaks
  carl     forgot the root in the distances without loops: loses that exercise and no other, since a root
           does not change which neighbour is nearest
  emmy     lets a tie go to the nearest: loses the 5 points of that edge, and keeps the rest of the exercise
  sofia    handed in under another file name: collected under the right one
"""


def run(course, out, show_collected, show_grades, keep=False):
    """Make the class in a temporary folder, grade it, and print the table; returns the grades."""
    folder = nullcontext(tempfile.mkdtemp(prefix="cs231n-demo-")) if keep else tempfile.TemporaryDirectory()
    with folder as root:
        demo = make_class(course, root)
        assignment = demo.assignment(NAME)
        out.print(f"A class of six in {demo.root}", highlight=False)
        unboxed = bubblewrap.why_not()
        if unboxed:
            out.print(f"Graded without a box, since this class can be trusted: {unboxed}", highlight=False)
        show_collected(collect(demo, assignment, demo.root / "downloads", go=True))
        with out.status("Grading") as status:
            autograde(
                demo,
                assignment,
                default_jobs(),
                bool(unboxed),
                lambda o: status.update(f"Graded {o.student}"),
            )
            pages = write_feedback(demo, assignment)
        rows = grades(demo, [assignment])
        write_csv(demo.root / "grades.csv", rows)
        show_grades(rows)
        out.print(LOOK_AT, highlight=False)
        if keep:
            out.print(
                f"{pages} feedback pages: {demo.feedback}; grades: {demo.root / 'grades.csv'}",
                highlight=False,
            )
        else:
            out.print(f"{pages} feedback pages were written too: `make demo KEEP=1` keeps the folder.")
    return rows


def make_class(course, folder):
    """Set up a course with one assignment in `folder`, its downloads, and six students in the gradebook."""
    assignment = course.assignment(NAME)
    demo = scratch_course(course, assignment, folder)
    source = record(demo, demo.assignment(NAME))
    stubs = demo.build / "recorded" / NAME / f"{assignment.stem}.ipynb"
    demo.assignment(NAME).released.parent.mkdir(parents=True)
    shutil.copy(stubs, demo.assignment(NAME).released)
    downloads = Path(folder) / "downloads"
    downloads.mkdir()
    for file_name, replaced in CLASS.values():
        notebook = nbformat.read(stubs, as_version=4)
        if replaced is not None:
            _fill_in(notebook, source, replaced)
        nbformat.write(notebook, downloads / file_name)
    with open_gradebook(demo) as gradebook:
        for student in (*CLASS, MISSING):
            gradebook.add_student(student)
    return demo


def _fill_in(notebook, source, replaced):
    """Fill in every answer cell: from the solution, or from `replaced`."""
    answers = {grade_id(cell): cell.source for cell in source.cells if is_solution(cell)} | replaced
    for cell in notebook.cells:
        if is_solution(cell):
            cell.source = answers[grade_id(cell)]
