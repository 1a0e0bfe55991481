"""Setting up the environment fails in one clear line, and leaves no half-made environment that looks ready."""

import subprocess
import sys
from pathlib import Path

SCRIPT = Path(__file__).parents[2] / "tools" / "setup_environment.py"


def run_with(before, tmp_path):
    """Run a copy of the script after some Python statements, in a folder of its own."""
    folder = tmp_path / "course" / "tools"
    folder.mkdir(parents=True)
    (folder / SCRIPT.name).write_text(SCRIPT.read_text())
    (folder.parent / "requirements.txt").write_text("no-such-package-of-anybody==0.0.1\n")
    code = f"import runpy, sys\n{before}\nrunpy.run_path({str(folder / SCRIPT.name)!r}, run_name='__main__')"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False, cwd=tmp_path
    )
    assert not (folder.parent / ".venv" / ".ready").exists()
    return done


def test_an_old_python_is_named(tmp_path):
    done = run_with("sys.version_info = (3, 9, 1)", tmp_path)
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert "Python 3.11 to 3.15 is needed" in done.stderr
    assert "make PYTHON=" in done.stderr


def test_a_missing_venv_module_says_what_to_install(tmp_path):
    done = run_with("sys.modules['ensurepip'] = None", tmp_path)
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert "-venv" in done.stderr


def test_no_network_ends_in_one_message(tmp_path):
    offline = "import os; os.environ.update(PIP_INDEX_URL='http://127.0.0.1:9/simple', PIP_RETRIES='0')"
    done = run_with(offline, tmp_path)
    assert done.returncode == 1
    assert "Is there a network?" in done.stderr.splitlines()[-1]
    assert "Traceback" not in done.stderr
