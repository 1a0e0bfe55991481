"""How long 10,000 pictures take to draw, to load again, and how much memory drawing needs.

python -m benchmarks.data_drawing
"""

import os
import tempfile
import time
import tracemalloc

from benchmarks.data_report import Report
from cs231n_kit.data import load_picturebook, load_textures

NUMBER = 10_000
DRAW_GOAL, LOAD_GOAL, MEMORY_GOAL = 60.0, 1.0, 2.0  # seconds, seconds, times the array


def timed(load, seed):
    start = time.perf_counter()
    load(NUMBER, 0, 0, seed=seed)
    return time.perf_counter() - start


def peak_over_array(load, seed):
    """Peak of the memory allocated while drawing, over the size of the pictures."""
    tracemalloc.start()
    data = load(NUMBER, 0, 0, seed=seed)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak / data.X_train.nbytes


def main():
    report = Report(
        "Drawing pictures",
        f"{NUMBER:,} pictures of 32 x 32, one process. Made by `python -m benchmarks.data_drawing`.",
    )
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        os.environ["CS231N_DATA"] = folder
        for name, load in (("picture book", load_picturebook), ("textures", load_textures)):
            rows.append((name, timed(load, 1), timed(load, 1), peak_over_array(load, 2)))
    report.table(
        ["", "drawn, s", "loaded, s", "peak memory / array"],
        [(name, draw, f"{load:.2f}", f"{memory:.2f}") for name, draw, load, memory in rows],
    )
    _, draw, load, memory = (max(column) for column in zip(*rows, strict=True))
    report.claims(
        [
            (f"drawn in {DRAW_GOAL:.0f} s", draw <= DRAW_GOAL),
            (f"loaded in {LOAD_GOAL:.0f} s", load <= LOAD_GOAL),
            (f"memory within {MEMORY_GOAL:.0f} times the array", memory <= MEMORY_GOAL),
        ]
    )
    report.save("data_drawing.md")


if __name__ == "__main__":
    main()
