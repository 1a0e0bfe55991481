"""The grader's end of a warm box: starts one, asks it for kernels, and sees how they live."""

import atexit
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
from pathlib import Path

from cs231n_kit.grading.box import sandbox
from cs231n_kit.grading.box.zygote import ROOM, TALK

PEER = struct.Struct("3i")  # of SO_PEERCRED: process, user, group
PATIENCE = 60  # seconds for the first imports
STARTING = 20  # seconds for a fork


_boxes, _rooms = {}, {}  # of this process: key -> WarmBox, room on the host -> the WarmBox that it is in


def room_for(limits, mounts, environment):
    """Make a room in the warm box for such kernels, which is started when there is none; returns its two paths.

    Raises
    ------
    WarmError : this host cannot keep a box warm
    """
    key = repr((limits, sorted(mounts), sorted(environment.items())))
    box = _boxes.get(key)
    if box is None or not box.alive():
        while _boxes:  # the next assignment has come: one warm process is enough
            _boxes.popitem()[1].close()
        try:
            box = _boxes[key] = WarmBox(limits, mounts, environment)
        except (OSError, subprocess.SubprocessError, ValueError) as error:
            raise WarmError(str(error)) from None
    room, inside = box.room()
    _rooms[str(room)] = box
    return room, inside


def box_of(room):
    """Return the warm box that a room is in."""
    return _rooms[str(room)]


def leave(room):
    """Remove a room."""
    _rooms.pop(str(room), None)
    shutil.rmtree(room, ignore_errors=True)


@atexit.register
def _close_all():
    while _boxes:
        _boxes.popitem()[1].close()


class WarmError(RuntimeError):
    """This host cannot keep a box warm; the message says what failed."""


class WarmBox:
    """A box whose first process has imported everything, and forks a kernel for each submission."""

    def __init__(self, limits, mounts, environment):
        """Start the box; `mounts` are (path on the host, path in the box), mounted read-only."""
        self.limits = limits
        self.folder = Path(tempfile.mkdtemp(prefix="cs231n-warm-"))
        self.folder.chmod(0o711)  # the forks go through it to their own folders
        self.listener = socket.socket(socket.AF_UNIX)
        self.listener.bind(str(self.folder / Path(TALK).name))
        self.listener.listen(8)
        self.keep = [str(target) for _, target in mounts] + sandbox.python_paths()
        box = sandbox.command([(str(self.folder), ROOM)], limits, environment, mounts, chdir="/", warm=True)
        self.process = subprocess.Popen(
            [*box, sys.executable, "-m", "cs231n_kit.grading.box.zygote"],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            env={"PATH": os.environ.get("PATH", os.defpath)},
            cwd="/",
        )
        try:
            line, said = self._accept(PATIENCE)
            line.close()
            if said.get("threads") != 1:
                raise WarmError(
                    f"the warm process has {said.get('threads')} threads, and cannot be forked safely"
                )
        except BaseException:
            self.close()
            raise

    def room(self):
        """Make a folder for one kernel that only its box will see; returns its path on the host and in the box."""
        name = secrets.token_hex(8)
        (self.folder / name).mkdir(mode=0o755)
        return self.folder / name, f"{ROOM}/{name}"

    def launch(self, room, argv, user, ceilings, chdir):
        """Fork a kernel; returns its `WarmProcess`.

        Parameters
        ----------
        room : its folder on the host
        argv : module and arguments
        user : number of the user it becomes, or None to stay who it is
        ceilings : limits of the system, name -> value
        chdir : folder that it starts in
        """
        request = {
            "name": room.name,
            "argv": argv,
            "user": user,
            "ceilings": ceilings,
            "chdir": chdir,
            "keep": self.keep,
            "scratch": self.limits.scratch_bytes,
        }
        try:
            self.process.stdin.write(json.dumps(request).encode() + b"\n")
            self.process.stdin.flush()
        except OSError as error:
            raise WarmError(f"the warm process is gone: {error}") from None
        line, said = self._accept(STARTING)
        if said.get("name") != room.name or "error" in said:
            line.close()
            raise WarmError(f"a kernel could not be forked: {said.get('error', 'another one answered')}")
        return WarmProcess(line)

    def _accept(self, seconds):
        """Wait for somebody in the box to say something; returns (line, what)."""
        self.listener.settimeout(seconds)
        try:
            line, _ = self.listener.accept()
            line.settimeout(seconds)
            said = line.makefile("rb").readline(10_000)
        except TimeoutError:
            raise WarmError(f"no answer from the warm box within {seconds} s{self._last_words()}") from None
        return line, json.loads(said or b"{}")

    def _last_words(self):
        if self.process.poll() is None:
            return ""
        words = self.process.stderr.read().decode("utf-8", "replace").strip().splitlines()
        return f": {words[-1][:300]}" if words else ""

    def alive(self):
        """Whether kernels can still be asked for."""
        return self.process.poll() is None

    def close(self):
        """End the box and all that it forked."""
        self.process.kill()
        self.process.wait()
        for pipe in (self.process.stdin, self.process.stderr):
            with contextlib.suppress(OSError):
                pipe.close()
        self.listener.close()
        shutil.rmtree(self.folder, ignore_errors=True)


class WarmProcess:
    """A forked kernel as `subprocess.Popen` would show it: the first process of its own PID namespace."""

    stdin = stdout = stderr = None

    def __init__(self, line):
        self.line, self.returncode = line, None
        self.pid, _, _ = PEER.unpack(line.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, PEER.size))
        self.handle = os.pidfd_open(self.pid)
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
        with contextlib.suppress(OSError):
            os.close(self.handle)
        return self.returncode

    def send_signal(self, number):
        """Send a signal; to the first process of a namespace only SIGKILL means anything, and ends all of it."""
        with contextlib.suppress(ProcessLookupError, OSError):
            signal.pidfd_send_signal(self.handle, number)

    def kill(self):
        self.send_signal(signal.SIGKILL)

    terminate = kill
