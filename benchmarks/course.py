"""Run every solution from top to bottom, as it is: ``python -m benchmarks.course [01-knn ...]``, or ``make course``.

Prints a line for each notebook: time, processor time, largest memory and score; explore cells are run, too. Two
notebooks run at a time, each with one thread for linear algebra. The exit code says whether every cell ran without an
error, and so earned its points.
"""

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor

from nbclient import NotebookClient
from tqdm import tqdm

from benchmarks.data_report import Report
from cs231n_kit.grading.course import Course
from cs231n_kit.grading.source import grade_id, is_test, read_source
from cs231n_kit.grading.workers import THREADS

AT_A_TIME = 2
SECONDS_PER_CELL = 600


def run(name):
    """Execute one notebook in a kernel of its own; what it took, and what it earned, as a dict."""
    notebook = read_source(Course.find().assignment(name).source)
    start = time.perf_counter()
    with tempfile.TemporaryDirectory(prefix="cs231n-course-") as folder:
        resources = {"metadata": {"path": folder}}
        client = NotebookClient(notebook, timeout=SECONDS_PER_CELL, allow_errors=True, resources=resources)
        client.execute(stderr=subprocess.DEVNULL)  # its warning about TCP, once a kernel
    used = resource.getrusage(resource.RUSAGE_CHILDREN)  # of the kernel, which has ended
    failed = [
        cell for cell in notebook.cells if any(o.output_type == "error" for o in cell.get("outputs", []))
    ]
    tests = [cell for cell in notebook.cells if is_test(cell)]
    return {
        "seconds": time.perf_counter() - start,
        "cpu": used.ru_utime + used.ru_stime,
        "megabytes": used.ru_maxrss / 1024,
        "score": sum(cell.metadata.nbgrader.points for cell in tests if cell not in failed),
        "most": sum(cell.metadata.nbgrader.points for cell in tests),
        "failed": [grade_id(cell) or cell.id for cell in failed],
    }


def run_apart(name):
    """`run` in a process of its own, so that its kernel is the only child that is counted."""
    solutions = str(Course.find().solutions)
    environment = os.environ | dict.fromkeys(THREADS, "1") | {"CS231N_NOTEBOOKS": solutions}
    command = [sys.executable, "-m", "benchmarks.course", "--one", name]
    done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True, check=False)
    if done.returncode:
        sys.exit(f"{name} could not be run; the reason is above.")
    return json.loads(done.stdout.splitlines()[-1])


def measure(names):
    """name -> what `run` found, two notebooks at a time; and the seconds that all took."""
    start = time.perf_counter()
    with ThreadPoolExecutor(AT_A_TIME) as pool:
        found = dict(
            zip(names, tqdm(pool.map(run_apart, names), total=len(names), unit="notebook"), strict=True)
        )
    return found, time.perf_counter() - start


def report(found, seconds):
    """Print the table; with the whole course, keep it, too."""
    whole = list(found) == Course.find().names()
    page = Report(
        "The course, from top to bottom",
        "Every solution with all its cells, two notebooks at a time. *Points* are those of the tests; the written"
        " questions are graded by hand. Made by `make course`.",
    )
    page.table(
        ["notebook", "seconds", "processor seconds", "MB at most", "points", "cells that failed"],
        [
            [
                name,
                one["seconds"],
                one["cpu"],
                f"{one['megabytes']:.0f}",
                f"{one['score']:g} of {one['most']:g}",
                ", ".join(one["failed"]) or "none",
            ]
            for name, one in found.items()
        ],
    )
    page.say(f"All together: {seconds / 60:.1f} minutes.")
    if whole:
        page.save("course.md")


def main():
    names = sys.argv[1:] or Course.find().names()
    if names[0] == "--one":
        print(json.dumps(run(names[1])))
        return
    unknown = set(names) - set(Course.find().names())
    if unknown:
        sys.exit(
            f"There is no notebook {', '.join(sorted(unknown))}. There are: {', '.join(Course.find().names())}."
        )
    found, seconds = measure(names)
    report(found, seconds)
    sys.exit(any(one["failed"] for one in found.values()))


if __name__ == "__main__":
    main()
