"""Write feedback: what each check says, the student's own cells and pictures, and nothing that can run or call out."""

import re
from pathlib import Path

import jinja2
import mistune
import nbformat
import nh3
from markupsafe import Markup
from nbgrader.api import Gradebook, MissingEntry
from nbgrader.utils import is_grade, is_solution

from cs231n_kit.grading.autograde.bounds import kind_of
from cs231n_kit.grading.autograde.report import GRADED, read_handed_in, read_report
from cs231n_kit.grading.course import UserError, open_gradebook
from cs231n_kit.grading.files import write_atomically
from cs231n_kit.grading.source import grade_id
from cs231n_kit.grading.text import visible

COLOURS = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")
ERROR = re.compile(
    r"largest error (\S+?)\)|^\s*(?:relative error|largest relative error)\D*(\S+)", re.MULTILINE
)
PICTURES = ("image/png", "image/jpeg")
LARGEST_PICTURE = 3 * 2**20  # characters of base64
LONGEST_OUTPUT = 20_000
LONGEST_LINE = 300
LONGEST_SOURCE = 100_000
LINE = re.compile(r"^\s*(?:Cell|File) .*?, line (\d+)", re.MULTILINE)
BASE64 = re.compile(r"[A-Za-z0-9+/=\s]*")
STRUCTURE = {"class", "id"}
# A heading could pass for the page's own, a link leads whoever looks at the page away.
TAGS = nh3.ALLOWED_TAGS - {"map", "area", "a", "h1", "h2", "h3", "h4", "h5", "h6"}


def write_feedback(course, assignment):
    """Write a page for every student whose submission was looked at; returns the number of pages."""
    pages = 0
    for folder in sorted(course.autograded.glob(f"*/{assignment.name}")):
        student = folder.parent.name
        outcome = read_report(course, assignment, student)
        if outcome is not None:
            html = render(course, assignment, outcome)
            write_atomically(course.feedback / student / assignment.name / f"{assignment.stem}.html", html)
            pages += 1
    if not pages:
        raise UserError(
            f"Nothing of {assignment.name} is graded yet: run `make autograde A={assignment.name}` first."
        )
    return pages


def still_open(course, assignment, now):
    """Return a warning if the assignment can still be handed in, according to the gradebook; else None.

    Parameters
    ----------
    now : datetime in UTC, without a time zone, as the gradebook's
    """
    with open_gradebook(course) as gradebook:
        try:
            due = gradebook.find_assignment(assignment.name).duedate
        except MissingEntry:
            return None
    if due is None or due <= now:
        return None
    return (
        f"{assignment.name} is due at {due:%Y-%m-%d %H:%M} UTC, which is yet to come: feedback tells numbers of hidden "
        "tests to whoever can hand in again (docs/grading.md, Feedback)."
    )


def render(course, assignment, outcome):
    """Return a student's page as HTML."""
    loader = jinja2.FileSystemLoader(Path(__file__).parent)
    environment = jinja2.Environment(loader=loader, autoescape=True, trim_blocks=True, lstrip_blocks=True)
    grades = _grades(course, assignment, outcome) if outcome.state == GRADED else []
    return environment.get_template("feedback.html.jinja").render(
        title=f"{assignment.name}: feedback",
        outcome=outcome,
        checks=[_check(test) for test in outcome.tests],
        written=[grade for grade in grades if grade["written"]],
        total=sum(grade["score"] or 0.0 for grade in grades),
        most=sum(grade["most"] for grade in grades),
        cells=_cells(course, assignment, outcome) if outcome.state == GRADED else [],
    )


def _grades(course, assignment, outcome):
    """Return what the gradebook has: scores by hand and comments are in it too."""
    tested = {test["grade_id"] for test in outcome.tests}
    with Gradebook(course.nbgrader().coursedir.db_url) as gradebook:
        book = gradebook.find_submission_notebook(assignment.stem, assignment.name, outcome.student)
        comments = {comment.name: comment.comment for comment in book.comments}
        return [
            {
                "name": grade.name,
                "score": None if grade.needs_manual_grade else grade.score,
                "most": grade.max_score,
                "written": grade.name not in tested,
                "comment": comments.get(grade.name) or "",
            }
            for grade in book.grades
        ]


def _check(test):
    """Return the line of one check: never the source or the traceback of a hidden test."""
    lines = [line.strip() for line in COLOURS.sub("", test.get("shown") or "").splitlines()]
    hint = next((line.removeprefix("Try:").strip() for line in lines if line.startswith("Try:")), "")
    lines = [line[:LONGEST_LINE] for line in lines if line and not line.startswith("Try:")]
    if test["error"] and not lines:
        lines = [kind_of(test["error"][0])]
    ticks = [line.strip() for line in test["output"].splitlines() if line.startswith("✓")]
    found = ERROR.findall("\n".join([*ticks, *lines]))
    return {
        "name": test["grade_id"],
        "score": test["score"],
        "points": test["points"],
        "passed": not test["error"],
        "call": test["call"] or "",
        "error": max((first or second for first, second in found), key=_number, default=""),
        "lines": lines,
        "ticks": [] if test["hidden"] else ticks,
        "hint": hint,
        "seconds": f"{test['seconds']:.0f}",  # it is the student's to choose: whole seconds carry little
        "hidden": test["hidden"],
    }


def _number(text):
    try:
        return float(text)
    except ValueError:
        return 0.0


def _cells(course, assignment, outcome):
    """Yield the student's own cells with the outputs that were handed in, made harmless, and how they ended in grading.

    What a cell printed when it was graded is for the instructor alone: it ran beside hidden tests and files that are
    not public.
    """
    path = course.autograded / outcome.student / assignment.name / f"{assignment.stem}.ipynb"
    handed_in = read_handed_in(course, assignment, outcome.student)
    for cell in nbformat.read(path, as_version=4).cells:
        own = is_solution(cell) or cell.id.startswith("student-")
        if not own or (is_grade(cell) and not is_solution(cell)):
            continue
        shown = {
            "name": grade_id(cell) or "your own cell",
            "code": "",
            "html": "",
            "outputs": [],
            "ended": "",
        }
        if cell.cell_type == "code":
            shown["code"] = _plain(cell.source, LONGEST_SOURCE)
            shown["outputs"] = [out for output in handed_in.get(cell.id, ()) for out in _output(output)]
            shown["ended"] = _ended(cell)
        else:
            shown["html"] = clean(mistune.html(_plain(cell.source)))
        yield shown


def _ended(cell):
    """Say how a cell failed when it was graded: the kind of the error and the line, and nothing it says."""
    for output in cell.outputs:
        if output.output_type == "error":
            lines = LINE.findall(COLOURS.sub("", "\n".join(output.traceback)))
            last = int(lines[-1]) if lines else 0
            where = f", line {last}" if 0 < last <= len(cell.source.splitlines()) else ""
            return f"When it was graded, this cell ended with {kind_of(output.ename)}{where}."
    return ""


def _output(output):
    """Yield an output as text, as a picture or as clean HTML; it was handed in, so it may be anything."""
    if not isinstance(output, dict):
        return
    kind = output.get("output_type")
    if kind in ("stream", "error"):
        text = _text(
            output.get("text" if kind == "stream" else "traceback"), "" if kind == "stream" else "\n"
        )
        yield {"text": _plain(text)}
        return
    data = output.get("data")
    data = data if isinstance(data, dict) else {}
    for kind in PICTURES:
        picture = _text(data.get(kind))
        if picture and len(picture) <= LARGEST_PICTURE and BASE64.fullmatch(picture):
            yield {"picture": f"data:{kind};base64,{''.join(picture.split())}"}
            return
    if html := _text(data.get("text/html")):
        yield {"html": clean(_plain(html))}
    elif text := _text(data.get("text/plain")):
        yield {"text": _plain(text)}


def _plain(text, most=LONGEST_OUTPUT):
    """Return a text of a student's without colours, and with control characters written out."""
    return visible(COLOURS.sub("", text[:LONGEST_SOURCE]), keep="\n\t\r")[:most]


def _text(value, between=""):
    """Return a text that may be a list of its lines; anything else is no text."""
    lines = value if isinstance(value, list) else [value]
    return between.join(lines) if all(isinstance(line, str) for line in lines) else ""


def clean(html):
    """Return HTML without scripts, styles, forms, headings, remote pictures or links."""
    attributes = {tag: names - STRUCTURE for tag, names in nh3.ALLOWED_ATTRIBUTES.items()}
    return Markup(
        nh3.clean(
            html,
            tags=TAGS,
            attributes=attributes,
            url_schemes={"data"},
            attribute_filter=_only_own_pictures,
        )
    )


def _only_own_pictures(tag, attribute, value):
    """Keep a picture only if it is in the page itself."""
    if attribute == "src":
        return value if value.startswith(("data:image/png;base64,", "data:image/jpeg;base64,")) else None
    return value
