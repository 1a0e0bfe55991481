"""Write requirements.txt: every package of the running environment, pinned, the kit itself left out.

Run it in a fresh environment after ``pip install -e .[dev]``, on Linux: ``.venv/bin/python tools/lock.py``. A package
that does not install on the oldest Python that is supported is refused, for the lock is one for all.
"""

import sys
from importlib.metadata import distributions
from pathlib import Path

from packaging.specifiers import SpecifierSet

HEADER = """\
# The locked environment: `make` installs exactly this. Written by tools/lock.py.
# What the kit needs, as ranges, is in pyproject.toml.
"""
OURS = {"cs231n-kit", "pip", "setuptools", "wheel"}
OLDEST = "3.11.0"


def main():
    found = {d.metadata["Name"].lower().replace("_", "-"): d for d in distributions()}
    locked = {name: d for name, d in sorted(found.items()) if name not in OURS}
    for name, d in locked.items():
        needed = d.metadata.get("Requires-Python") or ""
        if not SpecifierSet(needed).contains(OLDEST):
            sys.exit(
                f"{name} {d.version} needs Python {needed}; install an older one that runs on Python {OLDEST}."
            )
    lines = [f"{name}=={d.version}\n" for name, d in locked.items()]
    (Path(__file__).parents[1] / "requirements.txt").write_text(HEADER + "".join(lines))


main()
