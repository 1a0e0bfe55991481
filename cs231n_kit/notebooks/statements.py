"""What each statement at a notebook's top level binds and needs, and whether it only defines something."""

import ast
import re
import symtable
from dataclasses import dataclass

from cs231n_kit.notebooks.read import Cell

# Calls that make a constant, such as `np.sqrt(2)`, `float("inf")` and `namedtuple(...)`.
PLAIN_MODULES = {
    "collections", "copy", "dataclasses", "enum", "fractions", "functools", "itertools", "math", "numpy", "operator",
    "re", "scipy", "string", "types", "typing",
}  # fmt: skip
PLAIN_BUILTINS = {
    "abs", "bool", "bytes", "complex", "dict", "float", "frozenset", "int", "len", "list", "max", "min", "object",
    "property", "range", "reversed", "round", "set", "slice", "sorted", "str", "sum", "tuple", "type", "zip",
}  # fmt: skip
STUB = "write your code here"
LOADER = "cs231n_kit.notebooks.load_functions"


@dataclass
class Statement:
    """One statement and what it does to the top level's names.

    Attributes
    ----------
    defines : whether it is an import, constant, function, class or use of `load_functions`, and may be executed
    load : (assignment, {name here: name there}) if it is a use of `load_functions`, else None
    binds : names it sets
    needs : names it reads, in the functions it defines too
    amends : names of things it changes in place: `Value.relu = relu`, `SIZES["small"] = 3`
    """

    node: ast.stmt
    cell: Cell
    defines: bool
    load: tuple | None
    binds: set
    needs: set
    amends: set


def statements_of(cells):
    """The statements of all cells in order, and the cells that are no Python as (cell, SyntaxError)."""
    statements, broken = [], []
    imported, constants = {}, set()
    for cell in cells:
        try:
            found = [(node, *_names(node)) for node in ast.parse(cell.source).body]
        except SyntaxError as error:
            broken.append((cell, error))
            continue
        for node, binds, needs in found:
            imported |= _imports(node)
            load = _loaded(node, imported)
            defines = load is not None or _defines(node, imported, constants)
            if defines and load is None and isinstance(node, (ast.Assign, ast.AnnAssign)):
                constants |= binds
            statements.append(Statement(node, cell, defines, load, binds, needs, _amended(node)))
    return statements, broken


def mentions(cell, name, *, assigned):
    """Whether the text of a cell that does not parse seems to define `name`; with `assigned`, to set it at all."""
    word = re.escape(name)
    pattern = rf"^\s*(def|class)\s+{word}\b" + (rf"|^{word}\s*=[^=]" if assigned else "")
    return re.search(pattern, cell.source, re.MULTILINE) is not None


def is_stub(node):
    """Whether a function, or a method of a class, is as it was handed out."""
    if isinstance(node, ast.ClassDef):
        return any(is_stub(item) for item in node.body if isinstance(item, ast.FunctionDef))
    if not isinstance(node, ast.FunctionDef):
        return False
    return any(
        isinstance(item, ast.Raise) and item.exc and STUB in ast.unparse(item.exc) for item in node.body
    )


def _loaded(node, imported):
    """(assignment, {name here: name there}) if a statement is a plain use of `load_functions`, else None."""
    if not (isinstance(node, ast.Assign) and isinstance(node.value, ast.Call) and len(node.targets) == 1):
        return None
    call, target = node.value, node.targets[0]
    if call.keywords or not all(isinstance(a, ast.Constant) and isinstance(a.value, str) for a in call.args):
        return None
    path = ast.unparse(call.func).split(".")
    if ".".join([imported.get(path[0], path[0]), *path[1:]]) != LOADER:
        return None
    assignment, *names = (argument.value for argument in call.args)
    targets = target.elts if isinstance(target, (ast.Tuple, ast.List)) else [target]
    if len(targets) != len(names) or not all(isinstance(item, ast.Name) for item in targets):
        return None
    return assignment, {item.id: name for item, name in zip(targets, names, strict=True)}


def _imports(node):
    """{name: what it stands for} of an import, or of those in a `try` or `if`."""
    found = {}
    if isinstance(node, (ast.Import, ast.ImportFrom, ast.Try, ast.If)):
        for item in ast.walk(node):
            if isinstance(item, ast.Import):
                found |= {a.asname or a.name.split(".")[0]: a.name for a in item.names}
            elif isinstance(item, ast.ImportFrom):
                found |= {a.asname or a.name: f"{item.module}.{a.name}" for a in item.names}
    return found


def _names(node):
    """(names bound, names read) at the top level by one statement, nested functions included."""
    top = symtable.symtable(ast.unparse(node), "cell", "exec")
    binds = {
        s.get_name() for s in top.get_symbols() if s.is_assigned() or s.is_imported() or s.is_namespace()
    }
    needs, tables = set(), [top]
    while tables:
        table = tables.pop()
        tables += table.get_children()
        needs |= {
            s.get_name() for s in table.get_symbols() if s.is_referenced() and (table is top or s.is_global())
        }
    return binds, needs


def _amended(node):
    """Names whose attributes, items or value an assignment changes."""
    if isinstance(node, ast.AugAssign):
        targets = [node.target]
    elif isinstance(node, ast.Assign):
        targets = [target for target in node.targets if isinstance(target, (ast.Attribute, ast.Subscript))]
    else:
        return set()
    roots = [_root(target) for target in targets]
    return {root.id for root in roots if isinstance(root, ast.Name)}


def _defines(node, imported, constants):
    """Whether a statement is an import, a constant or a definition, and so may be executed."""
    match node:
        case (
            ast.Import()
            | ast.ImportFrom()
            | ast.FunctionDef()
            | ast.AsyncFunctionDef()
            | ast.ClassDef()
            | ast.Pass()
        ):
            return True
        case ast.Assign(value=value) | ast.AugAssign(value=value) | ast.AnnAssign(value=ast.expr() as value):
            return _is_plain(value, imported, constants)
        case ast.Try(body=body, handlers=handlers, orelse=orelse):
            inner = [*body, *orelse, *(item for handler in handlers for item in handler.body)]
            return not node.finalbody and all(_defines(item, imported, constants) for item in inner)
        case ast.If(test=test, body=body, orelse=orelse):
            inner = [*body, *orelse]
            return _is_plain(test, imported, constants) and all(
                _defines(i, imported, constants) for i in inner
            )
    return False


def _is_plain(expression, imported, constants):
    """Whether evaluating an expression calls nothing but what makes constants."""
    waiting = [expression]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.Lambda):
            continue  # its body runs when it is called
        if isinstance(node, ast.Call):
            root = _root(node.func)
            name = root.id if isinstance(root, ast.Name) else None
            module = imported.get(name, "").split(".")[0]
            if not (
                isinstance(root, ast.Constant)
                or name in PLAIN_BUILTINS | constants
                or module in PLAIN_MODULES
            ):
                return False
        waiting += ast.iter_child_nodes(node)
    return True


def _root(node):
    """`np` of `np.random.default_rng(0).normal`, `W` of `W[0].T`."""
    while isinstance(node, (ast.Attribute, ast.Subscript, ast.Call)):
        node = node.func if isinstance(node, ast.Call) else node.value
    return node
