"""The referee as the grader drives it: a process forked from a warm one, commands through a line, budgets of time."""

import asyncio
import contextlib
import os
import select
import signal

from cs231n_kit.grading.referee import forker


class RefereeProcess:
    """One referee, for one submission."""

    def __init__(self, referees, path, limits, seed, folder, environment):
        """Ask the forker that listens at `referees` for one; it will listen for the student's process at `path`."""
        self.commands = forker.connect(referees)
        self.commands.send((str(path), limits, seed, str(folder), environment))
        self.handle = None

    async def start(self, seconds):
        """Wait until it listens; raises when it does not."""
        answer = await self.answer(seconds)
        if answer is None:
            raise RuntimeError("the referee did not start")
        self.handle = os.pidfd_open(answer[1])

    async def answer(self, seconds):
        """Wait for an answer; returns it as a tuple, or None if it takes longer or the process is gone."""
        loop = asyncio.get_running_loop()
        came = loop.create_future()
        loop.add_reader(self.commands.fileno(), lambda: came.done() or came.set_result(True))
        try:
            await asyncio.wait({came}, timeout=seconds)
        finally:
            loop.remove_reader(self.commands.fileno())
        try:
            return self.commands.recv() if came.done() else None
        except (EOFError, OSError):
            return None

    def send(self, method, *arguments):
        """Give a command; its answer is waited for with `answer`."""
        with contextlib.suppress(OSError):
            self.commands.send((method, *arguments))

    async def do(self, method, *arguments, seconds):
        """Give a command of the grader's own and return its answer; raises when there is none."""
        self.send(method, *arguments)
        answer = await self.answer(seconds)
        if answer is None:
            raise TimeoutError(f"the referee did not finish {method} within {seconds:g} s")
        return answer[0]

    def interrupt(self):
        """Stop the test that runs."""
        self._signal(signal.SIGINT)

    def is_alive(self):
        """Whether it still runs."""
        return self.handle is not None and not select.select([self.handle], [], [], 0)[0]

    def kill(self):
        """End the process at once."""
        self._signal(signal.SIGKILL)

    def close(self):
        """End the process and the line to it."""
        self.kill()
        self.commands.close()
        if self.handle is not None:
            os.close(self.handle)
            self.handle = None

    def _signal(self, number):
        if self.handle is not None:
            with contextlib.suppress(ProcessLookupError):
                signal.pidfd_send_signal(self.handle, number)
