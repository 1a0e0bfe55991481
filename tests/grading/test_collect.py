"""Downloads are sorted into submitted/ by student: no work is lost, nobody is guessed, nothing strange is followed."""

import json
import os
import subprocess
import unicodedata
import zipfile
from datetime import UTC, datetime

import pytest

from cs231n_kit.grading.authoring.build import scratch_course
from cs231n_kit.grading.course import Course, UserError
from cs231n_kit.grading.intake.collect import COLLECT, KEPT, MISSING, SAME, UNCLEAR, collect

NAME = "01-knn"


@pytest.fixture
def course(tmp_path):
    home = Course.find()
    scratch = scratch_course(home, home.assignment(NAME), tmp_path / "course")
    released = scratch.assignment(NAME).released
    released.parent.mkdir(parents=True)
    released.write_bytes(home.assignment(NAME).released.read_bytes())
    return scratch


@pytest.fixture
def text(course):
    return course.assignment(NAME).released.read_bytes()


@pytest.fixture
def downloads(tmp_path):
    folder = tmp_path / "downloads"
    folder.mkdir()
    return folder


def put(folder, path, content, when="2026-01-30T15:00:00+00:00"):
    (folder / path).parent.mkdir(parents=True, exist_ok=True)
    (folder / path).write_bytes(content)
    seconds = datetime.fromisoformat(when).timestamp()
    os.utime(folder / path, (seconds, seconds))


def collected(course, source, go=True):
    return {row.student or row.what: row for row in collect(course, course.assignment(NAME), source, go)}


def handed_in(course, student):
    return course.submitted / student / NAME / "knn.ipynb"


def states(rows):
    return {student: row.state for student, row in rows.items()}


def roster(course, *lines, header="id,first_name,last_name,email,canvas_id,moodle_id,github"):
    (course.root / "students.csv").write_text("\n".join([header, *lines]) + "\n", encoding="utf-8")


def other(text, mark):
    return text.replace(b'"nbformat_minor"', b'"x": "%s", "nbformat_minor"' % mark.encode(), 1)


def test_files_and_folders_by_name(course, downloads, text):
    put(downloads, "ada_knn.ipynb", text)
    put(downloads, "carl-12 - final.ipynb", text)
    put(downloads, "emmy/Untitled.ipynb", text)
    assert states(collected(course, downloads, go=False)) == dict.fromkeys(
        ["ada", "carl-12", "emmy"], COLLECT
    )
    assert not course.submitted.exists()  # a dry run
    rows = collected(course, downloads)
    for student in rows:
        assert handed_in(course, student).read_bytes() == text
    assert states(collected(course, downloads))["ada"] == SAME


CANVAS = {
    "lovelaceada_12345_67890_knn.ipynb": "first",
    "lovelaceada_12345_67999_knn-1.ipynb": "second",
    "mullerjosé_LATE_222_67891_knn.ipynb": "late",
    "김민준_333_67892_knn.ipynb": "hangul",
}


def test_canvas(course, downloads, text):
    for name, mark in CANVAS.items():
        put(downloads, unicodedata.normalize("NFD", name), other(text, mark))
    roster(
        course, "al,Ada,Lovelace,,12345", "jm,José,Müller,,", "mj,민준,김,,", "kim,Kim,Other,,", "x,No,Body,,"
    )
    rows = collected(course, downloads)
    assert states(rows) == {"al": COLLECT, "jm": COLLECT, "mj": COLLECT, "kim": MISSING, "x": MISSING}
    for student, mark in (("al", "second"), ("jm", "late"), ("mj", "hangul")):
        assert handed_in(course, student).read_bytes() == other(text, mark)
    assert "67890_knn.ipynb" in rows["al"].note
    assert "marks it late" in rows["jm"].note


def test_canvas_without_a_roster_never_merges_two_people(course, downloads, text):
    put(downloads, "kimlee_1_10_knn.ipynb", text)
    put(downloads, "kimlee_2_11_knn.ipynb", other(text, "b"))
    put(downloads, "adal_3_12_knn.ipynb", text)
    assert states(collected(course, downloads)) == {"kimlee": UNCLEAR, "adal": COLLECT}


def test_who_has_another_id_on_the_platform_is_another_person(course, downloads, text):
    put(downloads, "leekim_222_10_knn.ipynb", text)
    roster(course, "a,Kim,Lee,,111")
    rows = collected(course, downloads)
    assert rows["leekim_222_10_knn.ipynb"].state == UNCLEAR
    assert rows["a"].state == MISSING


def test_the_same_name_twice_is_asked_for(course, downloads, text):
    put(downloads, "leekim_222_10_knn.ipynb", text)
    roster(course, "a,Kim,Lee,,", "b,Kim,Lee,,")
    row = collected(course, downloads)["leekim_222_10_knn.ipynb"]
    assert row.state == UNCLEAR
    assert "a or b" in row.note
    assert "put 222 into the student's canvas_id" in row.note


def test_moodle_in_folders_and_not(course, downloads, text):
    put(downloads, "Ada Lovelace_1234567_assignsubmission_file_/knn.ipynb", text)
    put(downloads, "Emmy Noether_1234568_assignsubmission_file/my work.ipynb", text)
    put(downloads, "Carl Gauß_77_assignsubmission_file_knn.ipynb", text)
    roster(course, "a,Ada,Lovelace,,,", "e,Amalie,Noether,,,1234568", "c,Carl,GAUSS,,,")
    assert states(collected(course, downloads)) == dict.fromkeys("aec", COLLECT)


def test_moodle_without_a_roster(course, downloads, text):
    put(downloads, "Ada Lovelace_1234567_assignsubmission_file_/knn.ipynb", text)
    assert states(collected(course, downloads)) == {"Ada.Lovelace": COLLECT}


def test_blackboard_takes_the_latest_attempt_and_its_time_in_the_courses_zone(course, downloads, text):
    with (course.root / "nbgrader_config.py").open("a") as file:
        file.write("c.Exchange.timezone = 'America/New_York'\n")
    first, last = "2026-01-30-15-00-00", "2026-02-01-09-30-00"
    put(
        downloads,
        f"Homework_1_ada_attempt_{last}_knn.ipynb",
        other(text, "last"),
        "2020-01-01T00:00:00+00:00",
    )
    put(downloads, f"Homework_1_ada_attempt_{first}_knn.ipynb", other(text, "first"))
    put(downloads, f"Homework_1_ada_attempt_{first}.txt", b"comments")
    row = collected(course, downloads)["ada"]
    assert (row.state, row.clock) == (COLLECT, "its name")
    assert row.time.astimezone(UTC) == datetime(2026, 2, 1, 14, 30, tzinfo=UTC)
    assert handed_in(course, "ada").read_bytes() == other(text, "last")
    assert handed_in(course, "ada").stat().st_mtime == row.time.timestamp()
    stamp = (handed_in(course, "ada").parent / "timestamp.txt").read_text()
    assert stamp == "2026-02-01 14:30:00.000000 UTC\n"


METADATA = """\
submission_11:
  :submitters:
  - :name: Ada Lovelace
    :sid: "s1"
    :email: ada@x.edu
  - !ruby/hash:Group
    :name: Emmy Noether
    :sid:
    :email: EMMY@x.edu
  :created_at: 2026-01-30 15:00:00.5 Z
submission_12:
  :submitters: oops
"""


def test_gradescope_with_a_group_that_hands_in_once(course, downloads, text):
    put(downloads, "assignment_9_export/submission_11/knn.ipynb", text, "2026-03-03T00:00:00+00:00")
    put(downloads, "assignment_9_export/submission_metadata.yml", METADATA.encode())
    roster(course, "s1,Ada,Lovelace,", "e,,,emmy@x.edu")
    rows = collected(course, downloads)
    assert states(rows) == {"s1": COLLECT, "e": COLLECT}
    assert rows["e"].time == datetime(2026, 1, 30, 15, 0, 0, 500000, tzinfo=UTC)
    assert rows["e"].clock == "submission_metadata.yml"


def test_gradescopes_work_of_nobody_is_nobodys(course, downloads, text):
    put(downloads, "assignment_9_export/submission_12/knn.ipynb", text)
    put(downloads, "assignment_9_export/submission_metadata.yml", METADATA.encode())
    [row] = collected(course, downloads).values()
    assert (row.student, row.state) == ("", UNCLEAR)
    assert "does not say whose it is" in row.note
    assert not course.submitted.exists()


@pytest.mark.parametrize("content", [b"[", b"- a", b"!!python/object/apply:os.system [ls]", b"[" * 100_000])
def test_gradescopes_metadata_that_is_none(course, downloads, text, content):
    put(downloads, "submission_metadata.yml", content)
    with pytest.raises(UserError, match="not what Gradescope writes"):
        collected(course, downloads)


def git(folder, *arguments, **environment):
    known = os.environ | {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"} | environment
    subprocess.run(["git", *arguments], cwd=folder, env=known, check=True, capture_output=True)


def test_github_classroom_gives_the_time_of_the_commit_and_runs_nothing(course, downloads, text, tmp_path):
    clone = downloads / "knn-adalove"
    put(downloads, "knn-adalove/knn.ipynb", text)
    git(clone, "init", "-q")
    git(clone, "add", ".")
    author = {"GIT_AUTHOR_NAME": "a", "GIT_AUTHOR_EMAIL": "a@b", "GIT_COMMITTER_NAME": "a"}
    author |= {"GIT_COMMITTER_EMAIL": "a@b", "GIT_COMMITTER_DATE": "2026-01-30T10:00:00-05:00"}
    git(clone, "commit", "-qm", "done", **author)
    trap = tmp_path / "trap"
    config = (
        f'[core]\n\tfsmonitor = "touch {trap}"\n\tpager = "touch {trap}"\n[log]\n\tshowSignature = true\n'
    )
    with (clone / ".git" / "config").open("a") as file:
        file.write(config + f'[gpg]\n\tprogram = "touch {trap}"\n')
    roster(course, "s1,,,,,,AdaLove")
    row = collected(course, downloads)["s1"]
    assert row.state == COLLECT
    assert row.time == datetime(2026, 1, 30, 15, tzinfo=UTC)
    assert row.clock.startswith("git")
    assert not trap.exists()


def test_copies_of_a_browser_are_attempts_and_the_latest_counts(course, downloads, text):
    put(downloads, "s1_knn.ipynb", other(text, "older"))
    put(downloads, "s1_knn (1).ipynb", other(text, "newer"))
    rows = collected(course, downloads)
    assert states(rows) == {"s1": COLLECT}
    assert handed_in(course, "s1").read_bytes() == other(text, "newer")
    assert "not taken: s1_knn.ipynb" in rows["s1"].note


def test_two_people_with_a_common_beginning_stay_two(course, downloads, text):
    put(downloads, "s1_a_knn.ipynb", other(text, "a"))
    put(downloads, "s1_b_knn.ipynb", other(text, "b"))
    assert states(collected(course, downloads)) == {"s1_a": COLLECT, "s1_b": COLLECT}


def test_two_entries_that_are_no_attempts_of_one_are_not_guessed(course, downloads, text):
    put(downloads, "ada_knn.ipynb", other(text, "a"))
    put(downloads, "ada final.ipynb", other(text, "b"))
    row = collected(course, downloads)["ada"]
    assert row.state == UNCLEAR
    assert "ada_knn.ipynb" in row.what
    assert "ada final.ipynb" in row.what
    assert not course.submitted.exists()


def test_a_later_attempt_replaces_and_the_earlier_is_kept(course, downloads, text, tmp_path):
    put(downloads, "ada_knn.ipynb", other(text, "1"), "2026-01-30T15:00:00+00:00")
    collected(course, downloads)
    put(downloads, "ada_knn.ipynb", other(text, "2"), "2026-01-31T15:00:00+00:00")
    assert "replaces an earlier one" in collected(course, downloads)["ada"].note
    assert handed_in(course, "ada").read_bytes() == other(text, "2")
    [kept] = (course.submitted / ".replaced").rglob("*.ipynb")
    assert kept.read_bytes() == other(text, "1")
    put(downloads, "ada_knn.ipynb", other(text, "1"), "2026-01-30T15:00:00+00:00")
    assert states(collected(course, downloads)) == {"ada": KEPT}
    assert handed_in(course, "ada").read_bytes() == other(text, "2")


def pack(path, files, **options):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name, (2026, 1, 30, 15, 0, 0)), content)
    return path


def test_a_zip_with_a_folder_inside_and_a_macs_leftovers(course, tmp_path, text):
    inner = pack(tmp_path / "inner.zip", {"work/knn.ipynb": text, "__MACOSX/work/._knn.ipynb": b"x"})
    files = {
        "all/ada_knn.ipynb": text,
        "all/emmy.zip": inner.read_bytes(),
        "__MACOSX/all/._ada_knn.ipynb": b"x",
    }
    rows = collected(course, pack(tmp_path / "all.zip", files))
    assert states(rows) == {"ada": COLLECT, "emmy": COLLECT}
    assert rows["ada"].time == datetime(2026, 1, 30, 15, tzinfo=UTC)
    assert rows["ada"].clock == "the zip file, taken as UTC"
    assert handed_in(course, "emmy").read_bytes() == text


def test_a_zip_whose_names_are_utf8_without_saying_so(course, tmp_path, text):
    path = pack(tmp_path / "mac.zip", {"Xmit_77_assignsubmission_file_knn.ipynb": text})
    raw = path.read_bytes().replace(b"Xmit_7", "Ümit_".encode())  # the same number of bytes, and no flag
    path.write_bytes(raw)
    assert states(collected(course, path)) == {"Ümit": COLLECT}


def test_hostile_archives_cost_their_own_entry_alone(course, tmp_path, text):
    link = zipfile.ZipInfo("carl_knn.ipynb")
    link.external_attr = 0o120777 << 16
    outside = pack(tmp_path / "outside.zip", {"../../knn.ipynb": text})
    bomb = pack(tmp_path / "bomb.zip", {"knn.ipynb": b" " * (21 * 2**20)})
    path = tmp_path / "download.zip"
    files = {
        "ada_knn.ipynb": text,
        "../evil_knn.ipynb": text,
        "..\\worse_knn.ipynb": text,
        "emmy.zip": outside.read_bytes(),
        "lise.zip": bomb.read_bytes(),
        "broken.zip": b"PK no zip",
        "big_knn.ipynb": b" " * (21 * 2**20),
        "\x1b[31m_knn.ipynb": text,
    }
    pack(path, files)
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr(link, "/etc/passwd")
    rows = collected(course, path)
    assert {student for student, row in rows.items() if row.state == COLLECT} == {"ada"}
    assert sum(row.state == UNCLEAR for row in rows.values()) == 8
    assert [p.name for p in course.submitted.iterdir()] == ["ada"]


@pytest.mark.parametrize(
    "content",
    [b"", b"not json", b"[]", b'{"cells": 3}', b'{"cells": [{}]}', b"[" * 100000, b'{"cells": []}'],
)
def test_what_is_no_notebook_of_ours_is_unclear(course, downloads, content):
    put(downloads, "ada_homework.ipynb", content)
    assert states(collected(course, downloads)) == {"ada": UNCLEAR}
    assert not course.submitted.exists()


def test_links_are_not_followed(course, downloads, tmp_path, text):
    secret = tmp_path / "secret.ipynb"
    secret.write_bytes(text)
    (downloads / "ada_knn.ipynb").symlink_to(secret)
    (downloads / "emmy").mkdir()
    (downloads / "emmy" / "knn.ipynb").symlink_to(secret)
    (downloads / "lise").symlink_to(tmp_path)
    rows = collected(course, downloads)
    assert states(rows) == dict.fromkeys(["ada_knn.ipynb", "emmy/knn.ipynb", "lise"], UNCLEAR)
    assert all("a link" in row.note for row in rows.values())


def test_nothing_is_written_through_a_link_in_submitted(course, downloads, tmp_path, text):
    put(downloads, "ada_knn.ipynb", text)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    course.submitted.mkdir()
    (course.submitted / "ada").symlink_to(elsewhere)
    assert states(collected(course, downloads)) == {"ada": UNCLEAR}
    assert not list(elsewhere.iterdir())


def test_two_candidates_in_one_folder_are_not_guessed(course, downloads, text):
    put(downloads, "ada/a.ipynb", text)
    put(downloads, "ada/b.ipynb", text)
    row = collected(course, downloads)["ada"]
    assert row.state == UNCLEAR
    assert "2 notebooks that could be knn.ipynb" in row.note


def test_another_assignment_is_not_taken_for_this_one(course, downloads):
    content = json.dumps({"cells": [{"metadata": {"nbgrader": {"grade_id": "warm_up"}}}]})
    put(downloads, "ada_other.ipynb", content.encode())
    assert states(collected(course, downloads)) == {"ada": UNCLEAR}


def test_what_is_neither_folder_nor_zip_is_one_clear_line(course, tmp_path):
    with pytest.raises(UserError, match="is not a folder"):
        collected(course, tmp_path / "nowhere")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("name\nada\n", "no column id"),
        ("id,id\nada,x\n", "twice"),
        ("id\nada\nADA\n", "row 3: 'ADA' stands there twice"),
        ("id\n../x\n", "row 2"),
        ("", "is empty"),
    ],
)
def test_what_is_wrong_with_students_csv_is_said(course, downloads, content, words):
    (course.root / "students.csv").write_text(content)
    with pytest.raises(UserError, match=words):
        collected(course, downloads)
