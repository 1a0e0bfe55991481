"""Pack what a student needs into one archive: notebooks, the kit's wheel, requirements, a read-me."""

import io
import re
import subprocess
import sys
import tempfile
import zipfile
from importlib.metadata import requires
from pathlib import Path

from cs231n_kit.grading.authoring.leaks import author_traces, traces_in
from cs231n_kit.grading.course import UserError
from cs231n_kit.grading.files import write_atomically

FOLDER = "cs231n-assignments"
EPOCH = (2020, 1, 1, 0, 0, 0)  # the same bytes whenever it is packed


def write_bundle(course):
    """Write dist/cs231n-assignments.zip. Returns its path and whether it changed."""
    with tempfile.TemporaryDirectory(prefix="cs231n-wheel-") as folder:
        wheel = _build_wheel(course, folder)
        files = {
            "README.md": (course.root / "docs" / "student-readme.md").read_bytes(),
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
    return path, write_atomically(path, _zip(files))


def _zip(files):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(files):
            info = zipfile.ZipInfo(f"{FOLDER}/{name}", EPOCH)
            info.external_attr = 0o100644 << 16
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, files[name])
    return packed.getvalue()


def _build_wheel(course, folder):
    """Build the kit's wheel with hatchling, which writes the same bytes for the same files."""
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder]
    done = subprocess.run(command, cwd=course.root, capture_output=True, text=True, check=False)
    wheels = list(Path(folder).glob("*.whl"))
    if done.returncode or not wheels:
        raise UserError(f"The kit's wheel could not be built:\n{done.stderr or done.stdout}")
    return wheels[0]


def _student_requirements(course, wheel):
    """Name the wheel and pin what it directly needs at the versions the course was tested with."""
    locked = dict(
        re.findall(r"^([\w.-]+)==(\S+)$", (course.root / "requirements.txt").read_text(), re.MULTILINE)
    )
    needed = {
        re.match(r"[\w.-]+", line)[0]
        for line in requires("cs231n-kit")
        if "extra ==" not in line or re.search(r"extra == ['\"]lab['\"]", line)
    }
    pins = [f"{name}=={locked[name]}" for name in sorted(needed) if name in locked]
    return "\n".join([f"./{wheel}", *pins]) + "\n"
