"""Run grading jobs on an executor, in this process, or on all cores."""

import os
from concurrent.futures import ProcessPoolExecutor, as_completed
from multiprocessing import get_context

from cs231n_kit.grading.autograde.grade import grade
from cs231n_kit.grading.box.sandbox import THREADS


def pool(jobs):
    """Return an executor of this machine: `jobs` processes, each with one thread for linear algebra."""
    os.environ.update(dict.fromkeys(THREADS, "1"))
    return ProcessPoolExecutor(jobs, mp_context=get_context("spawn"))


def results(executor, jobs):
    """Yield (name, result, error) of each job in a dict name -> bytes, as they are done; one of the two is None."""
    futures = {executor.submit(grade, job): name for name, job in jobs.items()}
    for future in as_completed(futures):
        error = future.exception()
        yield futures[future], None if error else future.result(), error
