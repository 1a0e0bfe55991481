"""What a message of a hidden test may carry to its student: numbers, shapes, and words that are fixed.

A student's function chooses what it returns, and a message quotes it: text that it made of the test's inputs would
leave through the feedback. So only words of the test itself and of the kit's checks stay, and short numbers.
"""

import ast
import builtins
import functools
import re
from pathlib import Path

import numpy as np

from cs231n_kit import checks, gradcheck

WORD = re.compile(r"[^\W\d]\w*")
NUMBER = re.compile(r"\d+")
QUOTED = re.compile(r"'([^'\n]*)'|\"([^\"\n]*)\"")
DIGITS = 12  # of a number in a message
ALL_DIGITS = 240  # of a message: about 800 bits that a student's function may choose
LINES, LONGEST = 12, 300  # lines of a message, characters of a line
ELSE = "…"  # stands where something was left out


def bounded(message, source):
    """Return a message of a hidden test as its student may see it.

    Parameters
    ----------
    message : text of the failed check
    source : text of the test cell; its words may be shown, since messages are written to be
    """
    known, constants = words(source) | _fixed_words(), _constants(source)
    lines = [_bounded_line(line, constants, known)[:LONGEST] for line in message.splitlines()[:LINES]]
    left = ALL_DIGITS

    def counted(found):
        nonlocal left
        left -= len(found[0])
        return found[0] if left >= 0 else ELSE

    return NUMBER.sub(counted, "\n".join(lines))


def kind_of(name):
    """Return the name of an exception if it is a builtin one, else that it is another."""
    found = getattr(builtins, name, None)
    known = isinstance(found, type) and issubclass(found, BaseException)
    return name if known else "an exception of another kind"


def words(text):
    """Return all words of a text, identifiers included."""
    return set(WORD.findall(text))


def _constants(source):
    """Return the texts that a test spells out, and its words."""
    try:
        nodes = list(ast.walk(ast.parse(source)))
    except (SyntaxError, ValueError, RecursionError):  # a magic command
        nodes = []
    return words(source) | {
        n.value for n in nodes if isinstance(n, ast.Constant) and isinstance(n.value, str)
    }


def _bounded_line(line, constants, known):
    line = QUOTED.sub(lambda found: found[0] if (found[1] or found[2]) in constants else f"'{ELSE}'", line)
    line = WORD.sub(lambda found: found[0] if found[0] in known else ELSE, line)
    line = NUMBER.sub(lambda found: found[0] if len(found[0]) <= DIGITS else found[0][:DIGITS] + ELSE, line)
    line = re.sub(r"[^\w\s.,:;()\[\]{}<>=+*/%'\"·×≥≤≠±√✗✓…–-]", "", line)
    return re.sub(rf"(?:{ELSE}\W*)+{ELSE}", ELSE, line)


@functools.cache
def _fixed_words():
    """Words of the kit's own messages, and the names of builtin types and of dtypes."""
    files = [Path(checks.__file__), *Path(gradcheck.__file__).parent.glob("*.py")]
    nodes = (node for path in files for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))))
    said = {n.value for n in nodes if isinstance(n, ast.Constant) and isinstance(n.value, str)}
    builtin = {name for name, value in vars(builtins).items() if isinstance(value, type)}
    dtypes = {np.dtype(code).name for code in "?bhilqBHILQefdFD"}
    return frozenset(
        words("\n".join(said)) | builtin | dtypes | {"inf", "nan", "None", "True", "False", "e", "j"}
    )
