"""How learning platforms name what students hand in: a table, and who and when a name stands for."""

import re
from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePosixPath


@dataclass(frozen=True)
class Platform:
    """A convention of names.

    Groups of `pattern`: id (of the person, in the platform), name (written as the platform writes it), time, late,
    upload (an id that grows from upload to upload), file. `column` is where students.csv has that id.
    """

    name: str
    pattern: re.Pattern
    column: str
    source: str
    clock: str = ""  # strptime format of `time`


PLATFORMS = (
    Platform(
        "Blackboard",
        re.compile(
            r"(?P<assignment>.+)_(?P<id>[^_]+)_attempt_(?P<time>\d{4}(?:-\d\d){5})(?:_(?P<file>.+))?",
            re.DOTALL,
        ),
        "id",
        "help.blackboard.com, 'Download assignments'; nbgrader's zip_collect has the same example",
        "%Y-%m-%d-%H-%M-%S",
    ),
    Platform(
        "Canvas",
        re.compile(
            r"(?P<name>[^_]+)_(?:(?P<late>LATE)_)?(?P<id>\d+)_(?P<upload>\d+)_(?P<file>.+)", re.DOTALL
        ),
        "canvas_id",
        "community.canvaslms.com, 'How do I download all student submissions for an assignment?'",
    ),
    Platform(
        "Moodle",
        re.compile(r"(?P<name>[^_]+)_(?P<id>\d+)_assignsubmission_file(?:_(?P<file>.*))?", re.DOTALL),
        "moodle_id",
        "docs.moodle.org, 'Using Assignment': Download all submissions, in folders or not",
    ),
)

COPY = re.compile(r"(?P<stem>.*?)\s*\((?P<number>\d+)\)")  # a browser's and a desktop's second copy
AGAIN = re.compile(r"(?P<stem>.+)-(?P<number>\d+)")  # Canvas's resubmission


@dataclass(frozen=True)
class Claim:
    """Whose a file says it is: what names, folders and metadata tell, to be matched with the roster."""

    platform: str
    key: str  # two files with one key are of one person
    id: str = ""
    column: str = "id"  # of students.csv, for `id`
    name: str = ""
    email: str = ""
    file: str = ""  # as it was called before the platform renamed it
    attempt: tuple = ()  # a later one is larger
    time: datetime | None = None
    clock: str = ""  # where `time` is from
    late: bool = False


def recognise(path, zone):
    """Return the `Claim` of a path in a download, by the first part that a platform named; None if none did.

    Parameters
    ----------
    path : PurePosixPath, relative to the download
    zone : of times without one
    """
    for part in path.parts:
        for platform in PLATFORMS:
            if match := platform.pattern.fullmatch(part):
                return _claim(platform, match.groupdict(), path, zone)
    return None


def _claim(platform, found, path, zone):
    time = None
    if platform.clock:
        try:
            time = datetime.strptime(found["time"], platform.clock).replace(tzinfo=zone)
        except ValueError:
            return None
    inside = path.suffix and path.name != found.get("file") and not platform.pattern.fullmatch(path.name)
    name = path.name if inside else found.get("file") or ""
    file, number = without_copy(name, platform.name == "Canvas")
    return Claim(
        platform=platform.name,
        key=f"{found['id']}" if platform.column != "id" else found["id"].casefold(),
        id=found["id"],
        column=platform.column,
        name=found.get("name") or "",
        file=file,
        attempt=(time.timestamp() if time else 0.0, number, int(found.get("upload") or 0)),
        time=time,
        clock="its name" if time else "",
        late=bool(found.get("late")),
    )


def without_copy(name, resubmitted=False):
    """Split a file name into the name as it was and the number of its copy: knn (1).ipynb -> knn.ipynb, 1."""
    path, number = PurePosixPath(name), 0
    stem = path.stem
    for pattern in (COPY, AGAIN) if resubmitted else (COPY,):
        if match := pattern.fullmatch(stem):
            stem, number = match["stem"], number + int(match["number"][:9])
    return f"{stem}{path.suffix}", number


def by_file_name(path, stem, ids):
    """Return the `Claim` of a file that no platform named: its folder's or its own name begins with the student's.

    Parameters
    ----------
    stem : of the assignment's notebook
    ids : of the roster; the longest that the name begins with is the student's
    """
    top = path.parts[0]
    if len(path.parts) > 1:
        file, number = without_copy(path.name)
        return Claim("by name", f"{top}/", id=top, file=file, attempt=(0.0, number, 0))
    whole, number = without_copy(top)
    suffix = PurePosixPath(whole).suffix
    base = whole.removesuffix(suffix)
    named = re.fullmatch(rf"(?P<id>.+?)[\s_-]+{re.escape(stem)}", base, re.IGNORECASE | re.DOTALL)
    known = [name for name in ids if re.match(rf"{re.escape(name)}(?:[\s_-]|$)", base, re.IGNORECASE)]
    if known:
        student = max(known, key=len)
    else:
        student = named["id"] if named else re.split(r"[_\s]|-(?=\D)", base)[0]
    file = f"{stem}{suffix}" if named else whole
    return Claim("by name", base, id=student, file=file, attempt=(0.0, number, 0))
