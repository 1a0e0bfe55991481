"""Watches a box from outside: its memory as a whole, its processes, and the folder it can write to."""

import contextlib
import os
import threading

import psutil

EVERY = 0.2  # seconds
LARGEST_FOLDER = 64  # entries; a kernel's sockets are five


def watch(process, limits, folder, kill):
    """Call `kill(reason)` when a box takes more than it may; returns at once, watching in the background."""
    threading.Thread(target=_watch, args=(process, limits, folder, kill), daemon=True).start()


def _watch(process, limits, folder, kill):
    ended = threading.Event()
    while process.poll() is None:
        reason = _excess(process.pid, limits, folder)
        if reason:
            kill(reason)
            return
        ended.wait(EVERY)


def _excess(pid, limits, folder):
    """Say what a box takes too much of, or None."""
    with contextlib.suppress(psutil.Error, OSError):
        inside = psutil.Process(pid).children(recursive=True)
        if len(inside) > limits.processes + 8:
            return f"more than {limits.processes} processes"
        # What forks share is counted once only on the second, slower look.
        if all(sum(look(each) for each in inside) > limits.memory_bytes for look in (_memory, _own_memory)):
            return f"more than {limits.memory_bytes // 2**20} MiB of memory"
        sizes = [entry.stat(follow_symlinks=False).st_size for entry in os.scandir(folder)]
        if len(sizes) > LARGEST_FOLDER or sum(sizes) > limits.file_bytes:
            return "too many files in the folder of its sockets"
    return None


def _memory(process):
    """Return the anonymous memory of a process, pages shared with a fork included."""
    with contextlib.suppress(psutil.Error):
        memory = process.memory_info()
        return memory.rss - memory.shared
    return 0


def _own_memory(process):
    """Return the memory of a process, shared pages divided among those that share them."""
    with contextlib.suppress(psutil.Error):
        return process.memory_full_info().pss
    return 0
