"""The grader's end of a warm box: starts one, asks it for kernels, and sees how they live."""

import contextlib
import json
import os
import secrets
import shutil
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from cs231n_kit.grading.box import sandbox
from cs231n_kit.grading.box.zygote import ROOM, TALK

PEER = struct.Struct("3i")  # process, user, group
PATIENCE = 60  # seconds for the first imports
TRIAL_USER = 65534  # nobody
STARTING = 60  # seconds until a fork answers: it may have to wait for the first imports


class WarmError(RuntimeError):
    """This host cannot keep a box warm; the message says what failed."""


class WarmBox:
    """A box whose first process has imported everything, and forks a kernel for each submission.

    Whoever starts it ends it; other processes of this machine ask it for kernels through its folder.
    """

    def __init__(self, limits, mounts, environment):
        """Start the box; `mounts` are (path on the host, path in the box), mounted read-only."""
        self.folder = Path(tempfile.mkdtemp(prefix="cs231n-warm-"))
        self.folder.chmod(0o711)  # the forks go through it to their own folders
        self.keep = kept(mounts)
        box = sandbox.command([(str(self.folder), ROOM)], limits, environment, mounts, chdir="/", warm=True)
        self.process = subprocess.Popen(
            [*box, sys.executable, "-m", "cs231n_kit.grading.box.zygote"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            env={"PATH": os.environ.get("PATH", os.defpath)},
            cwd="/",
        )

    def close(self):
        """End the box and all that it forked."""
        self.process.kill()
        self.process.wait()
        self.process.stderr.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    def try_out(self, limits):
        """Wait until it is ready and let it fork once; raises `WarmError` if this host cannot."""
        patience = time.monotonic() + PATIENCE
        while not (self.folder / Path(TALK).name).exists():
            if self.process.poll() is not None or time.monotonic() > patience:
                over = self.process.poll() is not None
                words = self.process.stderr.read().decode("utf-8", "replace").strip() if over else ""
                raise WarmError(f"the warm process did not start: {words[-300:] or 'it took too long'}")
            time.sleep(0.02)
        room, inside = make_room(self.folder)
        try:
            own, user = room / "kernel", TRIAL_USER if sandbox.is_root() else None
            own.mkdir(mode=0o700)
            if user:
                os.chown(own, user, user)
            argv = ["cs231n_kit.grading.box.alive", f"{inside}/kernel/alive"]
            process = launch(room, argv, user, {}, "/", limits, self.keep)
            while process.poll() is None and time.monotonic() < patience:
                time.sleep(0.01)
            process.kill()
            process.wait()
            if not (own / "alive").is_file():
                raise WarmError("a fork of the warm process could not run Python")
        finally:
            leave(room)


def kept(mounts):
    """Return the paths in a box that stay visible in its forks, whatever folders above them become fresh ones."""
    return [str(target) for _, target in mounts] + sandbox.python_paths()


def make_room(folder):
    """Make a folder for one kernel that only its box will see; returns its path on the host and in the box."""
    room = Path(folder) / secrets.token_hex(8)
    room.mkdir(mode=0o755)
    return room, Path(ROOM) / room.name


def leave(room):
    """Remove a room."""
    shutil.rmtree(room, ignore_errors=True)


def launch(room, argv, user, ceilings, chdir, limits, keep):
    """Fork a kernel in a room of a warm box; returns its `WarmProcess`.

    Parameters
    ----------
    room : its folder on the host
    argv : module and arguments
    user : number of the user it becomes, or None to stay who it is
    ceilings : limits of the system, name -> value
    chdir : folder that it starts in
    limits : `Limits`
    keep : paths in the box that stay visible though a folder above them becomes a fresh one

    Raises
    ------
    WarmError : the box is gone, or could not fork
    """
    request = {"name": room.name, "argv": argv, "user": user, "ceilings": ceilings, "chdir": chdir}
    request |= {"keep": keep, "scratch": limits.scratch_bytes}
    line = socket.socket(socket.AF_UNIX)
    line.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 1)
    line.settimeout(STARTING)
    try:
        line.connect(str(room.parent / Path(TALK).name))
        line.sendall(json.dumps(request).encode() + b"\n")
        said, ancillary, _, _ = line.recvmsg(10_000, socket.CMSG_SPACE(PEER.size))
    except OSError as error:
        raise WarmError(f"the warm box does not answer: {error}") from None
    answer = json.loads(said or b"{}")
    if answer.get("name") != room.name or "error" in answer:
        line.close()
        raise WarmError(f"a kernel could not be forked: {answer.get('error', 'it ended at once')}")
    pid, _, _ = PEER.unpack(ancillary[0][2])
    return WarmProcess(line, pid)


class WarmProcess:
    """A forked kernel as `subprocess.Popen` would show it: the first process of its own PID namespace."""

    stdin = stdout = stderr = None

    def __init__(self, line, pid):
        self.line, self.pid, self.returncode = line, pid, None
        try:
            self.handle = os.pidfd_open(self.pid)
        except ProcessLookupError:  # it has ended already
            self.handle = None
        line.setblocking(False)

    def poll(self):
        """Return None while it lives."""
        if self.returncode is None:
            try:
                if self.line.recv(1) == b"":
                    self.returncode = 0
            except BlockingIOError:
                return None
            except OSError:
                self.returncode = 1
        return self.returncode

    def wait(self):
        """Return how it ended; it has."""
        self.line.close()
        if self.handle is not None:
            os.close(self.handle)
            self.handle = None
        return self.returncode

    def send_signal(self, number):
        """Send a signal; to the first process of a namespace only SIGKILL means anything, and ends all of it."""
        if self.handle is not None:
            with contextlib.suppress(ProcessLookupError):
                signal.pidfd_send_signal(self.handle, number)

    def kill(self):
        self.send_signal(signal.SIGKILL)

    terminate = kill
