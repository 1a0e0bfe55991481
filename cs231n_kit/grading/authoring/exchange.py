"""Publish released assignments to an nbgrader exchange folder."""

from nbgrader.apps import NbGraderAPI

from cs231n_kit.grading.authoring.generate import record
from cs231n_kit.grading.course import UserError


def require(folder):
    """Refuse an exchange that is no folder: asked before anything is built."""
    if not folder.is_dir():
        raise UserError(
            f"EXCHANGE={folder} is not a folder: make it first, readable and writable for the class."
        )


def publish(course, names, folder):
    """Copy the released assignments to the exchange at `folder`, through nbgrader's own release_assignment."""
    require(folder)
    config = course.config()
    config.Exchange.root = str(folder.resolve())
    config.ExchangeReleaseAssignment.force = True
    api = NbGraderAPI(config=config)
    for name in names:
        record(course, course.assignment(name))
        outcome = api.release_assignment(name)
        if not outcome["success"]:
            raise UserError(
                f"nbgrader could not publish {name} to {folder}: {outcome.get('log') or outcome['error']}"
            )
