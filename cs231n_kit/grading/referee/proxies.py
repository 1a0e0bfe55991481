"""The referee's end: what a test sees in place of the student's functions, classes and objects.

A stand-in has no say in a test: it compares by identity, has no truth value, number or array of its own, and
arithmetic with it gives another stand-in or an error. So an answer that should be a number and is an object
with clever methods is only ever an object.
"""

import functools
import types
import weakref
from collections import Counter
from types import MappingProxyType

import numpy as np

from cs231n_kit.grading.referee.link import Link, LinkClosed
from cs231n_kit.grading.referee.student import ARITHMETIC, PROTOCOLS, copied
from cs231n_kit.grading.referee.values import ValuesError, error_from_plain, error_to_plain

CALLABLES = (
    types.FunctionType,
    types.BuiltinFunctionType,
    types.MethodType,
    functools.partial,
    np.ufunc,
    type,
)
LONGEST_NAME = 60


class Stopped(RuntimeError):
    """The student's code was interrupted because its time was up."""


class StudentFunction:
    """Calls a function of the student's."""

    def __init__(self, link, number, name):
        self._link, self._number = link, number
        self._source, self.notebook, self.opaque = None, {}, ()
        self.__name__ = self.__qualname__ = name
        link.hold(self, number)

    def __call__(self, *args, **kwargs):
        self._link.note_call(self.__name__, args, kwargs)
        return self._link.ask("call", self, args, tuple(kwargs.items()))

    @property
    def cell_source(self):
        """The text of the function in the notebook that was submitted."""
        if self._source is None:
            raise LookupError(f"the notebook has no cell that defines {self.__name__}")
        return self._source

    def __deepcopy__(self, memo):
        return self  # as a function is its own copy

    def __repr__(self):
        return f"<the student's function {self.__name__}>"


class StudentClass(type):
    """The class of handles to objects of one class of the student's; calling it makes such an object."""

    def __call__(cls, *args, **kwargs):
        cls._link.note_call(cls.__name__, args, kwargs)
        return cls._link.ask("call", cls, args, tuple(kwargs.items()))

    def __getattr__(cls, name):
        if name.startswith("_"):
            raise AttributeError(name)
        return cls._link.ask("get", cls, name, live=True)

    @property
    def cell_source(cls):
        """The text of the class in the notebook that was submitted."""
        if cls._source is None:
            raise LookupError(f"the notebook has no cell that defines {cls.__name__}")
        return cls._source


class Handle(metaclass=StudentClass):
    """An object of the student's: attributes and methods go through."""

    __array_ufunc__ = None  # so that arrays leave arithmetic to the handle, which refuses

    def __array__(self, *args, **kwargs):
        raise TypeError(f"expected numbers, got {self!r}")

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return self._link.ask("get", self, name, live=True)

    def __setattr__(self, name, value):
        self._link.ask("set", self, name, value)

    def __delattr__(self, name):
        self._link.ask("delete", self, name)

    def __copy__(self):
        return self._link.ask("copy", self, False)

    def __deepcopy__(self, memo):
        return self._link.ask("copy", self, True)

    def __repr__(self):
        return f"<an object of the student's class {type(self).__name__}>"


def _arithmetic(name):
    def operate(self, *others):
        if not all(isinstance(other, Handle) or type(other) in (int, float) for other in others):
            return NotImplemented
        result = self._link.ask("operator", self, name, others)
        if result is NotImplemented or isinstance(result, Handle):
            return result
        raise TypeError(f"{name} of {self!r} gives {type(result).__name__}, not another object")

    return operate


def _protocol(name):
    def operate(self, *args):
        return self._link.ask("operator", self, name, args)

    return operate


OPERATORS = {name: _arithmetic(name) for name in ARITHMETIC} | {name: _protocol(name) for name in PROTOCOLS}


class RefereeLink(Link):
    """Asks on behalf of a test; answers only for functions and objects that the test itself passed in."""

    def __init__(self, sock, limits, namespace):
        super().__init__(sock, limits, sign=1)
        self.namespace = namespace
        self.classes, self.handles = {}, weakref.WeakValueDictionary()
        self.held, self.released = Counter(), []
        self.exports, self.raised = {}, []
        self.last_call = None

    def ask(self, operation, *arguments, live=False):
        try:
            return super().ask(operation, *arguments, live=live)
        except KeyboardInterrupt:
            raise self.close("the test was stopped while the student's code ran") from None

    def lookup(self, name, sources=MappingProxyType({}), opaque=()):
        """Return what the student's notebook has under a name; functions and classes know their text.

        Parameters
        ----------
        sources : {name: text that defines it} of the whole notebook
        opaque : what in the notebook may have changed that unseen
        """
        value = self.ask("name", name, live=True)
        if isinstance(value, StudentFunction):
            value._source, value.__name__ = sources.get(name), name
            value.notebook, value.opaque = sources, opaque
        elif isinstance(value, StudentClass):
            type.__setattr__(value, "_source", sources.get(name))
        return value

    def end_test(self):
        """Tell the student's end that the test is over, and forget what it passed in."""
        self.exports.clear()
        self.raised.clear()
        if not self.closed:
            self._send("bye", None, None, 1)

    def note_call(self, name, args, kwargs):
        """Keep a description of the latest call, for the report."""
        parts = [_shape(arg) for arg in args] + [f"{key}={_shape(arg)}" for key, arg in kwargs.items()]
        self.last_call = f"{name}({', '.join(parts)})"[:300]

    # --- handles ----------------------------------------------------------------------------------------------

    def hold(self, proxy, number):
        """Count a stand-in, so that the student's end is told when the last one for its object is gone."""
        self.held[number] += 1
        if number in self.released:
            self.released.remove(number)
        weakref.finalize(proxy, self._let_go, number).atexit = False

    def _let_go(self, number):
        self.held[number] -= 1
        if not self.held[number]:
            del self.held[number]
            self.released.append(number)

    def unused(self):
        objects = self.book.unused()
        released, self.released = self.released, []
        return objects, released

    def foreign_node(self, obj):
        if isinstance(obj, (Handle, StudentFunction, StudentClass)):
            return ["H", obj._number]
        own = type(obj).__module__ == self.namespace["__name__"]
        if not own and not isinstance(obj, CALLABLES):
            raise TypeError(
                f"a test cannot hand a {type(obj).__name__} to the student's code: arrays, numbers, text, "
                "lists, dicts, functions and objects of the test's own classes can"
            )
        self.exports[id(obj)] = obj
        return ["h", id(obj), getattr(obj, "__name__", "object")]

    def foreign(self, node):
        tag, number, *rest = node
        if tag == "H":
            return self.exports[number]
        if tag != "h" or type(number) is not int:
            raise ValuesError("a value came in a form that is not understood")
        kind, *rest = rest
        if kind == "f":
            return StudentFunction(self, number, _name(rest[0], "function"))
        if kind == "c":
            return self._class(number, *rest)
        if kind != "o":
            raise ValuesError("a handle came that is none")
        handle = self.handles.get(number)
        if handle is None:
            handle = self.handles[number] = object.__new__(self._class(*self._class_node(rest[0])))
            handle.__dict__["_number"] = number
            self.hold(handle, number)
        return handle

    @staticmethod
    def _class_node(node):
        tag, number, kind, name, operators = node
        if (tag, kind) != ("h", "c") or type(number) is not int:
            raise ValuesError("a handle came without a class")
        return number, name, operators

    def _class(self, number, name, operators):
        if number not in self.classes:
            if len(self.classes) > 1000:
                raise ValuesError("more than 1,000 classes came")
            body = {operator: OPERATORS[operator] for operator in operators if operator in OPERATORS}
            body |= {"_link": self, "_number": number, "_source": None}
            self.classes[number] = StudentClass(_name(name, "object"), (Handle,), body)
        return self.classes[number]

    # --- what the student's code may ask ----------------------------------------------------------------------

    def answer(self, operation, arguments):
        target, *rest = arguments
        if id(target) not in self.exports:
            raise TypeError("only what a test passed in can be asked for")
        if operation == "call":
            args, kwargs = rest
            return target(*args, **dict(kwargs))
        if operation == "copy":
            return target if isinstance(target, CALLABLES) else copied(target, *rest)
        if isinstance(target, CALLABLES) or operation not in ("get", "set"):
            raise TypeError("a function that a test passed in can only be called")
        name, *value = rest
        if type(name) is not str or name.startswith("_"):
            raise AttributeError(name)
        return (getattr if operation == "get" else setattr)(target, name, *value)

    def failed(self, error):
        """Say no more of a test's own exception than its kind; it comes back if the student's code lets it pass."""
        self.raised.append(error)
        return [error_to_plain(error)[0], len(self.raised)]

    def raise_failure(self, failure):
        kind, message, token = failure
        if type(token) is int and 0 < token <= len(self.raised):
            raise self.raised[token - 1]
        if kind == "KeyboardInterrupt":
            stopped = Stopped("the time for this cell was up")
            stopped.from_student = False
            raise stopped
        error = error_from_plain(kind, message)
        error.from_student = True  # its text is the student's
        raise error


def _name(text, otherwise):
    """Return the name that a function or class has in its own words: a name, and no message."""
    fits = isinstance(text, str) and len(text) <= LONGEST_NAME and (text.isidentifier() or text == "<lambda>")
    return text if fits else otherwise


def _shape(value):
    """Describe an argument by shape and type, never by value: the test may be a hidden one."""
    return f"{value.dtype} {value.shape}" if isinstance(value, np.ndarray) else type(value).__name__


__all__ = ["Handle", "LinkClosed", "RefereeLink", "Stopped", "StudentClass", "StudentFunction"]
