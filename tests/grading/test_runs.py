"""What a run keeps on the side lies in one folder; the next run removes those of killed runs, and only those."""

import tempfile
from pathlib import Path

import pytest

from cs231n_kit.grading.runs import PREFIX, remove_left_behind, run_folder


@pytest.fixture
def temporary(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    return tmp_path


def test_temporary_files_lie_in_the_folder_and_go_with_it(temporary):
    with run_folder() as folder:
        assert folder.parent == temporary and folder.name.startswith(PREFIX)
        assert Path(tempfile.mkdtemp()).parent == folder
    assert list(temporary.iterdir()) == []
    assert tempfile.gettempdir() == str(temporary)


def test_a_folder_that_nobody_holds_is_removed_and_no_other(temporary):
    (temporary / f"{PREFIX}killed" / "kernel").mkdir(parents=True)
    kept = [temporary / "cs231n-course", temporary / "somebodys"]
    for path in kept:
        path.mkdir()
    (temporary / f"{PREFIX}link").symlink_to(kept[0])
    with run_folder():
        assert remove_left_behind() == []
        assert not (temporary / f"{PREFIX}killed").exists()
    assert set(temporary.iterdir()) == {*kept, temporary / f"{PREFIX}link"}


def test_a_folder_in_use_stays(temporary, monkeypatch):
    with run_folder() as folder:
        monkeypatch.setattr(tempfile, "tempdir", str(temporary))  # as another run sees it
        assert remove_left_behind() == []
        assert folder.is_dir()
