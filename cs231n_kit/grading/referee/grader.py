"""The referee as the grader drives it: a process forked from a warm one, commands through a pipe, budgets of time."""

import asyncio
import contextlib
import multiprocessing
import os
import signal

from cs231n_kit.grading.referee import process


def warm():
    """Return the context whose processes are forked from one that has imported everything and run nothing."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(process.PRELOAD)
    return context


class RefereeProcess:
    """One referee, for one submission."""

    def __init__(self, path, limits, seed, folder, environment):
        self.limits = limits
        self.commands, theirs = multiprocessing.Pipe()
        arguments = (theirs, str(path), limits, seed, str(folder), environment)
        self.process = warm().Process(target=process.main, args=arguments)
        self.process.start()
        theirs.close()

    async def answer(self, seconds):
        """Wait for an answer; returns it as a tuple of one, or None if it takes longer or the process is gone."""
        try:
            if await asyncio.to_thread(self.commands.poll, seconds):
                return self.commands.recv()
        except (EOFError, OSError):
            await asyncio.sleep(0)
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
        with contextlib.suppress(OSError):
            os.kill(self.process.pid, signal.SIGINT)

    def close(self):
        """End the process."""
        self.commands.close()
        self.process.kill()
        self.process.join()
