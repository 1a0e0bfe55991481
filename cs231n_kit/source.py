"""Questions about the source of a function: of its own text, and of all that it reaches in the notebook."""

import ast
import inspect
import symtable
import textwrap
from types import FunctionType

LOOPS = {
    ast.For: "a for loop",
    ast.AsyncFor: "a for loop",
    ast.While: "a while loop",
    ast.ListComp: "a list comprehension",
    ast.SetComp: "a set comprehension",
    ast.DictComp: "a dict comprehension",
    ast.GeneratorExp: "a generator expression",
}
# What loops in Python over a function that it is given.
HIDDEN_LOOPS = {
    "map", "filter", "reduce", "accumulate", "starmap", "takewhile", "dropwhile", "filterfalse", "groupby",
    "vectorize", "apply_along_axis", "apply_over_axes", "fromfunction", "fromiter", "frompyfunc", "nditer",
    "ndenumerate", "ndindex", "piecewise",
    "generic_filter", "generic_filter1d", "geometric_transform", "labeled_comprehension",
}  # fmt: skip
# What can run or bind a text or a name that nobody sees.
OPAQUE = {
    "exec", "eval", "compile", "globals", "locals", "vars", "setattr", "delattr", "__import__", "import_module",
    "__dict__", "__globals__", "__code__", "__getattribute__", "__builtins__", "builtins", "modules", "user_ns",
    "run_cell", "f_globals", "f_locals", "_getframe",
}  # fmt: skip


def source_of(function):
    """Return the source text of a function or class that a notebook cell defines.

    A grader that runs the function in another process hands in a stand-in whose `cell_source` is the text
    of the cell in the notebook: the text that was submitted, and not what a process says of itself.
    """
    text = getattr(function, "cell_source", None)
    return textwrap.dedent(inspect.getsource(function) if text is None else text)


def reached(function):
    """Return the texts of all that a function reaches in its notebook: {name: source}, its own first.

    Names are resolved as the notebook does it: to the functions, classes, aliases and imports at its top level.
    """
    notebook = getattr(function, "notebook", None)
    own = function.__name__
    found, waiting = {own: source_of(function)}, [own]
    while waiting:
        for name in _free_names(found[waiting.pop()]):
            text = None if name in found else _definition(name, function, notebook)
            if text is not None:
                found[name] = text
                waiting.append(name)
    return found


def loops_in(source):
    """List the Python loops in a source text as (line, kind), loops hidden in a NumPy or builtin call included."""
    found = []
    for node in ast.walk(ast.parse(source)):
        line = getattr(node, "lineno", 1)
        if type(node) in LOOPS:
            found.append((line, LOOPS[type(node)]))
        elif _name(node) in HIDDEN_LOOPS and not _is_ufunc_method(node):
            found.append((line, f"`{_name(node)}`, which loops in Python"))
        elif isinstance(node, ast.alias) and node.name.split(".")[-1] in HIDDEN_LOOPS:
            found.append((line, f"`{node.name}`, which loops in Python"))
        elif isinstance(node, ast.Call) and any(keyword.arg == "key" for keyword in node.keywords):
            found.append((line, f"`{_name(node.func)}(key=...)`, which loops in Python"))
    return sorted(set(found))


def opaque_in(source):
    """List what in a source text cannot be seen through, as (line, what): `exec`, built names, patched libraries."""
    tree = ast.parse(source)
    imports = [node for node in ast.walk(tree) if isinstance(node, (ast.Import, ast.ImportFrom))]
    libraries = {(a.asname or a.name).split(".")[0] for node in imports for a in node.names} | {
        "np",
        "numpy",
        "scipy",
    }
    found = [(getattr(node, "lineno", 1), _opaque(node, libraries)) for node in ast.walk(tree)]
    return sorted({(line, which) for line, which in found if which})


def _opaque(node, libraries):
    """Name what cannot be seen through in a node, or None."""
    if isinstance(node, (ast.Import, ast.ImportFrom)):
        if any(a.name == "*" for a in node.names):
            return "`import *`"
        hidden = OPAQUE & {part for a in node.names for part in a.name.split(".")}
        return f"`import {min(hidden)}`" if hidden else None
    if isinstance(node, ast.Call):
        name = _name(node.func)
        if name == "run_line_magic" and _constant(node.args[:1]) not in ("run", "load", "macro", "pylab"):
            return None
        if name == "getattr" and _constant(node.args[1:2]) is None:
            return "`getattr` with a name that is built"
        return f"`{name}`" if name in ("run_line_magic", "run_cell_magic") else None
    if (
        isinstance(node, ast.Attribute)
        and isinstance(node.ctx, (ast.Store, ast.Del))
        and _root(node) in libraries
    ):
        return f"a change of the library, `{ast.unparse(node)}`"
    return f"`{_name(node)}`" if _name(node) in OPAQUE else None


def _constant(nodes):
    """The text of a constant argument, or None."""
    return next((n.value for n in nodes if isinstance(n, ast.Constant) and isinstance(n.value, str)), None)


def recursion_in(texts):
    """Return the name of a function among `texts` ({name: source}) that comes to call itself, or None."""
    calls = {
        name: _free_names(text) & texts.keys() for name, text in texts.items() if _is_function(text, name)
    }

    def comes_back(start):
        seen, waiting = set(), [start]
        while waiting:
            for name in calls.get(waiting.pop(), ()):
                if name == start:
                    return True
                if name not in seen:
                    seen.add(name)
                    waiting.append(name)
        return False

    return next((name for name in calls if comes_back(name)), None)


def calls_in(source):
    """Return every name and attribute that a source text mentions, those in imports and in texts included."""
    names = set()
    tree = ast.parse(source)
    docstrings = {id(n.value) for n in ast.walk(tree) if isinstance(n, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, (ast.Name, ast.Attribute)):
            names.add(_name(node))
        elif isinstance(node, ast.alias):
            names.update(node.name.split("."))
        elif isinstance(node, ast.ImportFrom):
            names.update((node.module or "").split("."))
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings:
            names.add(node.value)  # getattr(np.linalg, "norm")
    return names


def definitions(source):
    """Return what a notebook cell's top level defines: {name: the text that defines it}; nothing if it is no Python.

    An assignment counts where it may hold a function: an alias, a lambda, a call.
    """
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return {}
    lines, found = source.splitlines(keepends=True), {}
    for node in tree.body:
        start = min([node.lineno, *(decorator.lineno for decorator in getattr(node, "decorator_list", []))])
        text = "".join(lines[start - 1 : node.end_lineno])
        for name in _defined(node):
            found[name] = text
    return found


def _defined(node):
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        return [node.name]
    if isinstance(node, (ast.Import, ast.ImportFrom)):
        return [a.asname or a.name.split(".")[0] for a in node.names]
    value = getattr(node, "value", None)
    if isinstance(node, (ast.Assign, ast.AnnAssign)) and isinstance(
        value, (ast.Name, ast.Attribute, ast.Lambda, ast.Call)
    ):
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        return [target.id for target in targets if isinstance(target, ast.Name)]
    return []


def _definition(name, function, notebook):
    """The text that defines a name of the notebook, or None if it defines none."""
    if notebook is not None:
        return notebook.get(name)
    known = getattr(function, "__globals__", {}).get(name)
    if isinstance(known, (FunctionType, type)) and known.__module__ == function.__module__:
        try:
            return source_of(known)
        except (OSError, TypeError):
            return None
    return None


def _free_names(source):
    """The names of the notebook that a text reads, local variables left out."""
    try:
        tables = [symtable.symtable(source, "cell", "exec")]
    except SyntaxError:
        return set()
    top, names = tables[0], set()
    while tables:
        table = tables.pop()
        tables += table.get_children()
        names |= {
            s.get_name() for s in table.get_symbols() if s.is_referenced() and (table is top or s.is_global())
        }
    return names


def _is_function(source, name):
    body = ast.parse(source).body
    return (
        bool(body) and isinstance(body[0], (ast.FunctionDef, ast.AsyncFunctionDef, ast.Assign)) and bool(name)
    )


def _is_ufunc_method(node):
    """Whether a name is like `np.maximum.reduce`, which loops in C, and not like `functools.reduce`."""
    return (
        isinstance(node, ast.Attribute)
        and node.attr in ("reduce", "accumulate")
        and isinstance(node.value, ast.Attribute)
    )


def _root(node):
    while isinstance(node, ast.Attribute):
        node = node.value
    return node.id if isinstance(node, ast.Name) else None


def _name(node):
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        return node.attr
    return None
