"""The warm process in the box: imports once what every kernel imports, and forks a kernel for each submission.

Called as ``python -m ...box.zygote``; listens at `TALK` for requests, a JSON line each, and gives each fork
namespaces, a user and limits of its own before it becomes a kernel. Nothing of a student's ever runs in this process.
"""

import ctypes
import json
import os
import resource
import runpy
import signal
import socket
import struct
import sys

from cs231n_kit.grading.box import calls

ROOM = "/box"  # where the folder that is shared with the grader is
TALK = f"{ROOM}/zygote"  # where it listens
FRESH = ("/tmp", "/dev/shm", "/home/student")
PRELOAD = (
    "numpy",
    "scipy.special",
    "scipy.signal",
    "scipy.spatial.distance",
    "matplotlib.pyplot",
    "matplotlib_inline.backend_inline",
    "IPython.core.interactiveshell",
    "IPython.core.completer",
    "ipykernel.kernelapp",
    "ipykernel.ipkernel",
    "debugpy",
    "tqdm.auto",
    "cs231n_kit.checks",
    "cs231n_kit.data",
    "cs231n_kit.gradcheck",
    "cs231n_kit.notebooks",
    "cs231n_kit.plotting",
    "cs231n_kit.solver",
    "cs231n_kit.grading.referee.student",
)
CLONE_NEWNS, CLONE_NEWUSER, CLONE_NEWPID, CLONE_NEWIPC = 0x00020000, 0x10000000, 0x20000000, 0x08000000
MS_NOSUID, MS_NODEV, MS_REMOUNT, MS_BIND, MS_REC, MS_PRIVATE = 2, 4, 32, 4096, 16384, 1 << 18
PR_CAPBSET_DROP, PR_SET_NO_NEW_PRIVS = 24, 38
LAST_CAPABILITY = 40

libc = ctypes.CDLL(None, use_errno=True)


def main():
    """Import, listen, and fork on request until the grader ends this process."""
    for name in PRELOAD:
        __import__(name)
    calls.why_not()  # makes the filter, once for all forks
    if _threads() != 1:
        sys.exit(f"{_threads()} threads run after the imports: forks would not be safe")
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for the forks
    listener = socket.socket(socket.AF_UNIX)
    before = os.umask(0o077)
    listener.bind(TALK)
    os.umask(before | 0o022)  # folders that the forks make are for their own users to go through
    listener.listen(64)
    while True:
        line, _ = listener.accept()
        request = line.makefile("rb").readline()
        if request and os.fork() == 0:
            listener.close()
            _isolate(json.loads(request), line)
        line.close()


def _threads():
    with open("/proc/self/status", encoding="ascii") as file:
        return next(int(line.split()[1]) for line in file if line.startswith("Threads:"))


def _say(line, **what):
    """Tell the grader something, together with who says it: the system translates the number of the process."""
    who = struct.pack("3i", os.getpid(), os.getuid(), os.getgid())
    credentials = [(socket.SOL_SOCKET, socket.SCM_CREDENTIALS, who)]
    line.sendmsg([json.dumps(what).encode() + b"\n"], credentials)


def _isolate(request, line):
    """Leave the siblings' namespaces; the process that does the rest is the first of a new PID namespace."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    try:
        own_user = request["user"] is None
        if own_user:
            uid, gid = os.getuid(), os.getgid()
        _check(
            libc.unshare(CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWIPC | (CLONE_NEWUSER if own_user else 0)),
            "unshare",
        )
        if own_user:
            _write("/proc/self/setgroups", "deny")
            _write("/proc/self/uid_map", f"{uid} {uid} 1")
            _write("/proc/self/gid_map", f"{gid} {gid} 1")
        if os.fork() == 0:  # the first process of the new namespace
            _first(request, line)
    except BaseException as error:
        _say(line, name=request["name"], error=f"{type(error).__name__}: {error}")
    os._exit(0)


def _first(request, line):
    """Be the first process of the kernel's world: set it up, start the kernel, bury its orphans, end with it."""
    try:
        _mounts(request)
        _say(line, name=request["name"])
        kernel = os.fork()
        if kernel == 0:
            line.close()
            _kernel(request)
        null = os.open("/dev/null", os.O_RDWR)
        os.dup2(null, 0)
        _drop_capabilities()
        while True:
            ended, _ = os.wait()
            if ended == kernel:
                os._exit(0)  # and with it everything in this namespace
    except BaseException as error:
        _say(line, name=request["name"], error=f"{type(error).__name__}: {error}")
        os._exit(1)


def _mounts(request):
    """Give the kernel fresh folders to write to, its own sockets alone, and a /proc without siblings."""
    _mount(None, "/", None, MS_REC | MS_PRIVATE)
    keep = [path for path in request["keep"] if any(path.startswith(f"{fresh}/") for fresh in FRESH)]
    # What lies below a folder that is covered is held open, and shown again on top.
    held = {path: os.open(path, os.O_PATH) for path in keep}
    own = os.open(f"{ROOM}/{request['name']}", os.O_PATH)
    for path in FRESH:
        _mount("tmpfs", path, "tmpfs", MS_NOSUID | MS_NODEV, f"size={request['scratch']},mode=1777")
    for path, descriptor in held.items():
        os.makedirs(path, exist_ok=True)
        _mount(f"/proc/self/fd/{descriptor}", path, None, MS_BIND | MS_REC)
        os.close(descriptor)
    _mount("tmpfs", ROOM, "tmpfs", MS_NOSUID | MS_NODEV, "size=64k,mode=755")
    os.mkdir(f"{ROOM}/{request['name']}", 0o755)
    _mount(f"/proc/self/fd/{own}", f"{ROOM}/{request['name']}", None, MS_BIND | MS_REC)
    os.close(own)
    _mount("proc", "/proc", "proc", MS_NOSUID | MS_NODEV)


def _kernel(request):
    """Give up everything and become the kernel."""
    os.setsid()
    for name, value in request["ceilings"].items():
        resource.setrlimit(getattr(resource, name), (value, value))
    os.umask(0o077)
    for capability in range(LAST_CAPABILITY + 1):
        libc.prctl(PR_CAPBSET_DROP, capability, 0, 0, 0)
    if request["user"] is not None:
        user = request["user"]
        os.setgroups([])
        os.setresgid(user, user, user)
        os.setresuid(user, user, user)
    _drop_capabilities()
    _check(libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), "no new privileges")
    calls.install()
    null = os.open("/dev/null", os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(null, descriptor)
    os.closerange(3, 4096)
    os.chdir(request["chdir"])
    module, *arguments = request["argv"]
    sys.argv = [module, *arguments]
    sys.stdin = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115 - the kernel's for as long as it lives
    runpy.run_module(module, run_name="__main__", alter_sys=True)
    sys.stdout.flush()
    os._exit(0)


def _drop_capabilities():
    """Give up every capability, for good."""
    header = (ctypes.c_uint32 * 2)(0x20080522, 0)
    _check(libc.capset(header, (ctypes.c_uint32 * 6)()), "capset")


def _mount(source, target, kind, flags, data=None):
    encoded = [None if text is None else text.encode() for text in (source, target, kind, data)]
    _check(libc.mount(*encoded[:3], ctypes.c_ulong(flags), encoded[3]), f"mount {target}")


def _check(result, what):
    if result != 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{what}: {os.strerror(number)}")


def _write(path, text):
    with open(path, "w", encoding="ascii") as file:
        file.write(text)


if __name__ == "__main__":
    main()
