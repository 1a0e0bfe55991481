"""Of earlier notebooks, only what a later one loads: the definitions and what they need, without comments or tests."""

import ast

from cs231n_kit.notebooks.load import closure
from cs231n_kit.notebooks.read import find_notebook, read_cells
from cs231n_kit.notebooks.statements import statements_of


def extract(path, root):
    """Find what the cells of a notebook load with `load_functions`, and what that needs in turn.

    Parameters
    ----------
    path : of the notebook that loads
    root : folder that holds the assignments' folders

    Returns
    -------
    dict assignment -> Python source: imports, constants, functions and classes; comments are left out

    Raises
    ------
    NotebookError : an earlier notebook is missing, or has no such name
    """
    wanted, found = {}, {}
    waiting = _loads(statements_of(read_cells(path))[0])
    while waiting:
        assignment, names = waiting.pop()
        new = names - wanted.setdefault(assignment, set())
        if not new:
            continue
        wanted[assignment] |= new
        statements, _ = statements_of(read_cells(find_notebook(assignment, root)))
        needed, chosen = closure(statements, sorted(wanted[assignment]))
        found[assignment] = "\n\n".join(ast.unparse(statement.node) for statement in chosen) + "\n"
        waiting += _loads(chosen, needed)
    return found


def _loads(statements, needed=None):
    """[(assignment, names)] that uses of `load_functions` ask for, of those names that are needed."""
    return [
        (load[0], {there for here, there in load[1].items() if needed is None or here in needed})
        for load in (statement.load for statement in statements)
        if load is not None
    ]
