"""One class in which every student but the last attacks: set the scene, grade, look at what became of it."""

import hashlib
import os
import secrets
import socket
import tempfile
import threading
from dataclasses import dataclass, field
from pathlib import Path

import nbformat
import psutil
from nbgrader.api import Gradebook

from cs231n_kit.grading.autograde.pipeline import autograde
from cs231n_kit.grading.autograde.report import GRADED
from cs231n_kit.grading.desk.feedback import write_feedback
from cs231n_kit.grading.doctor.rows import Scene, write
from cs231n_kit.grading.doctor.smuggling import GROUP as SMUGGLING
from cs231n_kit.grading.doctor.table import ATTACKS
from cs231n_kit.grading.doctor.tiny import GOOD, NAME, answered, make_course

GOOD_STUDENT, VICTIM = "zz-honest", "aa-victim"
# In a hidden test, in the solution, in the grader's environment, in another's submission, as the name of a file.
PLANTED = ("secret", "solution", "environment", "others", "file")


@dataclass
class Row:
    """What became of one attack."""

    group: str
    name: str
    expected: str
    came: str
    problems: list = field(default_factory=list)

    @property
    def held(self):
        return not self.problems


class Listener:
    """A server of the host's that nobody should reach; counts who does."""

    def __init__(self):
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port, self.visitors = self.socket.getsockname()[1], 0
        threading.Thread(target=self._count, daemon=True).start()

    def _count(self):
        try:
            while True:
                self.socket.accept()
                self.visitors += 1
        except OSError:
            return

    def close(self):
        self.socket.shutdown(socket.SHUT_RDWR)  # wakes the thread that waits
        self.socket.close()


def planted_words():
    """Return the words that are planted where no student may read, to see whether they get out."""
    return {name: f"{name}-{secrets.token_hex(6)}" for name in PLANTED}


def run(folder, names=None, jobs=2, progress=lambda outcome: None, words=None):
    """Grade a class of attackers in `folder`; returns a list of `Row`, the honest student's last.

    Parameters
    ----------
    folder : an empty folder
    names : of the attacks to try; all if left out
    words : what `planted_words` gives
    """
    listener = Listener()
    words = words or planted_words()
    number = f"{secrets.randbelow(8_000_000) + 1_000_001}.25"  # what a hidden test calls `double` with
    course, assignment, released = make_course(
        Path(folder) / "course", words["secret"], words["solution"], number
    )
    (course.root / words["file"]).touch()
    scene = Scene(course.root, released, listener.port, f"cs231n-doctor-{secrets.token_hex(4)}")
    chosen = {f"a{i:03d}": a for i, a in enumerate(ATTACKS) if names is None or a.name in names}
    for student, attack in chosen.items():
        attack.submit(scene, _folder(course, student))
    for student in (VICTIM, GOOD_STUDENT):
        theirs = {**GOOD, "double": GOOD["double"] + f"# {words['others']}\n"}
        write(_folder(course, student), answered(released, theirs))
    before = course_tree(course.root)
    os.environ["CS231N_PLANTED"] = words["environment"]
    try:
        outcomes = {o.student: o for o in autograde(course, assignment, jobs, progress=progress)}
    finally:
        del os.environ["CS231N_PLANTED"]
    write_feedback(course, assignment)
    rows = [_row(course, attack, outcomes.get(student), words, number) for student, attack in chosen.items()]
    rows.append(_honest(outcomes, before, course, scene, listener))
    listener.close()
    return rows


def run_in_temporary(**options):
    """Run in a temporary folder that is removed afterwards."""
    with tempfile.TemporaryDirectory(prefix="cs231n-doctor-") as folder:
        return run(folder, **options)


def _folder(course, student):
    folder = course.submitted / student / NAME
    folder.mkdir(parents=True)
    return folder


def _row(course, attack, outcome, words, number):
    """Compare what became of an attacker with what they deserve."""
    came = f"{outcome.state}, {outcome.score:g} points" if outcome else "lost"
    row = Row(attack.group, attack.name, f"{attack.state}, {attack.points:g} points", came)
    if outcome is None:
        row.problems.append("the student is in no state at all")
        return row
    if (outcome.state, outcome.score) != (attack.state, attack.points):
        row.problems.append(f"expected {row.expected}, came {came}: {outcome.reason}".strip(": "))
    if outcome.state != GRADED and not outcome.reason:
        row.problems.append("no reason is given")
    row.problems += [
        f"{what} shows in the student's own cells" for what in _leaks(course, outcome.student, words)
    ]
    page = course.feedback / outcome.student / NAME / "tiny.html"
    digits = number.partition(".")[0]
    carried = words | ({"number": digits} if attack.group == SMUGGLING else {})
    text = page.read_text(encoding="utf-8")
    row.problems += [f"the {name} shows in the feedback" for name, word in carried.items() if word in text]
    if attack.group == SMUGGLING and attack.hoards and not _kept(course, outcome.student, digits):
        row.problems.append("the attack did not run: it kept nothing")
    return row


def _kept(course, student, digits):
    """Whether what was smuggled reached the instructor's own files."""
    folder = course.autograded / student / NAME
    return any(digits in path.read_text(encoding="utf-8") for path in folder.iterdir())


def _leaks(course, student, words):
    """Yield what secret stands in the outputs of cells that the student's process ran."""
    path = course.autograded / student / NAME / "tiny.ipynb"
    if not path.is_file():
        return
    for cell in nbformat.read(path, as_version=4).cells:
        if cell.cell_type == "code" and not cell.metadata.get("nbgrader", {}).get("grade"):
            text = str(cell.outputs)
            yield from (f"the {name}" for name, word in words.items() if word in text)


def _honest(outcomes, before, course, scene, listener):
    """Say whether the honest students were graded and the host is as it was."""
    row = Row(
        "the honest student after them", "graded, and nothing outside touched", f"{GRADED}, 100 points", ""
    )
    for student in (VICTIM, GOOD_STUDENT):
        outcome = outcomes[student]
        row.came = f"{outcome.state}, {outcome.score:g} points"
        if (outcome.state, outcome.score) != (GRADED, 100):
            row.problems.append(f"{student}: {row.came}: {outcome.reason}")
    row.problems += _touched(before, course_tree(course.root))
    if listener.visitors:
        row.problems.append("somebody reached a server of the host")
    for place in (
        Path("/tmp"),
        Path("/dev/shm"),
        Path("/usr"),
        Path.home() / ".ipython/profile_default/startup",
    ):
        if any(path.name.startswith(scene.marker) for path in (place.iterdir() if place.is_dir() else ())):
            row.problems.append(f"a file was left in {place}")
    row.problems += _left_running(scene.marker)
    row.problems += _gradebook(course, outcomes)
    return row


def course_tree(root):
    """Return what a course holds, file by file, apart from what grading writes."""
    found = {}
    for folder, folders, files in os.walk(root):
        folders[:] = [
            name
            for name in folders
            if name not in ("autograded", "build", "feedback", "submitted", "__pycache__")
        ]
        for name in files:
            path = Path(folder) / name
            if not name.startswith("gradebook.db"):
                found[str(path.relative_to(root))] = hashlib.sha256(path.read_bytes()).hexdigest()
    return found


def _touched(before, after):
    for name in sorted(before.keys() | after.keys()):
        if before.get(name) != after.get(name):
            yield f"{name} was {'changed' if name in before and name in after else 'made or removed'}"


def _left_running(marker):
    for process in psutil.process_iter(["cmdline"]):
        if marker in (process.info["cmdline"] or []):
            yield f"a process is still running: {process.pid}"


def _gradebook(course, outcomes):
    """Yield where the gradebook says something else than what was graded."""
    with Gradebook(f"sqlite:///{course.root}/gradebook.db") as gradebook:
        for submission in gradebook.assignment_submissions(NAME):
            outcome = outcomes.get(submission.student_id)
            if outcome is None or abs(submission.score - outcome.score) > 1e-9:
                yield f"the gradebook has {submission.score:g} points for {submission.student_id}"
