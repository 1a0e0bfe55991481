"""All of nbgrader's configuration. `make` and every `nbgrader` command started here read it."""

import os
from pathlib import Path

root = Path(__file__).resolve().parent

c = get_config()  # noqa: F821

c.CourseDirectory.course_id = "cs231n"
c.CourseDirectory.root = str(root)
c.CourseDirectory.source_directory = "solutions"
c.CourseDirectory.release_directory = "assignments"
# The percent scripts are the solutions: they must never be copied to a student's folder.
c.CourseDirectory.ignore = [".ipynb_checkpoints", "*.pyc", "__pycache__", ".pytest_cache", "*.py"]

c.ClearSolutions.code_stub = {"python": 'raise NotImplementedError("write your code here")'}
c.ClearSolutions.text_stub = "*Write your answer here.*"

# Explore cells train and draw; no graded cell needs one.
c.Execute.skip_cells_with_tag = "explore"
c.Execute.timeout = 120
c.Execute.extra_arguments = ["--HistoryManager.hist_file=:memory:", "--IPKernelApp.log_level=ERROR"]
# A warning is not a wrong answer: without this, nbgrader gives 0 to a cell that writes to stderr.
c.IgnorePattern.enabled = True
c.IgnorePattern.pattern = "."

# A later notebook uses functions of an earlier one: grading takes the instructor's.
os.environ.setdefault("CS231N_NOTEBOOKS", str(root / "solutions"))
os.environ.setdefault("MPLBACKEND", "module://matplotlib_inline.backend_inline")
