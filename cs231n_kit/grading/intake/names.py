"""What a cell's text binds, and whether it takes a name that is the instructor's."""

import ast

# What can bind any name without spelling it.
BLIND = {"globals", "vars", "exec", "eval", "setattr", "user_ns", "__builtins__", "builtins"}

LONGEST = 200_000  # characters of a cell that is looked into: a tree takes a thousand times their memory


def bound_names(source):
    """Return the names that a cell's top level defines or assigns, imports left out; none if it cannot be parsed."""
    names = set()
    for node in _parsed(source).body:
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            names.add(node.name)
        else:
            names |= {
                n.id for n in ast.walk(node) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)
            }
    return sorted(names)


def owned_names(sources):
    """Return the names that the instructor's cells import, define or assign: {name: the import's text or None}."""
    owned = {}
    for source in sources:
        for node in _at_module_level(_parsed(source)):
            owned |= _imports(node) or dict.fromkeys(_binds(node))
    return owned


def takeovers(source, owned):
    """Return what a cell of a student's does to names of the instructor's, in words for the report.

    Parameters
    ----------
    source : the cell's text
    owned : what `owned_names` found; the same import again takes nothing over
    """
    tree, found = _parsed(source), set()
    blind = sorted({_called(node) for node in ast.walk(tree)} & BLIND)
    for node in _at_module_level(tree):
        imports = _imports(node)
        found |= {name for name, text in imports.items() if name in owned and owned[name] != text}
        found |= set(_binds(node)) & owned.keys()
        if "*" in imports:
            blind.append("import *")
    sentences = [f"binds {name}, which is the instructor's: tests keep theirs" for name in sorted(found)]
    if blind:
        sentences.append(f"can bind names that cannot be seen ({', '.join(blind)[:80]}): tests keep theirs")
    return sentences


def _binds(node):
    """The names that a node itself binds, imports left out."""
    if isinstance(node, ast.Name):
        return [node.id] if isinstance(node.ctx, (ast.Store, ast.Del)) else []
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        return [node.name]
    if isinstance(node, (ast.ExceptHandler, ast.MatchAs, ast.MatchStar)):
        return [node.name] if node.name else []
    return [node.rest] if isinstance(node, ast.MatchMapping) and node.rest else []


def _parsed(source):
    try:
        return ast.parse(source if len(source) <= LONGEST else "")
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return ast.Module(body=[], type_ignores=[])


def _imports(node):
    """{name it binds: the import in one form}, empty for a node that is no import."""
    if not isinstance(node, (ast.Import, ast.ImportFrom)):
        return {}
    module = f"{'.' * node.level}{node.module or ''}:" if isinstance(node, ast.ImportFrom) else ""
    return {(a.asname or a.name.partition(".")[0]): f"{module}{a.name} as {a.asname}" for a in node.names}


def _called(node):
    if isinstance(node, ast.Name):
        return node.id
    return node.attr if isinstance(node, ast.Attribute) else None


def _at_module_level(tree):
    """Yield the nodes that bind in the module's namespace: functions' bodies only where they say `global`."""
    waiting = list(ast.iter_child_nodes(tree))
    while waiting:
        node = waiting.pop()
        yield node
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef)):
            declared = {name for n in ast.walk(node) if isinstance(n, ast.Global) for name in n.names}
            yield from (
                inner
                for inner in ast.walk(node)
                if (isinstance(inner, ast.Name) and inner.id in declared)
                or (isinstance(inner, (ast.FunctionDef, ast.ClassDef)) and inner.name in declared)
            )
        elif isinstance(node, (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)):
            yield from (inner.target for inner in ast.walk(node) if isinstance(inner, ast.NamedExpr))
        else:
            waiting.extend(ast.iter_child_nodes(node))
