"""Find in a released text what must not leave the house: solutions, hidden tests, outputs, the author's traces."""

import getpass
import re
import subprocess

from cs231n_kit.grading.source import MARKERS, blocks, is_test

CELL_METADATA = {"deletable", "editable", "nbgrader", "tags"}
NOTEBOOK_METADATA = {"kernelspec", "language_info"}
HOMES = re.compile(r"(/home/|/Users/|/root/|[A-Za-z]:\\+Users\\+)\S*")
# Lines that say nothing about an answer, wherever they stand.
EMPTY_TALK = re.compile(
    r"""(return\s[\w\s,.]*
      | (import|from)\s.*
      | for\s.*:
      | else:|try:|if\s\w+\sis\s(not\s)?None:
      | rng\s=\snp\.random\.default_rng\(\d*\)
      | [\w,\s]+=\s[\w.]*(\.shape|rng\.\w+\([\w=\s,.()-]*\)|cache)
      | [\w.]+\s=\s[\w.-]+
      | [\w.]+\(  # the first line of a long call
      | self\.\w+(\[[^]]*\])?\s=\s\w+
      )""",
    re.VERBOSE,
)
SHORTEST = 12


def secret_lines(notebook):
    """Return the lines of all solutions and hidden tests of a source notebook that are worth hiding.

    What a visible check says as well, about an edge or in a hint, is no secret of the hidden test beside it; a bare
    assertion is one, and so is a line of a solution.
    """
    secret, shown = {kind: set() for kind in MARKERS}, set()
    for cell in notebook.cells:
        for kind in MARKERS:
            secret[kind].update(line.strip() for line in blocks(cell.source, kind)[0])
        if is_test(cell):
            hidden = blocks(cell.source, "HIDDEN TESTS")[0]
            lines = (line.strip() for line in cell.source.splitlines() if line not in hidden)
            shown.update(line for line in lines if not line.startswith("assert "))
    lines = secret["SOLUTION"] | (secret["HIDDEN TESTS"] - shown)
    return {line for line in lines if len(line) >= SHORTEST and not EMPTY_TALK.fullmatch(line)}


def author_traces():
    """Return words that name the person at this machine: login, name and address known to git."""
    words = {getpass.getuser()}
    for key in ("user.name", "user.email"):
        answer = subprocess.run(["git", "config", key], capture_output=True, text=True, check=False)
        words.add(answer.stdout.strip())
    return {word for word in words if len(word) > 4}


def leaks_in_notebook(released, secrets, traces=frozenset()):
    """Yield what a released notebook gives away, as (cell id, sentence)."""
    for key in set(released.metadata) - NOTEBOOK_METADATA:
        yield "the notebook", f"its metadata has {key!r}"
    for cell in released.cells:
        for line in cell.source.splitlines():
            if line.strip() in secrets:
                yield cell.id, f"shows a line of a solution or hidden test: {line.strip()!r}"
        for kind, markers in MARKERS.items():
            if any(marker in cell.source for marker in markers):
                yield cell.id, f"still has a marker of {kind}"
        if cell.get("outputs"):
            yield cell.id, "has outputs"
        if cell.get("execution_count") is not None:
            yield cell.id, "has an execution count"
        for key in set(cell.metadata) - CELL_METADATA:
            yield cell.id, f"has editor metadata {key!r}"
        for sentence in traces_in(cell.source, traces):
            yield cell.id, sentence


def traces_in(text, traces):
    """Yield the author's paths and names that a text mentions."""
    home = HOMES.search(text)
    if home:
        yield f"names a path of somebody's machine: {home[0]!r}"
    for word in sorted(traces):
        if re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text):
            yield f"names the author: {word!r}"
