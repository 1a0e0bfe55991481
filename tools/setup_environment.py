"""Make .venv from requirements.txt and install the kit into it; `make` runs this once, and when the lock changes.

It runs under whatever `python3` is found, so it is written for old versions too, and says in one line what is wrong.
"""

import os
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
VENV = os.path.join(ROOT, ".venv")
OLDEST, NEWEST = (3, 11), (3, 15)


def main():
    found = "%d.%d" % sys.version_info[:2]
    if not OLDEST <= sys.version_info[:2] <= NEWEST:
        stop(
            "Python 3.11 to 3.15 is needed, and %s is Python %s. Install one, or name one: make PYTHON=python3.12 ..."
            % (sys.executable, found)
        )
    try:
        import ensurepip  # noqa: F401
        import venv  # noqa: F401
    except ImportError:
        stop("This Python has no venv module. On Debian and Ubuntu: apt-get install python%s-venv" % found)
    print("Setting up .venv (once, about a minute) ...", flush=True)
    if not os.path.exists(os.path.join(VENV, "pyvenv.cfg")):
        run([sys.executable, "-m", "venv", "--clear", VENV], "The environment could not be made in .venv.")
    scripts = "Scripts" if os.name == "nt" else "bin"
    python = os.path.join(VENV, scripts, "python")
    pip = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--retries", "2"]
    offline = "The packages could not be installed. Is there a network? The last words of pip are above."
    run(pip + ["-r", "requirements.txt"], offline)
    run(pip + ["--no-deps", "--no-build-isolation", "--editable", "."], offline)
    with open(os.path.join(VENV, ".ready"), "w") as stamp:
        stamp.write(found + "\n")


def run(command, problem):
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    if done.returncode:
        lines = done.stdout.decode("utf-8", "replace").strip().splitlines()
        stop("\n".join(lines[-3:] + [problem]))


def stop(message):
    sys.stderr.write(message + "\n")
    sys.exit(1)


main()
