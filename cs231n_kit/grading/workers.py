"""Processes that work side by side on this machine, and end with the one that started them."""

import os
import sys
import threading
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context, parent_process

THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")


def pool(jobs):
    """Return an executor of `jobs` processes, each with one thread for linear algebra.

    They are forked, with all that is imported already, if this process has no other thread; else each imports afresh.
    """
    os.environ.update(dict.fromkeys(THREADS, "1"))
    method = "fork" if threading.active_count() == 1 and sys.platform == "linux" else "spawn"
    return ProcessPoolExecutor(jobs, get_context(method), end_with_parent)


def end_with_parent():
    """End this process as soon as the one that started it is gone: an idle worker would wait for ever."""

    def watch():
        parent_process().join()
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()
