"""Execute the definitions of an earlier notebook that are asked for, and those they need."""

import ast
import linecache

from cs231n_kit.notebooks.errors import NotebookError
from cs231n_kit.notebooks.read import VARIABLE, find_notebook, notebooks_root, read_cells, saved
from cs231n_kit.notebooks.statements import is_stub, mentions, statements_of


def load_functions(assignment, *names):
    """Take functions or classes from the notebook of an earlier assignment.

    The notebook is the one in the folder `assignment` beside this notebook's folder, as it was last saved; or
    in the folder that the environment variable `CS231N_NOTEBOOKS` points to. Of its cells only what the names
    need is executed: imports, constants, functions, classes, and its own uses of `load_functions`. Training,
    pictures and shell commands never run. Ask for everything in one call: each call reads the notebook afresh.

    Parameters
    ----------
    assignment : folder of the notebook, such as "03-backprop"
    *names : names of functions, classes or constants that stand at the top level of its cells

    Returns
    -------
    the object, if one name is asked for; a tuple in the order of the names, if several are

    Raises
    ------
    NotebookError : no such notebook or name, an answer that is not written yet, a cell that cannot be executed
    """
    if not names or not all(isinstance(name, str) for name in (assignment, *names)):
        raise TypeError(
            'load_functions("03-backprop", "affine_forward", ...): a folder, then names, all in quotes'
        )
    root, by_instructor = notebooks_root()
    path, found = _load(assignment, names, root, ())
    age = f"set by {VARIABLE}" if by_instructor else saved(path)
    print(f"✓ {', '.join(names)} from {path.parent.name}/{path.name}  ({age})")
    return tuple(found) if len(names) > 1 else found[0]


def _load(assignment, names, root, users):
    """(path, objects) for names of one notebook; `users` are the notebooks through which they are asked for."""
    if assignment in users:
        raise NotebookError(
            f"{' needs '.join([*users, assignment])}: notebooks can build on earlier ones only."
        )
    path = find_notebook(assignment, root)
    statements, broken = statements_of(read_cells(path))
    needed, chosen = closure(statements, names)
    for name in sorted(needed):
        _refuse_broken(name, statements, broken, path)
    _refuse_missing(names, statements, path)
    if not users:
        _refuse_unwritten(names, statements, path)
    namespace = {"__name__": assignment}
    for statement in chosen:
        if statement.load is None:
            _execute(statement, namespace)
        else:
            _pass_on(statement.load, needed, namespace, root, (*users, assignment))
    for name in needed:
        definition = _definition(name, statements)
        # An answer that is missing deep down matters only if it is called: it says so then.
        if definition and isinstance(definition.node, ast.FunctionDef) and is_stub(definition.node):
            namespace[name] = _reminder(name, definition.cell, path)
    return path, [namespace[name] for name in names]


def closure(statements, names):
    """(names, statements in order) that the asked names need, of the statements of a notebook."""
    needed, chosen, waiting = set(), set(), list(names)
    while waiting:
        name = waiting.pop()
        if name in needed:
            continue
        needed.add(name)
        setters = _setters(name, statements)
        if name not in names and not _definition(name, statements):
            _refuse_result(name, statements, [statements[i] for i in sorted(chosen)])
        chosen |= setters
        waiting += [needs for i in setters for needs in statements[i].needs]
    chosen |= {
        i
        for i, s in enumerate(statements)
        if isinstance(s.node, ast.ImportFrom) and s.node.names[0].name == "*"
    }
    return needed, [statements[i] for i in sorted(chosen)]


def _setters(name, statements):
    """Indices of the statements that make `name` what it is; a function or class makes it afresh."""
    setters = [i for i, s in enumerate(statements) if s.defines and name in s.binds | s.amends]
    fresh = [i for i in setters if isinstance(statements[i].node, (ast.FunctionDef, ast.ClassDef))]
    return {i for i in setters if not fresh or i >= fresh[-1]}


def _execute(statement, namespace):
    cell = statement.cell
    # Lets a traceback, and `inspect.getsource`, show the student's own lines.
    linecache.cache[str(cell)] = (len(cell.source), None, cell.source.splitlines(keepends=True), str(cell))
    module = ast.Module(body=[statement.node], type_ignores=[])
    try:
        exec(compile(module, str(cell), "exec"), namespace)
    except Exception as error:
        raise NotebookError(
            f"{cell}, line {statement.node.lineno}: {type(error).__name__}: {error}"
        ) from error


def _pass_on(load, needed, namespace, root, users):
    """A use of `load_functions` in the earlier notebook, for those of its names that are needed."""
    assignment, names = load
    wanted = {here: there for here, there in names.items() if here in needed}
    _, found = _load(assignment, list(wanted.values()), root, users)
    namespace.update(zip(wanted, found, strict=True))


def _definition(name, statements):
    """The last statement that defines `name`, or None."""
    return next((s for s in reversed(statements) if s.defines and name in s.binds), None)


def _reminder(name, cell, path):
    """Stands for a function that is not written yet."""

    def unwritten(*args, **kwargs):
        raise NotImplementedError(f"{cell}: {name!r} is still to be written. {_save_first(path)}")

    return unwritten


def _save_first(path):
    return (
        "If you have written it, save that notebook (Ctrl+S), then run the cell with load_functions again: "
        f"only what is saved can be read, and it was {saved(path)}."
    )


def _refuse_broken(name, statements, broken, path):
    for cell, error in broken:
        if mentions(cell, name, assigned=_definition(name, statements) is None):
            raise NotebookError(
                f"{cell}: {name!r} cannot be used, since line {error.lineno} of the cell is not Python "
                f"({error.msg}). Mend it there. {_save_first(path)}"
            )


def _refuse_missing(names, statements, path):
    missing = [name for name in names if not _definition(name, statements)]
    for name in missing:
        for statement in statements:
            if name in statement.binds:
                raise NotebookError(
                    f"{statement.cell}: {name!r} is made by running code. Only imports, constants, functions and "
                    "classes can be taken from another notebook."
                )
    if missing:
        spelt = "Is the name spelt right?" if len(missing) == 1 else "Are the names spelt right?"
        raise NotebookError(
            f"{path.parent.name}/{path.name} defines no {_listed(missing)} at the top level of a cell. {spelt} "
            f"{_save_first(path)}"
        )


def _refuse_unwritten(names, statements, path):
    unwritten = [name for name in names if is_stub(_definition(name, statements).node)]
    if unwritten:
        cell = _definition(unwritten[0], statements).cell
        where = cell if len(unwritten) == 1 else cell.notebook
        verb = "is" if len(unwritten) == 1 else "are"
        raise NotebookError(f"{where}: {_listed(unwritten)} {verb} still to be written. {_save_first(path)}")


def _listed(names):
    """'a', or 'a' and 'b', or 'a', 'b' and 'c'."""
    *others, last = map(repr, names)
    return f"{', '.join(others)} and {last}" if others else last


def _refuse_result(name, statements, users):
    """Refuse a name that a needed function reads but that only running code makes."""
    for maker in statements:
        if name in maker.binds:
            user = next(s for s in users if name in s.needs)
            raise NotebookError(
                f"{user.cell}: {', '.join(sorted(user.binds))} uses {name!r}, which cell {maker.cell.position} makes "
                "by running code. A function that other notebooks use takes all it needs as arguments."
            )
