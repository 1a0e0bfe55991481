"""The referee's process: runs the instructor's set-up and test cells, forked from a clean process that is warm.

It never sees a line of the student's code. A name that a test uses and the referee lacks is looked up in the
student's process and comes as a value or a stand-in.
"""

import ast
import builtins
import contextlib
import io
import linecache
import os
import random
import resource
import socket
import sys
import time
import traceback
from pathlib import Path

import numpy as np
from IPython.core.inputtransformer2 import TransformerManager

from cs231n_kit.grading.referee.proxies import LinkClosed, RefereeLink
from cs231n_kit.grading.referee.values import ValuesError

LONGEST_OUTPUT = 100_000


class Namespace(dict):
    """The referee's variables; what is missing is looked up in the student's notebook, for one test."""

    def __init__(self):
        super().__init__(__name__="__main__", get_ipython=lambda: NoMagic(self))
        self.link, self.sources, self.opaque, self.fetched = None, {}, [], {}

    def __missing__(self, name):
        if self.link is None or name.startswith("__") or hasattr(builtins, name):
            raise KeyError(name)
        try:
            value = self.link.lookup(name, self.sources, self.opaque)
        except NameError:
            raise KeyError(name) from None
        self[name] = self.fetched[name] = value
        return value

    def forget_fetched(self):
        """Drop what came from the student, unless the test gave the name to something else."""
        for name, value in self.fetched.items():
            if self.get(name) is value:
                del self[name]
        self.fetched.clear()


class NoMagic:
    """Answers the magics of the instructor's cells: what they do (plots, reloading) is nothing to a referee."""

    def __init__(self, namespace):
        self.namespace = namespace

    def run_line_magic(self, *args, **kwargs):
        return None

    def run_cell_magic(self, name, line, cell):
        exec(compile(cell, f"<cell magic {name}>", "exec"), self.namespace)


class Referee:
    """Runs cells, one command after the other."""

    def __init__(self, path, limits, seed):
        self.limits = limits
        self.namespace = Namespace()
        self.listener = socket.socket(socket.AF_UNIX)
        self.listener.bind(path)
        Path(path).chmod(0o777)  # nobody but the grader and the box gets as far as its folder
        self.listener.listen(1)
        random.seed(seed)
        np.random.seed(seed % 2**32)  # noqa: NPY002 - for a test that forgot to make its own generator

    def connect(self, seconds):
        """Take the one connection there will be; the student's code runs only afterwards."""
        self.listener.settimeout(seconds)
        sock, _ = self.listener.accept()
        self.listener.close()
        sock.settimeout(None)
        self.namespace.link = RefereeLink(sock, self.limits, self.namespace)

    def set_up(self, name, text, imports_only):
        """Run a cell of the instructor's, or of an unlocked one its imports alone."""
        link, self.namespace.link = self.namespace.link, None  # a set-up needs nothing of the student's
        try:
            return self.run(name, text, imports_only)
        finally:
            self.namespace.link = link

    def test(self, name, text, sources, opaque):
        """Run a test cell; `sources` is what the notebook says defines a name, `opaque` what may have changed that."""
        self.namespace.sources, self.namespace.opaque = sources, opaque
        link = self.namespace.link
        link.last_call = None
        result = self.run(name, text)
        result["call"] = link.last_call
        try:
            link.end_test()
        except (LinkClosed, ValuesError) as error:
            link.close(str(error))
        self.namespace.forget_fetched()
        result["lost"] = link.closed
        return result

    def forget(self, names):
        """Drop names that an answer cell defines: from now on they are the student's."""
        for name in names:
            self.namespace.pop(name, None)

    def run(self, name, text, imports_only=False):
        """Run a cell's text; returns its error, value, output and time as plain values."""
        start = time.perf_counter()
        out = Output()
        error = value = None
        theirs = False  # whether the error's text was made by the student's code
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(io.StringIO()):
            try:
                value = self.execute(name, text, imports_only)
            except KeyboardInterrupt:
                error = ["TimeoutError", "the test was stopped because its time was up", []]
            except BaseException as raised:
                lines = "".join(traceback.format_exception(raised)).splitlines()[-60:]
                error = [type(raised).__name__, str(raised)[:4000], lines]
                theirs = getattr(raised, "from_student", False) is True
        seconds = time.perf_counter() - start
        return {
            "error": error,
            "theirs": theirs,
            "value": value,
            "output": out.getvalue(),
            "seconds": seconds,
        }

    def execute(self, name, text, imports_only):
        """Execute a cell; returns the repr of its last expression, as a notebook would show it."""
        text = TransformerManager().transform_cell(text)
        filename = f"<{name}>"
        linecache.cache[filename] = (len(text), None, text.splitlines(keepends=True), filename)
        tree = ast.parse(text, filename)
        if imports_only:
            tree.body = [node for node in tree.body if isinstance(node, (ast.Import, ast.ImportFrom))]
        last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
        exec(compile(tree, filename, "exec"), self.namespace)
        if last is None:
            return None
        value = eval(compile(ast.Expression(last.value), filename, "eval"), self.namespace)
        return None if value is None or text.rstrip().endswith(";") else repr(value)[:200]


class Output(io.StringIO):
    """Keeps the first part of what a cell prints."""

    def write(self, text):
        if self.tell() < LONGEST_OUTPUT:
            super().write(text[:LONGEST_OUTPUT])
        return len(text)


def serve(commands):
    """Serve a grader until it closes the line: first come the settings, then commands. Runs in a process of its own."""
    path, limits, seed, folder, environment = commands.recv()
    os.environ.update(environment)
    os.chdir(folder)
    sys.argv = ["referee"]
    ceiling = 4 * limits.memory_bytes
    resource.setrlimit(resource.RLIMIT_DATA, (ceiling, ceiling))
    referee = Referee(path, limits, seed)
    commands.send(("listening", os.getpid()))
    while True:
        try:
            method, *arguments = commands.recv()
            commands.send((getattr(referee, method)(*arguments),))
        except (EOFError, ConnectionError):
            return
        except KeyboardInterrupt:  # came too late for the test it was meant for
            continue
