"""Questions about the source of a function, asked of its syntax tree."""

import ast
import inspect
import textwrap

LOOPS = {
    ast.For: "a for loop",
    ast.AsyncFor: "a for loop",
    ast.While: "a while loop",
    ast.ListComp: "a list comprehension",
    ast.SetComp: "a set comprehension",
    ast.DictComp: "a dict comprehension",
    ast.GeneratorExp: "a generator expression",
}
HIDDEN_LOOPS = {
    "map",
    "filter",
    "reduce",
    "vectorize",
    "apply_along_axis",
    "apply_over_axes",
    "fromfunction",
    "frompyfunc",
    "nditer",
}


def source_of(function):
    """Return the source text of a function or class that a notebook cell defines.

    A grader that runs the function in another process hands in a stand-in whose `cell_source` is the text
    of the cell in the notebook: the text that was submitted, and not what a process says of itself.
    """
    text = getattr(function, "cell_source", None)
    return textwrap.dedent(inspect.getsource(function) if text is None else text)


def loops_in(source):
    """List the Python loops in a source text as (line, kind), loops hidden in a NumPy or builtin call included."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if type(node) in LOOPS:
            line = node.lineno if hasattr(node, "lineno") else 1
            found.append((line, LOOPS[type(node)]))
        elif (
            isinstance(node, ast.Call)
            and _name(node.func) in HIDDEN_LOOPS
            and not _is_ufunc_method(node.func)
        ):
            found.append((node.lineno, f"`{_name(node.func)}`, which loops in Python"))
    return sorted(found)


def _is_ufunc_method(node):
    """Whether a call is like `np.maximum.reduce`, which loops in C, and not like `functools.reduce`."""
    return isinstance(node, ast.Attribute) and node.attr == "reduce" and isinstance(node.value, ast.Attribute)


def calls_in(source):
    """Return every name and attribute that a source text mentions, those behind `import ... as` included."""
    names = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, (ast.Name, ast.Attribute)):
            names.add(_name(node))
        elif isinstance(node, ast.alias):
            names.update(node.name.split("."))
    return names


def _name(node):
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        return node.attr
    return None
