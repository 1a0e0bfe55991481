"""The conversation between the student's process and the referee: frames on a socket, calls that nest.

Each end asks and answers. A question carries what changed in the objects both ends know since they last agreed, and
so does an answer, so that a call works on the caller's arrays and dicts although they live in another process
(call by copy-restore).
"""

import struct

import msgpack

from cs231n_kit.grading.referee.values import (
    Book,
    Reader,
    ValuesError,
    Writer,
    error_to_plain,
    place_of_refused,
)

SMALL, LARGE = 2**16, 2**22  # bytes
FRAME = struct.Struct("!IQ")  # bytes of the head, bytes of the arrays behind it


class LinkClosed(ConnectionError):
    """The other end is gone, or said something that is not understood."""


class Link:
    """One end. Subclasses say what a handle is and which questions they answer."""

    def __init__(self, sock, limits, sign):
        self.sock, self.limits = sock, limits
        self.book = Book(sign)
        self.came = bytearray()  # read from the socket and not yet asked for
        self.depth = 0
        self.owed = [], []  # unused objects and handles that the other end was not told of yet
        self.closed = False

    # --- what the two ends do differently ---------------------------------------------------------------------

    def foreign_node(self, obj):
        """Return the node of an object that is no plain value."""
        raise NotImplementedError

    def foreign(self, node):
        """Return what a node of the other end's `foreign_node` stands for."""
        raise NotImplementedError

    def answer(self, operation, arguments):
        """Do what the other end asks; returns (result, whether the result stays shared)."""
        raise NotImplementedError

    def unused(self):
        """Return the numbers of shared objects and of handles that this end needs no more."""
        return [], []

    def forget(self, handles):
        """Forget handles that the other end needs no more."""

    def failed(self, error):
        """Return what is said of an exception that an answer ended with."""
        return error_to_plain(error)

    def raise_failure(self, failure):
        """Raise what the other end's `failed` describes."""
        raise NotImplementedError

    # --- talking ----------------------------------------------------------------------------------------------

    def ask(self, operation, *arguments, live=False):
        """Ask the other end to do something and return its result, answering its questions meanwhile."""
        if self.closed:
            raise LinkClosed("the student's code is not running any more")
        if self.depth >= self.limits.call_depth:
            raise RecursionError(f"calls between test and answer nest deeper than {self.limits.call_depth}")
        self.depth += 1
        try:
            self._send("ask", [operation, live], arguments, self.depth)
            while True:
                kind, head, body = self._receive(0 if live else self.depth)
                if kind == "ask":
                    self._answer(head, body)
                elif kind == "ok":
                    return body
                elif kind == "error":
                    self.raise_failure(body)
                else:
                    raise self.close("an answer came that is none")
        finally:
            self.book.close_scope(self.depth)
            self.depth -= 1

    def _answer(self, head, arguments):
        """Answer one question whose arguments have been read."""
        operation, live = head
        self.depth += 1
        try:
            if self.depth > self.limits.call_depth:
                raise RecursionError(
                    f"calls between test and answer nest deeper than {self.limits.call_depth}"
                )
            result, kind = self.answer(operation, arguments), "ok"
        except LinkClosed:
            raise
        except BaseException as error:
            result, kind = self.failed(error), "error"
        try:
            try:
                self._send(kind, None, result, 0 if live and kind == "ok" else self.depth)
            except LinkClosed:
                raise
            except Exception as error:  # whatever the value is: it costs this call alone
                self._send("error", None, self.failed(_unwritable(error, result)), self.depth)
        finally:
            self.book.close_scope(self.depth)
            self.depth -= 1

    def _send(self, kind, head, body, scope):
        """Write one frame: what changed, then the body."""
        writer = Writer(self.book, self.foreign_node, self.limits)
        try:
            changes = writer.changes()
            if writer.refused and kind != "error":
                raise writer.refused
            for owed, new in zip(self.owed, self.unused(), strict=True):
                owed += new
            tree = writer.write(body, scope)
            packed = msgpack.packb([kind, head, *self.owed, changes, tree])
            size = sum(blob.size for blob in writer.blobs)
            if size > self.limits.value_bytes or len(packed) > self.limits.value_bytes // 8:
                raise ValuesError(f"the value is larger than {self.limits.value_bytes // 2**20} MiB")
        except BaseException:
            writer.roll_back()  # nothing of it is sent, so nothing of it is known
            raise
        writer.commit()
        self.owed = [], []
        try:
            parts = [FRAME.pack(len(packed), size), packed, *(blob.data for blob in writer.blobs)]
            for part in parts if size > SMALL else [b"".join(parts)]:
                self.sock.sendall(part)
        except OSError as error:
            raise self.close(f"the student's code stopped: {error}") from None

    def _receive(self, result_scope):
        """Read one frame and apply its changes; returns (kind, head, body)."""
        packed, blob = self._frame()
        try:
            kind, head, unused, handles, changes, tree = msgpack.unpackb(packed)
            if (
                kind not in ("ask", "ok", "error", "bye")
                or type(unused) is not list
                or type(handles) is not list
            ):
                raise ValuesError("a message of no known kind came")
            if kind == "ask" and [type(part) for part in head] != [str, bool]:
                raise ValuesError("a question came that is none")
            reader = Reader(self.book, self.foreign, self.foreign_node, self.limits, blob)
            reader.apply(changes)
            self.book.drop(unused)
            self.forget(handles)
            scope = self.depth + 1 if kind == "ask" else result_scope if kind == "ok" else self.depth
            return kind, head, reader.read(tree, scope)
        except LinkClosed:
            raise
        except Exception as error:  # whatever a hostile frame provokes: this conversation is over
            raise self.close(f"the answer could not be read: {error}") from None

    def _frame(self):
        head, size = FRAME.unpack(self._bytes(FRAME.size))
        if head > self.limits.value_bytes // 8 or size > self.limits.value_bytes:
            raise self.close(f"a value of more than {self.limits.value_bytes // 2**20} MiB came")
        return self._bytes(head), self._bytes(size)

    def _bytes(self, count):
        """Read so many bytes; what came already is kept when an interrupt comes in between."""
        while len(self.came) < count:
            try:
                got = self.sock.recv(max(SMALL, min(count - len(self.came), LARGE)))
            except OSError as error:
                raise self.close(f"the student's code stopped: {error}") from None
            if not got:
                raise self.close("the student's code stopped")
            self.came += got
        taken = self.came[:count]
        del self.came[:count]
        return taken

    def close(self, reason):
        """Close the conversation; returns the exception to raise."""
        self.closed = True
        self.sock.close()
        return LinkClosed(reason)


def _unwritable(error, result):
    """Return the error of a result that cannot cross, with the place in it that is to blame."""
    try:
        place = place_of_refused(result)
    except Exception:  # the repr of a key is the student's code
        place = ""
    return ValuesError(f"at {place} of the result: {error}" if place else str(error))
