"""The instructor's commands. Every problem that a person can mend ends as one message and exit code 1."""

from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import click
from rich.progress import MofNCompleteColumn, Progress, TextColumn

from cs231n_kit.grading.course import Course, UserError, class_list, open_gradebook, refused
from cs231n_kit.grading.desk import grades as desk
from cs231n_kit.grading.runs import run_folder
from cs231n_kit.grading.tables import Column, console, table
from cs231n_kit.grading.text import visible

out = console()


class Commands(click.Group):
    """A group that turns a `UserError` into one message."""

    def invoke(self, ctx):
        try:
            return super().invoke(ctx)
        except UserError as error:
            raise click.ClickException(str(error)) from error


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
def main():
    """Release, collect, grade and report assignments of a cs231n_kit course."""


@main.command()
@click.argument("names", nargs=-1, metavar="[ASSIGNMENT]...")
@click.option(
    "--exchange", type=click.Path(path_type=Path), help="Also publish to this nbgrader exchange folder."
)
@click.option("--jobs", default=2, show_default=True, help="Assignments built at the same time.")
def release(names, exchange, jobs):
    """Build the students' notebooks and the bundle (all assignments by default)."""
    from cs231n_kit.grading.authoring import release as build
    from cs231n_kit.grading.authoring.bundle import write_bundle
    from cs231n_kit.grading.authoring.exchange import publish, require

    course = Course.find()
    if exchange:
        require(exchange)
    with out.status("Building and checking") as status:
        rows = build(course, names, jobs, lambda name, what: status.update(f"{name}: {what}"))
        status.update("Writing the bundle")
        bundle, changed = write_bundle(course)
        if exchange:
            publish(course, [row.name for row in rows], exchange)
    columns = [
        Column("assignment"),
        *(Column(name, numeric=True) for name in ("exercises", "points", "visible", "hidden", "by hand")),
        Column("where", optional=True),
        Column(""),
    ]
    lines = []
    for row in rows:
        points = (f"{n:g}" for n in (row.points, row.visible, row.hidden, row.by_hand))
        lines.append([row.name, row.exercises, *points, row.path, "new" if row.changed else "unchanged"])
    title = "Released (points of visible checks, hidden tests, by hand)"
    caption = f"{'Wrote' if changed else 'Unchanged:'} {bundle.relative_to(course.root)}"
    out.print(table(columns, lines, out.width, title=title, caption=caption))
    if exchange:
        out.print(f"Published to {exchange}.")


@main.command()
@click.argument("name", metavar="ASSIGNMENT")
@click.argument("source", metavar="FOLDER_OR_ZIP", type=click.Path(path_type=Path))
@click.option("--go", is_flag=True, help="Do it: without this, nothing is written.")
def collect(name, source, go):
    """Sort a platform's download into submitted/: first shown, then done with --go."""
    from cs231n_kit.grading.intake.collect import COLLECT, UNCLEAR
    from cs231n_kit.grading.intake.collect import collect as run

    course = Course.find()
    rows = run(course, course.assignment(name), source, go)
    show_collected(rows)
    count = sum(row.state == COLLECT for row in rows)
    if not any(row.what for row in rows):
        raise UserError(f"{source} holds no submission of {name}.")
    if go:
        out.print(f"{count} collected into {course.submitted.name}/.")
    else:
        out.print(f"Nothing is written yet: {count} would be collected. `make collect ... GO=1` does it.")
    if unclear := sum(row.state == UNCLEAR for row in rows):
        raise UserError(f"{unclear} unclear, and not collected: the table says why.")


@main.command()
@click.argument("name", metavar="ASSIGNMENT")
@click.option("--jobs", type=click.IntRange(1), help="Submissions graded at the same time (one a core).")
@click.option("--unboxed", is_flag=True, help="Run student code without a box: only if you trust it.")
def autograde(name, jobs, unboxed):
    """Grade every submission of an assignment."""
    from cs231n_kit.grading.autograde import pipeline
    from cs231n_kit.grading.autograde.report import FAILED

    course = Course.find()
    assignment = course.assignment(name)
    with run_folder(), progress_bar(f"Grading {name}", len(class_list(course))) as advance:
        outcomes = pipeline.autograde(
            course, assignment, jobs or pipeline.default_jobs(), unboxed, lambda o: advance(o.student)
        )
    show_grades(desk.grades(course, [assignment]))
    if unboxed:
        out.print("Student code ran WITHOUT a box: --unboxed.", style="bold")
    refuse(course)
    if any(outcome.state == FAILED for outcome in outcomes):
        raise UserError("Some submissions could not be graded through no fault of theirs. Run it again.")


@main.command()
@click.argument("name", metavar="ASSIGNMENT")
def feedback(name):
    """Write a feedback page for every graded submission."""
    from cs231n_kit.grading.desk.feedback import still_open, write_feedback

    course = Course.find()
    assignment = course.assignment(name)
    count = write_feedback(course, assignment)
    if warning := still_open(course, assignment, datetime.now(UTC).replace(tzinfo=None)):
        out.print(warning, style="bold", highlight=False)
    out.print(f"{count} pages written to {course.feedback.relative_to(course.root)}/STUDENT/{name}/")


@main.command()
@click.argument("name", metavar="[ASSIGNMENT]", required=False)
@click.option("--to", "path", type=click.Path(path_type=Path), help="The file to write: grades.csv.")
@click.option(
    "--format",
    "kind",
    type=click.Choice(["csv", "canvas", "moodle", "gradescope"]),
    default="csv",
    show_default=True,
)
@click.option(
    "--from",
    "source",
    type=click.Path(path_type=Path),
    help="A gradebook downloaded there, to be merged into.",
)
@click.option("--head", help="A head of the log that was kept elsewhere: check that the log still has it.")
def grades(name, path, kind, source, head):
    """Write the grades of the class as CSV, or as a platform's table (all assignments by default)."""
    from cs231n_kit.grading.autograde.ledger import Ledger

    course = Course.find()
    if source and (kind == "csv" or not source.is_file()):
        raise UserError(f"FROM= merges into a platform's table: {source} is no file, or FORMAT= is missing.")
    path = path or Path("grades.csv" if kind == "csv" else f"grades-{kind}.csv")
    names = [name] if name else course.names()
    rows = desk.grades(course, [course.assignment(each) for each in names])
    with open_gradebook(course) as gradebook:
        ledger = Ledger(course.autograded)
        problems = ledger.verify(gradebook, names) + (ledger.verify_head(head) if head else [])
    show_grades(rows)
    if kind == "csv":
        desk.write_csv(path, rows)
        out.print(f"Wrote {path} ({len(rows)} rows).")
    else:
        write_export(course, rows, kind, source, path)
    out.print(f"Head of the log, to be kept elsewhere: {ledger.head()}", highlight=False, soft_wrap=True)
    if problems:
        lines = "\n".join(f"  {visible(problem)}" for problem in problems)
        raise UserError(f"The gradebook is not what grading recorded:\n{lines}")
    refuse(course)


@main.command()
@click.option("--jobs", type=click.IntRange(1), help="Submissions graded at the same time (one a core).")
def doctor(jobs):
    """Try the attack table on this machine, and say which defence holds."""
    from cs231n_kit.grading.autograde.pipeline import default_jobs
    from cs231n_kit.grading.box import bubblewrap, calls
    from cs231n_kit.grading.doctor.trial import run_in_temporary

    if bubblewrap.why_not():
        raise UserError(bubblewrap.why_not())
    out.print(f"Boxes are made with {bubblewrap.found()}, {bubblewrap.found().path}.", highlight=False)
    missing = calls.why_not()
    filtered = f"are not filtered: {visible(missing)}" if missing else "are filtered with libseccomp"
    out.print(f"System calls in the box {filtered}.", highlight=False)
    with run_folder(), out.status("Attacking") as status:
        rows = run_in_temporary(
            jobs=jobs or default_jobs(), progress=lambda o: status.update(f"Graded {o.student}")
        )
    columns = [Column("attack"), Column("expected"), Column("came"), Column("")]
    lines = [
        [row.name, row.expected, row.came, "held" if row.held else "NOT HELD: " + "; ".join(row.problems)]
        for row in rows
    ]
    out.print(table(columns, lines, out.width))
    broken = [row.name for row in rows if not row.held]
    if broken:
        raise UserError(f"{len(broken)} of {len(rows)} rows did not hold: {', '.join(broken)}.")
    out.print(f"All {len(rows)} rows held.")


@main.command()
@click.option("--keep", is_flag=True, help="Keep the temporary course to look around in.")
def demo(keep):
    """Grade a made-up class of six, from collecting to the table of grades."""
    from cs231n_kit.grading.demo import run

    run(Course.find(), out, show_collected, show_grades, keep)


def write_export(course, rows, kind, source, path):
    """Write a platform's table, and say who is not in it."""
    from cs231n_kit.grading.desk.export import export
    from cs231n_kit.grading.files import write_atomically
    from cs231n_kit.grading.intake.roster import Roster

    made = export(rows, Roster.read(course), kind, source.read_bytes() if source else None)
    write_atomically(path, made.text)
    for student, why in made.left_out:
        out.print(visible(f"left as it was: {student}, {why}"), highlight=False, markup=False)
    out.print(
        f"Wrote {path} for {kind}: {made.entered} grades entered, {len(made.left_out)} left as they were."
    )


@main.command()
@click.argument("path", metavar="FILE", type=click.Path(path_type=Path))
def roster(path):
    """Make students.csv from the export of Canvas, Moodle or Gradescope, and enter the class into the gradebook."""
    from cs231n_kit.grading.desk.roster import make_roster

    change = make_roster(Course.find(), path)
    out.print(
        f"{len(change.students)} students read from {path} ({change.platform}), written to students.csv."
    )
    said = (
        ("came", change.came),
        ("left, their grades stay", change.left),
        ("columns not taken", change.unknown),
    )
    for what, names in said:
        if names:
            out.print(visible(f"{what}: {', '.join(names)}"), highlight=False, markup=False)


def refuse(course):
    """End with a message if there are submissions of nobody: the class is graded, these are not."""
    if sentences := refused(course):
        lines = "\n".join(f"  {sentence}" for sentence in sentences)
        raise UserError(f"Left out, rename them to the students' ids:\n{lines}")


@contextmanager
def progress_bar(what, total):
    """Show how far a class is, with rate and time left; yields the function to call with each student's name.

    It draws when something happened, and needs no thread: processes can be forked beside it. A pipe gets plain lines.
    """
    if not out.is_terminal:
        yield lambda student: None
        return
    columns = (*Progress.get_default_columns(), MofNCompleteColumn(), TextColumn("{task.fields[student]}"))
    with Progress(*columns, console=out, auto_refresh=False, transient=True) as progress:
        task = progress.add_task(what, total=total, student="")
        progress.refresh()
        yield lambda student: progress.update(task, advance=1, student=student, refresh=True)


def show_collected(rows):
    """Print what becomes of each student's hand-in, and of what is nobody's."""
    columns = [Column(name) for name in ("student", "", "from", "handed in (UTC)", "the time is from", "")]
    lines = [
        [
            row.student or "?",
            row.state,
            row.what,
            f"{row.time.astimezone(UTC):%Y-%m-%d %H:%M}" if row.time else "",
            row.clock,
            row.note,
        ]
        for row in rows
    ]
    out.print(table(columns, lines, out.width))


def show_grades(rows):
    """Print a table of grades, without the single exercises."""
    columns = [
        Column("student"),
        Column("assignment"),
        Column("total", numeric=True),
        Column("max", numeric=True),
        Column("late"),
        Column("state"),
    ]
    lines = [
        [row.student, row.assignment, f"{row.total:g}", f"{row.max:g}", row.late, row.state] for row in rows
    ]
    out.print(table(columns, lines, out.width))
