"""Try right and wrong answers against a notebook's tests, without a kernel.

``python -m tests.course.harness [01-knn [exercise]]`` prints a line for each answer. The notebook's cells run once in
this process; every answer then runs in a fork of it, one answer cell replaced, against the graded cells of its
exercise.
"""
# ruff: noqa: E402 - BLAS reads its number of threads when NumPy is first imported

import contextlib
import io
import json
import linecache
import multiprocessing
import os
import re
import sys
import traceback
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, field, replace

os.environ["MPLBACKEND"] = "Agg"
for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[variable] = "1"

from nbgrader.utils import is_grade, is_solution

from cs231n_kit.checks import CheckFailed
from cs231n_kit.grading.course import Course
from cs231n_kit.grading.source import exercises, grade_id, is_explore, is_test, read_source
from tests.course.answers_file import read_answers

SECONDS = 60
AT_LEAST, AT_MOST = 0.6, 0.3  # share of its points that a slip keeps; that a wrong answer gets


@dataclass
class Outcome:
    """What the graded cells of an exercise said to one answer."""

    exercise: str
    kind: str
    name: str
    earned: float = 0
    most: float = 0
    caught_by: list = field(default_factory=list)
    messages: list = field(default_factory=list)
    stderr: str = ""
    raw: bool = False  # a test cell broke, in place of saying what is wrong
    bounded: bool = True  # whether the file tells slips from wrong answers

    @property
    def right(self):
        return self.kind == "right"

    @property
    def problem(self):
        """What is not as it should be, or None."""
        if self.right and self.earned < self.most:
            return f"a right answer earns {self.earned:g} of {self.most:g}: {self.messages[0]}"
        if self.right and self.stderr:
            return f"a right answer makes a graded cell write to stderr: {self.stderr[-300:]}"
        if not self.right and self.earned == self.most:
            return "a wrong answer earns all points"
        if not self.right and self.raw:
            return f"a wrong answer breaks the test instead of failing it: {self.messages[0]}"
        if self.kind == "slip" and self.earned < AT_LEAST * self.most:
            return f"one edge missed costs too much: {self.earned:g} of {self.most:g} points are left"
        if self.kind == "wrong" and self.bounded and self.earned > AT_MOST * self.most:
            return f"wrong on ordinary input, and yet it earns {self.earned:g} of {self.most:g} points"
        return None


class Notebook:
    """A notebook's cells by purpose, and a namespace in which its set-up and solutions have run."""

    def __init__(self, name):
        os.environ.setdefault("CS231N_NOTEBOOKS", str(Course.find().solutions))
        self.source = read_source(Course.find().assignment(name).source)
        code = [cell for cell in self.source.cells if cell.cell_type == "code" and not is_explore(cell)]
        self.answers = {grade_id(c): c.source for c in code if is_solution(c) and not is_grade(c)}
        self.tests = {grade_id(c): c for c in code if is_test(c)}
        self.exercises = exercises(self.source)
        self.namespace = {"__name__": "__main__"}
        with contextlib.redirect_stdout(io.StringIO()):
            for cell in code:
                if not is_test(cell):
                    run(cell.source, cell.id, self.namespace)

    def try_answer(self, answer):
        """Run one answer against its exercise's tests, in this process (a fork)."""
        outcome = Outcome(answer.exercise, answer.kind, answer.name)
        cells = [self.tests[i] for i in self.exercises[answer.exercise].graded if i in self.tests]
        outcome.most = sum(cell.metadata.nbgrader.points for cell in cells)
        errors = io.StringIO()
        with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(errors):
            try:
                run(answer.source, "answer", self.namespace)
            except BaseException as error:
                outcome.messages.append(f"the answer itself fails: {error!r}")
                return outcome
            for cell in cells:
                try:
                    run(cell.source, cell.id, self.namespace)
                    outcome.earned += cell.metadata.nbgrader.points
                except BaseException as error:
                    outcome.caught_by.append("hidden" if "_hidden" in cell.id else "visible")
                    outcome.messages.append(_message(error))
                    outcome.raw |= not isinstance(error, CheckFailed) and not _in_answer(error)
        outcome.stderr = errors.getvalue()
        return outcome


def run(source, name, namespace):
    """Execute a cell's source, so that `inspect.getsource` finds it."""
    source = re.sub(r"^\s*[%!].*$", "", source, flags=re.MULTILINE) + "\n"
    filename = f"<cell {name}>"
    linecache.cache[filename] = (len(source), None, source.splitlines(keepends=True), filename)
    exec(compile(source, filename, "exec"), namespace)


def try_all(name, exercise=None):
    """Try every answer kept for an assignment; returns a list of `Outcome`."""
    notebook = Notebook(name)
    answers = [a for a in read_answers(name, notebook.answers) if exercise in (None, a.exercise)]
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        outcomes = list(pool.map(lambda answer: _in_fork(notebook, answer), answers))
    bounded = any(answer.kind == "slip" for answer in answers) or exercise is not None
    return [replace(outcome, bounded=bounded) for outcome in outcomes]


def _in_fork(notebook, answer):
    context = multiprocessing.get_context("fork")
    receiver, sender = context.Pipe(duplex=False)
    process = context.Process(target=lambda: sender.send(asdict(notebook.try_answer(answer))))
    process.start()
    sender.close()
    try:
        if receiver.poll(SECONDS):
            return Outcome(**receiver.recv())
        message = f"no end after {SECONDS} s"
    except EOFError:
        message = "the process died"
    finally:
        process.kill()
        process.join()
    most = sum(notebook.tests[i].metadata.nbgrader.points for i in notebook.exercises[answer.exercise].graded)
    return Outcome(answer.exercise, answer.kind, answer.name, 0, most, ["visible"], [message])


def _message(error):
    return str(error) if isinstance(error, CheckFailed) else f"{type(error).__name__}: {error}"


def _in_answer(error):
    """Whether an error was raised while the student's own code ran."""
    return any(frame.filename == "<cell answer>" for frame in traceback.extract_tb(error.__traceback__))


def main():
    words = [word for word in sys.argv[1:] if word != "--json"]
    names, exercise = words[:1] or Course.find().names(), words[1] if len(words) > 1 else None
    outcomes = [outcome for name in names for outcome in try_all(name, exercise)]
    if "--json" in sys.argv:
        json.dump([asdict(outcome) for outcome in outcomes], sys.stdout)
        return
    for outcome in outcomes:
        report(outcome)
    bad = sum(bool(outcome.problem) for outcome in outcomes)
    print(f"{len(outcomes)} answers, {bad} not as they should be")
    sys.exit(bool(bad))


def report(o):
    """Print one outcome: the points, what caught it, and the message that the student sees."""
    caught = "+".join(dict.fromkeys(o.caught_by)) or "-"
    print(
        f"{'!!' if o.problem else 'ok'} {o.exercise} | {o.kind} | {o.name}: {o.earned:g}/{o.most:g}, caught by {caught}"
    )
    if o.problem:
        print(f"     {o.problem}")
    if not o.right and o.messages:
        print("     " + o.messages[0].replace("\n", "\n     "))


if __name__ == "__main__":
    main()
