"""Write requirements.txt: every package of the running environment, pinned, the kit itself left out.

Run it in a fresh environment after ``pip install -e .[dev]``, on Linux: ``.venv/bin/python tools/lock.py``.
"""

from importlib.metadata import distributions
from pathlib import Path

HEADER = """\
# The locked environment: `make` installs exactly this. Written by tools/lock.py.
# What the kit needs, as ranges, is in pyproject.toml.
"""
OURS = {"cs231n-kit", "pip", "setuptools", "wheel"}


def main():
    found = {d.metadata["Name"].lower().replace("_", "-"): d.version for d in distributions()}
    lines = [f"{name}=={version}\n" for name, version in sorted(found.items()) if name not in OURS]
    (Path(__file__).parents[1] / "requirements.txt").write_text(HEADER + "".join(lines))


main()
