"""The clean, warm process that referees are forked from: it has imported what tests import, and run nothing.

Called as ``python -m ...referee.forker PATH``; listens at PATH, and whoever connects talks to a fresh fork.
"""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from importlib import import_module
from multiprocessing.connection import Connection
from pathlib import Path

PRELOAD = (
    "numpy",
    "scipy.special",
    "scipy.signal",
    "scipy.spatial",
    "matplotlib.pyplot",
    "cs231n_kit.checks",
    "cs231n_kit.gradcheck",
    "cs231n_kit.data",
    "cs231n_kit.notebooks",
    "cs231n_kit.plotting",
    "cs231n_kit.solver",
    "cs231n_kit.grading.referee.process",
)
PATIENCE = 60  # seconds for the imports


class Forker:
    """Starts the process and ends it."""

    def __init__(self, folder):
        self.path = Path(folder) / "referees"
        command = [sys.executable, "-m", "cs231n_kit.grading.referee.forker", str(self.path)]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE)

    def close(self):
        """End it; the referees end with the lines that they serve."""
        self.process.stdin.close()
        self.process.kill()
        self.process.wait()


def connect(path):
    """Get a fresh referee's end of the line, waiting for the forker to be ready; returns a `Connection`."""
    patience = time.monotonic() + PATIENCE
    while True:
        line = socket.socket(socket.AF_UNIX)
        try:
            line.connect(str(path))
            return Connection(line.detach())
        except OSError:
            line.close()
            if time.monotonic() > patience:
                raise
            time.sleep(0.02)


def main(path):
    """Import, listen, fork. Ends with the process that started it, whose end of standard input closes then."""
    for name in PRELOAD:
        import_module(name)
    process = sys.modules["cs231n_kit.grading.referee.process"]
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for the forks
    os.umask(0o077)
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(path)
    listener.listen(64)
    if os.fork() == 0:
        _end_with_parent(listener)
    while True:
        line, _ = listener.accept()
        if os.fork() == 0:
            listener.close()
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            os.umask(0o022)
            with contextlib.suppress(EOFError, ConnectionError):
                process.serve(Connection(line.detach()))
            os._exit(0)
        line.close()


def _end_with_parent(listener):
    """Wait until standard input closes, and end the one that listens."""
    listener.close()
    while sys.stdin.buffer.read(1):
        continue
    os.kill(os.getppid(), signal.SIGKILL)
    os._exit(0)


if __name__ == "__main__":
    main(sys.argv[1])
