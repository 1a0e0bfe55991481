"""The sandbox as a bubblewrap command: what a student's kernel sees."""

import os
import sys
from pathlib import Path

import cs231n_kit
from cs231n_kit.grading.box import bubblewrap
from cs231n_kit.grading.workers import THREADS

HOME = "/home/student"
SYSTEM = ("/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32")
SETTINGS = (
    "ld.so.cache",
    "ld.so.conf",
    "ld.so.conf.d",
    "alternatives",
    "fonts",
    "localtime",
    "mime.types",
    "nsswitch.conf",
)


def command(folders, limits, environment, readable=(), chdir=HOME, warm=False):
    """Return the bubblewrap command line, to be followed by the program to run.

    Parameters
    ----------
    folders : paths, or (path on the host, path in the box), that the box may write to (its sockets)
    limits : `Limits`
    environment : dict, the whole environment in the box
    readable : paths, or (path on the host, path in the box), mounted read-only
    chdir : working directory in the box
    warm : whether the program is the warm process, which makes namespaces for the kernels that it forks
    """
    size = str(limits.scratch_bytes)
    line = [
        bubblewrap.found().path,
        "--unshare-pid",
        "--unshare-net",
        "--unshare-ipc",
        "--unshare-uts",
        "--unshare-cgroup-try",
    ]
    if is_root():
        # A user of its own, not a user namespace: in one, root's files would still be the box's user's own.
        line += ["--cap-drop", "ALL", "--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID"]
        line += ["--cap-add", "CAP_SYS_ADMIN", "--cap-add", "CAP_SETPCAP"] if warm else []
    else:
        line += ["--unshare-user", "--cap-drop", "ALL"]
        # A warm box makes one for each fork; their filter of system calls refuses more.
        line += ["--disable-userns"] if bubblewrap.found().disables_userns and not warm else []
    line += ["--die-with-parent", "--new-session", "--hostname", "box", "--clearenv"]
    for path in SYSTEM:
        line += _system(path)
    line += ["--perms", "0755", "--dir", "/etc"]  # bubblewrap would make it for root alone
    for name in SETTINGS:
        line += ["--ro-bind-try", f"/etc/{name}", f"/etc/{name}"]
    line += ["--proc", "/proc", "--dev", "/dev", "--remount-ro", "/dev"]
    for path in ("/tmp", "/dev/shm", HOME):  # before what is mounted below them
        line += ["--perms", "1777", "--size", size, "--tmpfs", path]
    mounts = [("--ro-bind", path, path) for path in python_paths()]
    for entry in readable:
        mounts.append(("--ro-bind", *(entry if isinstance(entry, tuple) else (entry, entry))))
    for entry in folders:
        mounts.append(("--bind", *(entry if isinstance(entry, tuple) else (entry, entry))))
    parents = {parent for _, _, target in mounts for parent in Path(target).parents} - {
        Path("/"),
        Path("/tmp"),
    }
    for parent in sorted(parents):  # bubblewrap would make them for root alone
        line += ["--perms", "0755", "--dir", str(parent)]
    for mount in mounts:
        line += map(str, mount)
    for name, value in {"HOME": HOME, "TMPDIR": "/tmp", **environment}.items():
        line += ["--setenv", name, value]
    return [*line, "--remount-ro", "/", "--chdir", chdir, "--"]


def _system(path):
    """Show a folder of the system as it is on the host: a link, a folder, or not there."""
    if Path(path).is_symlink():
        return ["--symlink", str(Path(path).readlink()), path]
    return ["--ro-bind-try", path, path]


def python_paths():
    """Return the folders that this Python, its packages and the kit are read from, outside of /usr."""
    wanted = {sys.prefix, sys.base_prefix, str(Path(sys.executable).resolve().parent.parent)}
    wanted.add(str(Path(cs231n_kit.__file__).resolve().parent))
    wanted = {path for path in wanted if not Path(path).is_relative_to("/usr")}
    return sorted(path for path in wanted if not any(Path(path).is_relative_to(p) for p in wanted - {path}))


def environment(extra=()):
    """Return the environment in the box: a little of the host's, nothing that could be a secret."""
    kept = {name: os.environ[name] for name in ("LANG", "LC_ALL", "TZ") if name in os.environ}
    return {
        "PATH": f"{sys.prefix}/bin:/usr/bin:/bin",
        "USER": "student",
        "LOGNAME": "student",
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONHASHSEED": "0",
        "MPLBACKEND": "module://matplotlib_inline.backend_inline",
        **dict.fromkeys(THREADS, "1"),
        **kept,
        **dict(extra),
    }


def is_root():
    """Whether this process can give the box a user of its own."""
    return hasattr(os, "geteuid") and os.geteuid() == 0
