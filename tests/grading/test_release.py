"""A release is refused, and the last one left alone, whenever something would leak or be graded wrongly."""

import json
import os
import subprocess
import sys
import time
import zipfile

import nbformat
import pytest

from cs231n_kit.grading.authoring import leaks
from cs231n_kit.grading.authoring.build import build, release
from cs231n_kit.grading.authoring.bundle import _date, write_bundle
from cs231n_kit.grading.course import Course, UserError
from cs231n_kit.grading.files import write_atomically
from cs231n_kit.grading.source import problems, read_source

HOME = Course.find()
CELL = (
    '# %% nbgrader={{"grade": {grade}, "grade_id": "{name}", "locked": {locked}, '
    '"schema_version": 3, "solution": {solution}, "task": false{points}}}\n'
)
ANSWER = CELL.format(grade="false", name="double", locked="false", solution="true", points="")
CHECK = CELL.format(
    grade="true", name="double_check", locked="true", solution="false", points=', "points": 40'
)
HIDDEN = CELL.format(
    grade="true", name="double_hidden", locked="true", solution="false", points=', "points": 60'
)
SOURCE = f'''# %% [markdown]
# # Doubling

{ANSWER}def double(x):
    """Twice x."""
    ### BEGIN SOLUTION
    result_of_doubling = x + x
    return result_of_doubling
    ### END SOLUTION

{CHECK}assert double(2) == 4

{HIDDEN}# More tests run here.
### BEGIN HIDDEN TESTS
assert double(-3) == -6, "a negative number"
### END HIDDEN TESTS
'''


@pytest.fixture
def course(tmp_path):
    (tmp_path / "solutions" / "01-double").mkdir(parents=True)
    for name in ("nbgrader_config.py", "requirements.txt"):
        (tmp_path / name).write_bytes((HOME.root / name).read_bytes())
    course = Course(tmp_path)
    (course.solutions / "01-double" / "double.py").write_text(SOURCE)
    return course


def rewrite(course, old, new):
    path = course.assignment("01-double").source
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


def sentences(course):
    return "\n".join(
        f"{where}: {what}" for where, what in problems(read_source(course.assignment("01-double").source))
    )


def test_release_and_again(course):
    (row,) = release(course)
    assert (row.points, row.visible, row.hidden, row.exercises, row.changed) == (100, 40, 60, 1, True)
    path = course.assignment("01-double").released
    first, stamp = path.read_bytes(), path.stat().st_mtime_ns
    cells = nbformat.reads(first.decode(), as_version=4).cells
    assert [cell.id for cell in cells] == ["cell-000", "double", "double_check", "double_hidden"]
    assert (
        cells[1].source
        == 'def double(x):\n    """Twice x."""\n    raise NotImplementedError("write your code here")'
    )
    assert cells[3].source == "# More tests run here."
    (row,) = release(course)
    assert not row.changed
    assert (path.read_bytes(), path.stat().st_mtime_ns) == (first, stamp)
    # somebody works in assignments/: their work is kept
    path.write_text(path.read_text().replace("write your code here", "my own work"))
    (course.build / "release.json").write_text("{")  # and the record is damaged
    (row,) = release(course)
    assert row.changed
    assert path.read_bytes() == first
    (kept,) = (course.build / "replaced").glob("*.ipynb")
    assert "my own work" in kept.read_text()


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("    ### END SOLUTION\n", "", "double: `### BEGIN SOLUTION` without `### END SOLUTION`"),
        ("    ### BEGIN SOLUTION\n", "", "double: `### END SOLUTION` without `### BEGIN SOLUTION`"),
        ("### END HIDDEN TESTS\n", "", "double_hidden: `### BEGIN HIDDEN TESTS` without"),
        ("    ### BEGIN SOLUTION\n", "    ### BEGIN SOLUTION\n" * 2, "double: a second `### BEGIN SOLUTION`"),
        (', "points": 40', "", "double_check: a graded cell has no points"),
        (', "points": 40', ', "points": 41', "the notebook: its points add up to 101"),
        ('"double_hidden"', '"double_check"', "double_check: its grade_id stands twice"),
        ('"double_check"', '"triple_check"', "triple_check: a test's grade_id is that of an answer cell"),
        (
            '"double_hidden"',
            '"double_check_2"',
            "double_check_2: `_hidden` and `### BEGIN HIDDEN TESTS` go together",
        ),
        ("# # Doubling", "# ### BEGIN SOLUTION\n# a secret\n# ### END SOLUTION", "outside an answer cell"),
        (
            "# # Doubling",
            "# ### BEGIN HIDDEN TESTS\n# a secret\n# ### END HIDDEN TESTS",
            "outside a graded test cell",
        ),
    ],
)
def test_how_a_source_can_be_wrong(course, old, new, says):
    assert sentences(course) == ""
    rewrite(course, old, new)
    assert says in sentences(course)


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("x + x", "x * x * x", "cell double_check: the solution earns 0 of 40 points: AssertionError"),
        ("assert double(2) == 4", "pass", "cell double_check: an empty notebook earns 40 points here"),
        (
            '"""Twice x."""',
            '"""Twice x."""\n    if x == 2: return 4',
            "cell double_check: an empty notebook earns",
        ),
        ("assert double(2) == 4", "assert double(2) == 4\nimport sys; print(1, file=sys.stderr)", None),
        (
            "assert double(2) == 4",
            "double_ == double",
            "cell double_check: the solution earns 0 of 40 points: NameError",
        ),
        ("# # Doubling", "# result_of_doubling = x + x", "shows a line of a solution or hidden test"),
        (
            "assert double(2) == 4",
            'assert double(-3) == -6, "a negative number"',
            "shows a line of a solution",
        ),
        ("# # Doubling", "# see /home/jane/notes.txt", "cell cell-000: names a path of somebody's machine"),
        ("# # Doubling", "# see C:\\\\Users\\\\jane", "cell cell-000: names a path of somebody's machine"),
    ],
)
def test_what_stops_a_release(course, old, new, says):
    before = b"the last release"
    write_atomically(course.assignment("01-double").released, before)
    rewrite(course, old, new)
    if says is None:
        release(course)  # a word on stderr is not a wrong answer
        return
    with pytest.raises(UserError) as refused:
        release(course)
    assert says in str(refused.value)
    assert "double.py" in str(refused.value)
    assert course.assignment("01-double").released.read_bytes() == before


def test_every_kind_of_leak_is_seen():
    source = nbformat.v4.new_code_cell("### BEGIN SOLUTION\nanswer = np.exp(x) / total\n### END SOLUTION")
    secrets = leaks.secret_lines(nbformat.v4.new_notebook(cells=[source]))
    assert secrets == {"answer = np.exp(x) / total"}
    planted = {
        "a line of a solution": {"source": "    answer = np.exp(x) / total"},
        "a marker": {"source": "### END HIDDEN TESTS"},
        "has outputs": {"outputs": [nbformat.v4.new_output("stream", text="hi")]},
        "an execution count": {"execution_count": 3},
        "editor metadata 'vscode'": {"metadata": {"vscode": {}}},
        "names the author: 'Jane Doe'": {"source": "# by Jane Doe"},
    }
    for says, fields in planted.items():
        cell = nbformat.v4.new_code_cell(**fields)
        notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("fine = 1"), cell])
        found = list(leaks.leaks_in_notebook(notebook, secrets, {"Jane Doe"}))
        assert len(found) == 1, says
        assert says in found[0][1]
    notebook = nbformat.v4.new_notebook(metadata={"author_tool": "x"})
    assert "author_tool" in next(leaks.leaks_in_notebook(notebook, secrets))[1]


def test_unknown_assignments_and_missing_courses_are_named(course, tmp_path):
    with pytest.raises(UserError, match=r"no assignment '9-x'.* The course has: 01-double"):
        release(course, ["9-x"])
    with pytest.raises(UserError, match="No course here"):
        Course.find("/")
    course.assignment("01-double").source.unlink()
    with pytest.raises(UserError, match="holds no assignment"):
        release(course)


def test_the_bundle_is_the_same_bytes_and_holds_what_a_student_needs(tmp_path):
    path, _ = write_bundle(HOME)
    first = path.read_bytes()
    path.unlink()
    write_bundle(HOME)
    assert path.read_bytes() == first
    with zipfile.ZipFile(path) as archive:
        names = archive.namelist()
        requirements = archive.read("cs231n-assignments/requirements.txt").decode().splitlines()
        for name in names:
            if name.endswith(".ipynb"):
                json.loads(archive.read(name))
    for assignment in map(HOME.assignment, HOME.names()):
        assert (
            f"cs231n-assignments/{assignment.name}/{assignment.stem}.ipynb" in names
        ) == assignment.released.is_file()
    wheel = requirements[0].removeprefix("./")
    assert f"cs231n-assignments/{wheel}" in names
    assert "cs231n-assignments/students.md" in names
    assert any(line.startswith("numpy==") and "python_full_version" in line for line in requirements)
    assert any(line.startswith("jupyterlab==") for line in requirements)
    assert not any(line.startswith("nbgrader") for line in requirements)
    assert not any("solutions" in name or name.endswith(".py") for name in names)


def test_the_students_wheel_leaves_the_instructor_s_side_out(tmp_path):
    path, _ = write_bundle(HOME)
    with zipfile.ZipFile(path) as archive:
        wheel = next(name for name in archive.namelist() if name.endswith(".whl"))
        archive.extract(wheel, tmp_path)
    with zipfile.ZipFile(tmp_path / wheel) as archive:
        names = archive.namelist()
        assert "cs231n_kit/checks.py" in names
        assert "cs231n_kit/data/pretrained.sha256" in names
        assert not any("grading" in name for name in names)
        assert not any(name.endswith("entry_points.txt") for name in names)


def test_the_bundle_is_dated_by_the_last_change_of_its_sources(tmp_path):
    root = tmp_path / "course"
    root.mkdir()
    for command in (["init", "-q"], ["config", "user.email", "a@b.c"], ["config", "user.name", "a"]):
        subprocess.run(["git", *command], cwd=root, check=True)
    for name, date in (("pyproject.toml", "2026-03-04T05:06:08Z"), ("notes.txt", "2027-01-01T00:00:00Z")):
        (root / name).write_text(name)
        subprocess.run(["git", "add", "."], cwd=root, check=True)
        environment = os.environ | {"GIT_COMMITTER_DATE": date, "GIT_AUTHOR_DATE": date}
        subprocess.run(["git", "commit", "-qm", name], cwd=root, check=True, env=environment)
    assert time.gmtime(_date(Course(root)))[:6] == (2026, 3, 4, 5, 6, 8)
    assert time.gmtime(_date(Course(tmp_path)))[:3] == (2026, 1, 1), "a course without git has a date too"


# What the course pins has to be there for every Python and system that it is promised for.
PYTHONS = ["3.11", "3.12", "3.13", "3.14", "3.15"]
SYSTEMS = ["x86_64-manylinux_2_28", "aarch64-apple-darwin", "x86_64-pc-windows-msvc"]


@pytest.fixture(scope="module")
def student_requirements(tmp_path_factory):
    """requirements.txt of the bundle, unpacked beside its wheel."""
    folder = tmp_path_factory.mktemp("bundle")
    with zipfile.ZipFile(write_bundle(HOME)[0]) as archive:
        archive.extractall(folder)
    return folder / "cs231n-assignments" / "requirements.txt"


def resolves(path, python, system, tmp_path, *options):
    """Whether every package has a wheel for that Python and system; skips where the registry is out of reach."""
    command = [sys.executable, "-m", "uv", "pip", "install", "--dry-run", "--only-binary", ":all:", *options]
    command += ["--python-version", python, "--python-platform", system, "--target", str(tmp_path / "t")]
    done = subprocess.run(
        [*command, "-r", path.name], cwd=path.parent, capture_output=True, text=True, check=False
    )
    if any(words in done.stderr for words in ("Failed to fetch", "error sending request", "dns error")):
        pytest.skip("the package registry is out of reach")
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("system", SYSTEMS)
@pytest.mark.parametrize("python", PYTHONS)
def test_what_students_install_is_there(student_requirements, python, system, tmp_path):
    resolves(student_requirements, python, system, tmp_path)


@pytest.mark.parametrize("python", PYTHONS)
def test_the_locked_environment_is_there_and_hashed(python, tmp_path):
    resolves(HOME.root / "requirements.txt", python, SYSTEMS[0], tmp_path, "--require-hashes")


def test_two_builds_agree(course):
    assert build(course.root, "01-double", trial=False) == build(course.root, "01-double", trial=False)


def test_an_edge_that_is_shown_as_well_is_no_secret_but_a_solution_always_is(tmp_path):
    source = tmp_path / "a.py"
    source.write_text(
        '# %% nbgrader={"grade": false, "grade_id": "f", "locked": false, "solution": true}\n'
        "def f(x):\n    ### BEGIN SOLUTION\n    return np.maximum(x, 0)\n    ### END SOLUTION\n\n"
        '# %% nbgrader={"grade": true, "grade_id": "f_check", "locked": true, "points": 1, "solution": false}\n'
        'checks.unchanged(x, before, "x")\nreturn np.maximum(x, 0)\n\n'
        '# %% nbgrader={"grade": true, "grade_id": "f_hidden", "locked": true, "points": 1, "solution": false}\n'
        '### BEGIN HIDDEN TESTS\nchecks.unchanged(x, before, "x")\nchecks.close(f(-1), 0, "below")\n'
        "### END HIDDEN TESTS\n"
    )
    secret = leaks.secret_lines(read_source(source))
    assert secret == {"return np.maximum(x, 0)", 'checks.close(f(-1), 0, "below")'}
