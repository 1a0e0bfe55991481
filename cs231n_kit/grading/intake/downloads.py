"""The files of a download, folder or zip file, each with its time and where that is from; nothing is unpacked."""

import os
import stat
import struct
import subprocess
import tempfile
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath

from cs231n_kit.grading.course import UserError
from cs231n_kit.grading.intake.read import UNZIPPING, Quarantined, is_aside

MOST_FILES = 200_000
EXTENDED_TIME = 0x5455  # Info-ZIP's extra field: seconds since 1970, in UTC
WANTED = (".ipynb", ".zip", ".yml")


@dataclass(frozen=True)
class File:
    """A file of a download."""

    path: PurePosixPath  # relative to the download
    read: Callable  # (most bytes) -> bytes; Quarantined if there are more or they cannot be had
    time: datetime
    clock: str  # where the time is from


@dataclass
class Download:
    """What a folder or zip file holds, and what of it is refused."""

    files: list = field(default_factory=list)
    refused: list = field(default_factory=list)  # (path, reason)


def open_download(source, zone):
    """Return the `Download` of a folder or zip file.

    Parameters
    ----------
    zone : of times in a zip file that say none
    """
    source = Path(source)
    if source.is_dir():
        return _folder(source)
    if source.is_file() and zipfile.is_zipfile(source):
        return _archive(source, zone)
    raise UserError(
        f"{source} is not a folder and not a zip file: FROM= names what was downloaded from the platform."
    )


def _folder(source):
    download = Download()
    for folder, folders, names in os.walk(source):
        here = Path(folder)
        for name in sorted(folders):
            if (here / name).is_symlink():
                download.refused.append((_relative(here / name, source), "a link, not a folder"))
        folders[:] = sorted(
            n for n in folders if n[0] != "." and n != "__MACOSX" and not (here / n).is_symlink()
        )
        for name in sorted(names):
            path = here / name
            shown = _relative(path, source)
            if is_aside(shown) or path.suffix.lower() not in WANTED:
                continue
            status = path.lstat()
            if not stat.S_ISREG(status.st_mode):
                what = "a link" if stat.S_ISLNK(status.st_mode) else "a device or a pipe"
                download.refused.append((shown, f"{what}, not a file"))
                continue
            time, clock = datetime.fromtimestamp(status.st_mtime, UTC), "the file's date"
            if repository := _repository(path, source):
                time, clock = _committed(path, repository) or (time, clock)
            download.files.append(File(shown, _reader(lambda path=path: _open(path), shown), time, clock))
            if len(download.files) > MOST_FILES:
                raise UserError(f"{source} has more than {MOST_FILES:,} files: that is no class's download.")
    return download


def _relative(path, source):
    return PurePosixPath(path.relative_to(source).as_posix())


def _open(path):
    descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0))
    return os.fdopen(descriptor, "rb")


def _reader(open_it, shown):
    def read(most):
        try:
            with open_it() as file:
                content = file.read(most + 1)
        except UNZIPPING as error:
            raise Quarantined(f"{shown} cannot be read: {error}") from None
        if len(content) > most:
            raise Quarantined(f"{shown} is larger than {most // 2**20} MiB")
        return content

    return read


def _archive(source, zone):
    download = Download()
    try:
        archive = zipfile.ZipFile(source)
    except UNZIPPING as error:
        raise UserError(f"{source} cannot be read as a zip file: {error}") from None
    entries = archive.infolist()
    if len(entries) > MOST_FILES:
        raise UserError(f"{source} has more than {MOST_FILES:,} files: that is no class's download.")
    for entry in entries:
        path = PurePosixPath(_name_of(entry).replace("\\", "/"))
        if entry.is_dir() or path.suffix.lower() not in WANTED:
            continue
        if path.is_absolute() or ".." in path.parts:
            download.refused.append((path, "it points outside of the zip file"))
        elif is_aside(path):
            continue
        elif stat.S_ISLNK(entry.external_attr >> 16):
            download.refused.append((path, "a link, not a file"))
        else:
            time, clock = _time_of(entry, zone)
            download.files.append(
                File(path, _reader(lambda entry=entry: archive.open(entry), path), time, clock)
            )
    download.files = _without_wrapper(download.files, source.stem)
    return download


def _name_of(entry):
    """Return the name of a zip file's entry; macOS and others write UTF-8 without the flag that says so."""
    if entry.flag_bits & 0x800:
        return entry.filename
    try:
        return entry.filename.encode("cp437").decode("utf-8")
    except UnicodeError:
        return entry.filename


def _without_wrapper(files, stem):
    """Leave out a folder that holds everything and is called like the zip file."""
    if files and all(len(file.path.parts) > 1 and file.path.parts[0] == stem for file in files):
        return [File(PurePosixPath(*f.path.parts[1:]), f.read, f.time, f.clock) for f in files]
    return files


def _time_of(entry, zone):
    extra = entry.extra
    while len(extra) >= 4:
        kind, size = struct.unpack("<HH", extra[:4])
        if kind == EXTENDED_TIME and size >= 5 and len(extra) >= 9 and extra[4] & 1:
            seconds = struct.unpack("<i", extra[5:9])[0]
            return datetime.fromtimestamp(seconds, UTC), "the zip file, in UTC"
        extra = extra[4 + size :]
    try:
        return datetime(*entry.date_time, tzinfo=zone), f"the zip file, taken as {zone}"
    except ValueError:
        return datetime(1980, 1, 1, tzinfo=UTC), "the zip file, which has no date"


def _repository(path, source):
    """Return the git repository inside `source` that a file is in, or None."""
    for folder in path.parents:
        if folder == source.parent:
            return None
        if (folder / ".git").is_dir() and not (folder / ".git").is_symlink():
            return folder
    return None


def _committed(path, repository):
    """Return the time of the last commit of a file, or None.

    git is pointed at the objects alone, from an empty repository: a configuration that came with a download is
    never read, since it can name programs to be run.
    """
    head = _head(repository / ".git")
    if not head:
        return None
    with tempfile.TemporaryDirectory(prefix="cs231n-git-") as empty:
        environment = {"PATH": os.environ.get("PATH", ""), "HOME": empty, "GIT_CONFIG_NOSYSTEM": "1"}
        environment |= {"GIT_DIR": f"{empty}/.git", "GIT_ALLOW_PROTOCOL": "none"}
        asked = ["log", "-1", "--format=%ct", head, "--", path.relative_to(repository).as_posix()]
        try:
            subprocess.run(["git", "init", "-q", empty], env=environment, check=True, capture_output=True)
            environment["GIT_OBJECT_DIRECTORY"] = str((repository / ".git" / "objects").resolve())
            done = subprocess.run(
                ["git", *asked],
                env=environment,
                check=True,
                capture_output=True,
                text=True,
                timeout=30,
                cwd=empty,
            )
            return datetime.fromtimestamp(
                int(done.stdout), UTC
            ), "git: the commit's own date, which a student can set"
        except (OSError, ValueError, OverflowError, subprocess.SubprocessError):
            return None


def _head(git):
    """Return the commit that a repository has checked out, read without git; None if it is not plain to see."""
    try:
        head = (git / "HEAD").read_text(encoding="ascii").strip()
        if head.startswith("ref: "):
            name = head.removeprefix("ref: ")
            loose = git / name
            packed = git / "packed-refs"
            if ".." in PurePosixPath(name).parts:
                return None
            if loose.is_file():
                head = loose.read_text(encoding="ascii").strip()
            else:
                lines = (line.split() for line in packed.read_text(encoding="ascii").splitlines())
                head = next((line[0] for line in lines if line[1:] == [name]), "")
    except (OSError, ValueError):
        return None
    return head if len(head) in (40, 64) and set(head) <= set("0123456789abcdef") else None
