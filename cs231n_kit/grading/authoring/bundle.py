"""Pack what a student needs into one archive: notebooks, the kit's wheel, requirements, a read-me."""

import io
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
import zipfile
from importlib.metadata import requires
from pathlib import Path

from cs231n_kit.grading.authoring.leaks import author_traces, traces_in
from cs231n_kit.grading.course import UserError
from cs231n_kit.grading.files import write_atomically

FOLDER = "cs231n-assignments"
# What the bundle is made from: its files are dated by the last commit that changed one of these.
SOURCES = (
    "solutions",
    "cs231n_kit",
    "docs/student-readme.md",
    "docs/students.md",
    "datasets/pretrained",
    "pyproject.toml",
    "requirements.txt",
)
UNKNOWN = 1767225600  # 2026-01-01, where git does not know


def write_bundle(course):
    """Write dist/cs231n-assignments.zip. Returns its path and whether it changed."""
    dated = _date(course)
    with tempfile.TemporaryDirectory(prefix="cs231n-wheel-") as folder:
        wheel = _build_wheel(course, Path(folder), dated)
        files = {
            "README.md": (course.root / "docs" / "student-readme.md").read_bytes(),
            "students.md": (course.root / "docs" / "students.md").read_bytes(),
            "requirements.txt": _student_requirements(course, wheel.name).encode(),
            wheel.name: wheel.read_bytes(),
        }
    for name in course.names():
        path = course.assignment(name).released
        if path.is_file():
            files[f"{name}/{path.name}"] = path.read_bytes()
    for path in sorted((course.root / "datasets" / "pretrained").glob("*.npz")):
        files[f"pretrained/{path.name}"] = path.read_bytes()
    for name, content in files.items():
        if name.endswith((".md", ".txt")):
            for sentence in traces_in(content.decode(), author_traces()):
                raise UserError(f"The bundle is not written: its {name} {sentence}.")
    path = course.dist / f"{FOLDER}.zip"
    return path, write_atomically(path, _zip(files, dated))


def _zip(files, dated):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(files):
            info = zipfile.ZipInfo(f"{FOLDER}/{name}", time.gmtime(dated)[:6])
            info.external_attr = 0o100644 << 16
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, files[name])
    return packed.getvalue()


def _date(course):
    """Return the time of the last commit that changed the bundle's sources: the same for the same sources."""
    command = ["git", "log", "-1", "--format=%ct", "--", *SOURCES]
    try:
        done = subprocess.run(command, cwd=course.root, capture_output=True, text=True, check=False)
    except OSError:
        return UNKNOWN
    return int(done.stdout) if done.stdout.strip().isdigit() else UNKNOWN


def _build_wheel(course, folder, dated):
    """Build the kit's wheel without the instructor's side; hatchling writes the same bytes for the same files."""
    shutil.copytree(
        course.root / "cs231n_kit",
        folder / "cs231n_kit",
        ignore=lambda path, names: (
            {"__pycache__"} | ({"grading"} if Path(path).name == "cs231n_kit" else set())
        ),
    )
    for name in ("README.md", "LICENSE"):
        shutil.copy(course.root / name, folder)
    project = (course.root / "pyproject.toml").read_text(encoding="utf-8")
    # The entry points are the instructor's: they name modules that this wheel does not have.
    project = re.sub(r"^\[project\.entry-points.*?(?=^\[)", "", project, flags=re.MULTILINE | re.DOTALL)
    (folder / "pyproject.toml").write_text(project, encoding="utf-8")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", "dist"]
    environment = os.environ | {"SOURCE_DATE_EPOCH": str(dated)}
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, env=environment)
    wheels = list((folder / "dist").glob("*.whl"))
    if done.returncode or not wheels:
        raise UserError(f"The kit's wheel could not be built:\n{done.stderr or done.stdout}")
    return wheels[0]


def _student_requirements(course, wheel):
    """Name the wheel and pin what it directly needs at the versions the course was tested with."""
    lock = (course.root / "requirements.txt").read_text(encoding="utf-8")
    # One line for each version: which one is taken depends on the Python, as its marker says.
    pins = re.findall(r"^(([\w.-]+)==[^\\\n]+?) *\\?$", lock, re.MULTILINE)
    needed = {
        re.match(r"[\w.-]+", line)[0].lower()
        for line in requires("cs231n-kit")
        if "extra ==" not in line or re.search(r"extra == ['\"]lab['\"]", line)
    }
    return "\n".join([f"./{wheel}", *(line for line, name in pins if name in needed)]) + "\n"
