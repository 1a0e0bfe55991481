"""Loading CIFAR-10: the kit's loader against reading the pickled batches into float64, as is usual.

    python -m benchmarks.data_cifar10

The archives are synthetic and of the full size, 60,000 pictures. Time and memory are measured in separate
runs, because counting allocations takes time.
"""

import pickle
import tempfile
import time
import tracemalloc
from pathlib import Path

import numpy as np

from benchmarks.data_report import Report
from cs231n_kit.data import load_cifar10
from tests.kit.cifar10_archives import BATCHES, python2_pickle

PER_BATCH = 10_000
REPEATS = 3
TIME_GOAL, MEMORY_GOAL = 3.0, 4.0


def write_archives(root):
    """Both forms of the archive, with the same random pictures."""
    rng = np.random.default_rng(0)
    binary, pickled = root / "cifar-10-batches-bin", root / "cifar-10-batches-py"
    binary.mkdir()
    pickled.mkdir()
    for name in BATCHES:
        records = rng.integers(0, 256, (PER_BATCH, 3073), dtype=np.uint8)
        records[:, 0] %= 10
        (binary / f"{name}.bin").write_bytes(records.tobytes())
        (pickled / name).write_bytes(python2_pickle(records[:, 1:], records[:, 0]))
    return binary, pickled


def usual_loader(folder):
    """Unpickle each batch, turn it into float64 pictures, put them together and cut out the splits."""

    def read(name):
        with (folder / name).open("rb") as file:
            batch = pickle.load(file, encoding="latin1")
        pictures = batch["data"].reshape(PER_BATCH, 3, 32, 32).transpose(0, 2, 3, 1).astype("float")
        return pictures, np.array(batch["labels"])

    X, y = map(np.concatenate, zip(*map(read, BATCHES[:-1]), strict=True))
    X_test, y_test = read(BATCHES[-1])
    val, train, test = (
        list(range(start, stop)) for start, stop in ((49_000, 50_000), (0, 49_000), (0, 10_000))
    )
    return X[train], y[train], X[val], y[val], X_test[test], y_test[test]


def kit_loader(folder):
    return load_cifar10(49_000, 1000, 10_000, root=folder, verify=False)  # synthetic files


def measured(load, folder):
    """Seconds of the quickest reading, and the peak of what one allocates, in bytes."""
    seconds = []
    for _ in range(REPEATS):
        start = time.perf_counter()
        load(folder)
        seconds.append(time.perf_counter() - start)
    tracemalloc.start()
    load(folder)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return min(seconds), peak


def main():
    report = Report(
        "Loading CIFAR-10",
        "60,000 synthetic pictures in the true formats; quickest of three runs, files in the system's cache. Made by"
        " `python -m benchmarks.data_cifar10`.",
    )
    with tempfile.TemporaryDirectory() as folder:
        binary, pickled = write_archives(Path(folder))
        usual = measured(usual_loader, pickled)
        rows = [("pickled batches into float64", *usual)]
        for name, place in (("the kit, pickled batches", pickled), ("the kit, binary", binary)):
            rows.append((name, *measured(kit_loader, place)))
    report.table(
        ["loader", "seconds", "peak MB", "times faster", "times less memory"],
        [
            (name, f"{seconds:.2f}", round(peak / 1e6), usual[0] / seconds, usual[1] / peak)
            for name, seconds, peak in rows
        ],
    )
    _, seconds, peak = rows[-1]
    report.claims(
        [
            (f"binary: at least {TIME_GOAL:.0f} times faster", usual[0] / seconds >= TIME_GOAL),
            (f"binary: at least {MEMORY_GOAL:.0f} times less memory", usual[1] / peak >= MEMORY_GOAL),
        ]
    )
    report.save("data_cifar10.md")


if __name__ == "__main__":
    main()
