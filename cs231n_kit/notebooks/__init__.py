"""Use in this notebook what was written in an earlier one."""

from cs231n_kit.notebooks.errors import NotebookError
from cs231n_kit.notebooks.extract import extract
from cs231n_kit.notebooks.load import load_functions

__all__ = ["NotebookError", "extract", "load_functions"]
