"""A Jupyter kernel provisioner that starts the kernel in a bubblewrap box.

Registered as ``cs231n-box`` (entry point ``jupyter_client.kernel_provisioners``). Any Jupyter program uses it through
a kernel specification that names it (`kernels/cs231n-boxed`), nbgrader included; it is configured as
``c.BoxProvisioner.notebooks = "..."``.
"""

import json
import os
import secrets
import subprocess
import tempfile
from pathlib import Path

from jupyter_client.provisioning import LocalProvisioner
from traitlets import Bool, Dict, List, Unicode

from cs231n_kit.grading.box import bubblewrap, sandbox, warm
from cs231n_kit.grading.box.watch import watch
from cs231n_kit.grading.box.zygote import ROOM
from cs231n_kit.grading.limits import Limits

KERNEL = "cs231n-boxed"
KERNELS = Path(__file__).parent / "kernels"
FIRST_USER = 0x60000000  # far above the users of any machine
DATASETS, NOTEBOOKS, WORK = "/course/datasets", "/course/notebooks", "/course/work"


class BoxProvisioner(LocalProvisioner):
    """Starts a kernel in a box, watches it, and takes the box away with it."""

    datasets = Unicode(help="Folder with the data sets, mounted read-only.").tag(config=True)
    notebooks = Unicode(help="Folder with notebooks of earlier assignments, mounted read-only.").tag(
        config=True
    )
    work = Unicode(help="Folder to start in, mounted read-only: the assignment's own files.").tag(config=True)
    readable = List(Unicode(), help="Further paths, mounted read-only where they are.").tag(config=True)
    limits = Dict(help="Limits that differ from those in `cs231n_kit.grading.limits`.").tag(config=True)
    unboxed = Bool(False, help="Run without a box. For trusted code alone.").tag(config=True)

    room = Unicode(help="Room of a warm box that the kernel is forked in; empty for a box of its own.").tag(
        config=True
    )

    folder = None
    killed_for = None  # why the watch ended the box

    @property
    def budgets(self):
        return Limits.of({**self.config, "Limits": {**self.config.get("Limits", {}), **self.limits}})

    async def pre_launch(self, **kwargs):
        """Prepare the folder of the kernel's sockets and wrap its command line."""
        reason = None if self.unboxed else bubblewrap.why_not()
        if reason:
            raise RuntimeError(f"{reason} `--unboxed` grades without a box: only for code that you trust.")
        if self.folder is None:
            self.folder = Path(self.room or tempfile.mkdtemp(prefix="cs231n-box-"))
            (self.folder / "kernel").mkdir(mode=0o700)
        manager = self.parent
        if manager.transport != "ipc":
            manager.cache_ports = False
            manager.transport, manager.ip = "ipc", str(self.folder / "kernel" / "socket")
            manager.connection_file = str(self.folder / "kernel" / "kernel.json")
        kwargs = await super().pre_launch(**kwargs)
        if self.room:
            self._see_from_inside()
        if not self.unboxed:
            self.user = self._own_user()
        if not (self.unboxed or self.room):
            self._wrap(kwargs)
        return kwargs

    def _see_from_inside(self):
        """Write the connection file again as the kernel reads it: its sockets lie elsewhere in a warm box."""
        kernel = self.folder / "kernel"
        connection = json.loads((kernel / "kernel.json").read_text())
        connection["ip"] = f"{ROOM}/{self.folder.name}/kernel/socket"
        (kernel / "inside.json").touch(mode=0o600)
        (kernel / "inside.json").write_text(json.dumps(connection))

    def _own_user(self):
        """Give the kernel's folder to a user of its own, where this process can; returns its number, or None."""
        if not sandbox.is_root():
            return None
        user = FIRST_USER + secrets.randbelow(2**24)
        kernel = self.folder / "kernel"
        for path in (kernel, *kernel.iterdir()):
            os.chown(path, user, user)
        return user

    def _wrap(self, kwargs):
        limits, kernel = self.budgets, self.folder / "kernel"
        user = "-" if self.user is None else str(self.user)
        mounts, environment = course_in_box(self.datasets, self.notebooks, self.work)
        chdir = WORK if self.work else sandbox.HOME
        box = sandbox.command([kernel], limits, environment, [*mounts, *self.readable], chdir)
        python, dash_m, module, *arguments = kwargs["cmd"]
        assert dash_m == "-m", f"a boxed kernel is started as a Python module, not by {kwargs['cmd']}"
        inside = [python, "-m", "cs231n_kit.grading.box.inside", json.dumps(ceilings(limits)), user]
        kwargs["cmd"] = [*box, *inside, module, *arguments]
        kwargs["cwd"] = "/"
        # A box writes to no terminal and no file of the host's.
        kwargs["stdout"] = kwargs["stderr"] = subprocess.DEVNULL
        kwargs["env"] = {"PATH": os.environ.get("PATH", os.defpath)}

    async def launch_kernel(self, cmd, **kwargs):
        """Start the box, or fork the kernel in a warm one, and the watch over it."""
        if self.room:
            inside = f"{ROOM}/{self.folder.name}/kernel"
            argv = [
                part.replace(str(self.folder / "kernel" / "kernel.json"), f"{inside}/inside.json")
                for part in cmd
            ]
            chdir = WORK if self.work else sandbox.HOME
            mounts, _ = course_in_box(self.datasets, self.notebooks, self.work)
            self.process = warm.launch(
                self.folder,
                argv[2:],
                self.user,
                ceilings(self.budgets),
                chdir,
                self.budgets,
                warm.kept(mounts),
            )
            self.pid, self.pgid, info = self.process.pid, None, self.connection_info
        else:
            info = await super().launch_kernel(cmd, **kwargs)
        if not self.unboxed:
            watch(self.process, self.budgets, self.folder / "kernel", self._kill_for)
        return info

    def _kill_for(self, reason):
        self.killed_for = reason
        self.process.kill()

    async def cleanup(self, restart=False):
        """Remove the folder when the kernel is gone for good."""
        await super().cleanup(restart)
        if not restart and self.folder is not None:
            warm.leave(self.folder)
            self.folder = None


def course_in_box(datasets="", notebooks="", work=""):
    """Return what a box shows of the course, as (mounts, environment); empty paths are left out."""
    places = [(datasets, DATASETS), (notebooks, NOTEBOOKS), (work, WORK)]
    extra = {"CS231N_DATA": DATASETS} if datasets else {}
    extra |= {"CS231N_NOTEBOOKS": NOTEBOOKS} if notebooks else {}
    return [(source, target) for source, target in places if source], sandbox.environment(extra)


def ceilings(limits):
    """Return the limits that the system keeps for each process in the box."""
    return {
        "RLIMIT_DATA": limits.memory_bytes,
        "RLIMIT_AS": limits.memory_bytes + 4 * 2**30,  # libraries and reserved address space
        "RLIMIT_FSIZE": limits.file_bytes,
        "RLIMIT_CPU": limits.cpu_seconds,
        "RLIMIT_NPROC": limits.processes,
        "RLIMIT_NOFILE": 512,
        "RLIMIT_CORE": 0,
    }
