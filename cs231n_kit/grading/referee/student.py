"""The student's end: answers the referee's questions about the functions, classes and values of the notebook.

Runs in the student's kernel, in the box, on the main thread while a test runs. Nothing here is trusted by the
referee: a student who replaces it answers with other values, which are judged like any.
"""

import copy
import functools
import socket
import sys
import traceback
import types
from pathlib import Path

from cs231n_kit.grading.limits import Limits
from cs231n_kit.grading.referee.link import Link, LinkClosed
from cs231n_kit.grading.referee.values import error_from_plain, error_to_plain

HERE = Path(__file__).parent
ARITHMETIC = [
    f"__{side}{name}__" for name in ("add", "sub", "mul", "truediv", "pow", "matmul") for side in ("", "r")
] + ["__neg__", "__pos__"]
CONTAINER = [f"__{name}__" for name in ("getitem", "setitem", "delitem", "len", "iter", "next", "contains")]
PROTOCOLS = [*CONTAINER, "__call__", "__enter__", "__exit__"]
PLAIN_CALLABLES = (
    types.FunctionType,
    types.BuiltinFunctionType,
    types.MethodType,
    types.MethodWrapperType,
    functools.partial,
)


class Remote:
    """An object of the referee's: can be called if it is a function, and has its public attributes else."""

    def __init__(self, link, number, name):
        self.__dict__.update(_link=link, _number=number, __name__=name)

    def __call__(self, *args, **kwargs):
        return self._link.ask("call", self, args, tuple(kwargs.items()))

    def __getattr__(self, name):
        if name.startswith("_"):
            raise AttributeError(name)
        return self._link.ask("get", self, name, live=True)

    def __setattr__(self, name, value):
        self._link.ask("set", self, name, value)

    def __copy__(self):
        return self._link.ask("copy", self, False)

    def __deepcopy__(self, memo):
        return self._link.ask("copy", self, True)


class StudentLink(Link):
    """Answers for a notebook's namespace."""

    def __init__(self, sock, limits, namespace):
        super().__init__(sock, limits, sign=-1)
        self.namespace = namespace
        self.count, self.objects, self.numbers = 0, {}, {}
        self.trouble = None  # traceback of the last exception in the student's own code

    def serve(self):
        """Answer questions until the referee says that its test is over."""
        self.trouble = None
        try:
            while True:
                kind, head, body = self._receive(0)
                if kind == "bye":
                    break
                if kind != "ask":
                    raise self.close("an answer came to a question that nobody asked")
                self._answer(head, body)
        except LinkClosed:
            pass
        if self.trouble:
            print(self.trouble, file=sys.stderr, end="")

    def _bytes(self, count):
        """Read on when an interrupt comes while nothing of the student's runs."""
        while True:
            try:
                return super()._bytes(count)
            except KeyboardInterrupt:
                continue

    def foreign_node(self, obj):
        if isinstance(obj, Remote):
            return ["H", obj._number]
        if isinstance(obj, types.ModuleType):
            raise TypeError(f"{obj.__name__} is a module of the notebook, not an answer")
        if isinstance(obj, type):
            return ["h", self._number(obj), "c", obj.__name__, self._operators(obj)]
        if isinstance(obj, PLAIN_CALLABLES):
            return ["h", self._number(obj), "f", getattr(obj, "__name__", "function")]
        return ["h", self._number(obj), "o", self.foreign_node(type(obj))]

    def _number(self, obj):
        number = self.numbers.get(id(obj))
        if number is None:
            self.count += 1
            number = self.numbers[id(obj)] = self.count
            self.objects[number] = obj
        return number

    @staticmethod
    def _operators(kind):
        return [name for name in (*ARITHMETIC, *PROTOCOLS) if hasattr(kind, name)]

    def foreign(self, node):
        if node[0] == "H":
            return self.objects[node[1]]
        return Remote(self, node[1], node[2])

    def forget(self, handles):
        for number in handles:
            self.numbers.pop(id(self.objects.pop(number, None)), None)

    def answer(self, operation, arguments):
        if operation == "name":
            (name,) = arguments
            if name not in self.namespace:
                raise NameError(f"name {name!r} is not defined")
            return self.namespace[name]
        target, *rest = arguments
        if operation == "call":
            args, kwargs = rest
            return target(*args, **dict(kwargs))
        if operation == "operator":
            name, args = rest
            return getattr(type(target), name)(target, *args)
        if operation == "copy":
            return copied(target, *rest)
        return {"get": getattr, "set": setattr, "delete": delattr}[operation](target, *rest)

    def failed(self, error):
        own = [frame for frame in traceback.extract_tb(error.__traceback__) if not _is_ours(frame.filename)]
        if own:
            lines = traceback.format_list(own) + traceback.format_exception_only(error)
            self.trouble = "Traceback (most recent call last):\n" + "".join(lines)
        return [*error_to_plain(error), getattr(error, "referee_token", 0)]

    def raise_failure(self, failure):
        kind, token = failure
        error = error_from_plain(kind, "the function that was passed in failed")
        error.referee_token = token
        raise error


def copied(target, deep):
    """Return a copy of an object, for the other end."""
    return copy.deepcopy(target) if deep else copy.copy(target)


def _is_ours(filename):
    return Path(filename).parent in (HERE, HERE.parent)


@functools.cache
def link_to(path, budgets):
    """Connect to the referee at `path`, once; `budgets` are the `Limits` as a tuple of pairs."""
    sock = socket.socket(socket.AF_UNIX)
    sock.connect(path)
    return StudentLink(sock, Limits(**dict(budgets)), sys.modules["__main__"].__dict__)
