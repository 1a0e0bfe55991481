"""One temporary folder for all that a run keeps on the side, so that the next run can remove what a killed one left."""

import contextlib
import fcntl
import os
import shutil
import tempfile
from pathlib import Path

PREFIX = "cs231n-run-"


@contextlib.contextmanager
def run_folder():
    """Let everything temporary of this process and its children lie in one folder, which is removed at the end.

    What runs that were killed left behind is removed first: theirs alone, for a folder in use is locked.
    """
    remove_left_behind()
    before = tempfile.tempdir, os.environ.get("TMPDIR")
    made = Path(tempfile.mkdtemp(prefix="cs231n-new-"))
    lock = os.open(made, os.O_RDONLY)
    fcntl.flock(lock, fcntl.LOCK_SH)
    folder = made.rename(
        made.with_name(PREFIX + made.name.removeprefix("cs231n-new-"))
    )  # by now it is locked
    tempfile.tempdir = os.environ["TMPDIR"] = str(folder)
    try:
        yield folder
    finally:
        tempfile.tempdir = before[0]
        if before[1] is None:
            del os.environ["TMPDIR"]
        else:
            os.environ["TMPDIR"] = before[1]
        shutil.rmtree(folder, ignore_errors=True)
        os.close(lock)


def remove_left_behind():
    """Remove the folders of this user's runs that no process holds any more; returns their names."""
    removed = []
    for entry in os.scandir(tempfile.gettempdir()):
        if not entry.name.startswith(PREFIX) or not entry.is_dir(follow_symlinks=False):
            continue
        with contextlib.suppress(OSError):
            if entry.stat(follow_symlinks=False).st_uid == os.geteuid() and _is_free(entry.path):
                shutil.rmtree(entry.path, ignore_errors=True)
                removed.append(entry.name)
    return removed


def _is_free(path):
    """Whether no process holds the lock of a run's folder."""
    folder = os.open(path, os.O_RDONLY | os.O_NOFOLLOW)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return True
    except BlockingIOError:
        return False
    finally:
        os.close(folder)
