"""Grade one transplanted notebook: a pure function, bytes in and JSON out, that runs on any executor.

The student's cells run in a boxed kernel, the instructor's tests in a referee. The outcome is the executed notebook,
in which a test cell has the outputs that nbgrader scores, and what the report says of each test.
"""

import asyncio
import json
import os
import shutil
import tempfile
import time
from dataclasses import asdict
from pathlib import Path

import nbformat
from nbformat.v4 import new_output
from nbgrader.utils import determine_grade

from cs231n_kit.grading.autograde.bounds import bounded, kind_of
from cs231n_kit.grading.autograde.kernel import StudentKernel, error
from cs231n_kit.grading.intake.transplant import is_hidden
from cs231n_kit.grading.limits import Limits
from cs231n_kit.grading.referee.grader import RefereeProcess
from cs231n_kit.grading.source import grade_id
from cs231n_kit.notebooks.read import as_python
from cs231n_kit.source import definitions, opaque_in

# Of what a rule about sources cannot see through in a function: what binds no name of the notebook's.
HARMLESS = {"`import *`", "`locals`", "`compile`", "`f_locals`", "`getattr` with a name that is built"}
MODULE = "__import__('cs231n_kit.grading.referee.student', fromlist=['link_to'])"
SEED = "__import__('random').seed({seed}), __import__('numpy').random.seed({seed} % 2**32)"


def grade(job):
    """Grade one submission.

    Parameters
    ----------
    job : bytes, JSON: notebook (text), roles (one a cell), asked (grade_id of an answer -> names that the exercise
        asks for), limits, seed, box (traits of `BoxProvisioner`), referees (where their forker listens)

    Returns
    -------
    str, JSON: notebook (text, executed), tests (a list: grade_id, points, score, error, call, seconds, output, hidden),
    seconds, dead (why the student's kernel ended early, or null)
    """
    return asyncio.run(_Grading(json.loads(job)).run())


class _Grading:
    def __init__(self, job):
        self.notebook = nbformat.reads(job["notebook"], as_version=4)
        self.roles, self.seed, self.box = job["roles"], job["seed"], job["box"]
        self.asked, self.referees = job["asked"], job["referees"]
        self.limits = Limits(**job["limits"])
        self.tests, self.definitions = [], {}
        self.opaque = []  # what in the student's cells may have changed what names mean
        self.lost = False  # whether the line to the student's process is closed
        self.started = time.perf_counter()

    async def run(self):
        """Run all cells and return the outcome as JSON."""
        private = Path(tempfile.mkdtemp(prefix="cs231n-bridge-"))
        self.kernel = StudentKernel(self.limits, self.box)
        folder, inside = self.kernel.share(private)
        environment = {"CS231N_NOTEBOOKS": self.box.get("notebooks", "")}
        environment |= {"CS231N_DATA": self.box["datasets"]} if self.box.get("datasets") else {}
        work = self.box.get("work") or folder
        settings = folder / "referee", self.limits, self.seed, work, environment
        self.referee = RefereeProcess(self.referees, *settings)
        try:
            await self.kernel.start()
            await self.referee.start(self.limits.startup_seconds)
            await self._connect(inside / "referee")
            for cell, role in zip(self.notebook.cells, self.roles, strict=True):
                await self._run_cell(cell, role)
        finally:
            await self.kernel.close()
            self.referee.close()
            shutil.rmtree(private, ignore_errors=True)
        return json.dumps(
            {
                "notebook": nbformat.writes(self.notebook),
                "tests": self.tests,
                "seconds": time.perf_counter() - self.started,
                "dead": self.kernel.dead,
            }
        )

    async def _connect(self, bridge):
        """Let the student's process take its end of the line, before any of the student's code runs."""
        self.link = f"{MODULE}.link_to({str(bridge)!r}, {tuple(asdict(self.limits).items())!r})"
        self.referee.send("connect", self.limits.startup_seconds)
        outputs = await self.kernel.run(
            f"{self.link}; {SEED.format(seed=self.seed)};", self.limits.startup_seconds
        )
        if await self.referee.answer(self.limits.grace_seconds) is None or self.kernel.dead:
            raise RuntimeError(f"the student's kernel could not reach the referee: {outputs}")

    async def _run_cell(self, cell, role):
        seconds = min(self.limits.seconds_for(cell), self._left())
        if role == "test":
            await self._run_test(cell, max(seconds, 0.0))
        elif role in ("setup", "shared", "answer", "scratch"):
            if seconds <= 0:
                cell.outputs = [error("TimeoutError", "not run: the notebook's time was up")]
                return
            if role in ("setup", "shared"):
                await self._set_up(cell, role)
            if role == "answer":
                # What the exercise asks for is the student's from here on, and nothing else that the cell binds.
                names = self.asked.get(grade_id(cell), [])
                await self.referee.do("forget", names, seconds=self.limits.cell_seconds)
            text = as_python(cell.source) or ""
            self.definitions.update(definitions(text))
            if role in ("answer", "scratch"):
                self.opaque += _opaque(text)
            cell.outputs = await self.kernel.run(cell.source, seconds)

    def _left(self):
        return self.limits.notebook_seconds - (time.perf_counter() - self.started)

    async def _set_up(self, cell, role):
        name, seconds = grade_id(cell) or cell.id, 2 * self.limits.seconds_for(cell)
        result = await self.referee.do("set_up", name, cell.source, role == "shared", seconds=seconds)
        if result["error"] and role == "setup":
            raise RuntimeError(
                f"the instructor's cell {name} fails: {result['error'][0]}: {result['error'][1]}"
            )

    async def _run_test(self, cell, seconds):
        """Run a test in the referee while the student's kernel serves it."""
        name = grade_id(cell)
        served = []
        result = None
        if self.lost:
            result = {
                "error": ["LinkClosed", "the student's process stopped answering in an earlier test", []],
                "value": None,
                "output": "",
                "seconds": 0.0,
                "call": None,
            }
        elif seconds > 0:
            serving = asyncio.ensure_future(self.kernel.run(f"{self.link}.serve()"))
            self.referee.send("test", name, cell.source, self.definitions, self.opaque)
            result = await self._result(seconds)
            served = await self._end_serving(serving)
            self.lost = result is None or result["lost"]
        if result is None:
            reason = (
                "the notebook's time was up" if seconds <= 0 else f"the test took longer than {seconds:g} s"
            )
            result = {
                "error": ["TimeoutError", reason, []],
                "value": None,
                "output": "",
                "seconds": seconds,
                "call": None,
            }
        if self.kernel.dead and result["error"] and result["error"][0] == "LinkClosed":
            result["error"][:2] = ["DeadKernelError", self.kernel.dead]
        cell.outputs = outputs_of(result)
        self._note(cell, result, served)

    async def _result(self, seconds):
        """Wait for a test's result; stop the student's code, then the test, then end first one and then the other."""
        grace = self.limits.grace_seconds
        for patience, stop in (
            (seconds, self.kernel.interrupt),
            (grace, self._interrupt_referee),
            (grace, self._kill_kernel),
            (grace, None),
        ):
            result = await self.referee.answer(patience)
            if result is not None:
                return result[0]
            if not self.referee.is_alive():
                break
            if stop:
                await stop()
        self.referee.kill()
        await self._kill_kernel()
        return None

    async def _interrupt_referee(self):
        self.referee.interrupt()

    async def _kill_kernel(self):
        await self.kernel.kill("a function ran on when it was asked to stop, and was ended")

    async def _end_serving(self, serving):
        """Wait until the student's kernel stops serving; a kernel that does not is ended."""
        for stop in (self.kernel.interrupt, self._kill_kernel, None):
            await asyncio.wait({serving}, timeout=2 * self.limits.grace_seconds)
            if serving.done():
                return serving.result()
            if stop:
                await stop()
        serving.cancel()
        return []

    def _note(self, cell, result, served):
        try:
            score, points = determine_grade(cell)
        except (ValueError, KeyError):  # more partial credit than there are points
            cell.outputs.append(
                error("ValueError", "the test returned more partial credit than it has points")
            )
            cell.outputs = [output for output in cell.outputs if output.output_type != "execute_result"]
            score, points = 0.0, cell.metadata.nbgrader.points
        hidden = is_hidden(cell)
        trouble = "".join(o.get("text", "") for o in served if o.output_type == "stream")
        self.tests.append(
            {
                "grade_id": grade_id(cell),
                "points": points,
                "score": score,
                "error": result["error"] and result["error"][:2],
                "shown": result["error"] and shown(result, cell.source, hidden),
                "output": result["output"],
                "call": bounded(result["call"], cell.source) if result["call"] else None,
                "seconds": result["seconds"],
                "hidden": hidden,
                "printed": trouble[:4000],  # for the instructor: it may be a hidden test's own numbers
            }
        )


def _opaque(source):
    """What in a cell of the student's may change what names mean; a cell that is no Python changes nothing."""
    try:
        return [which for _, which in opaque_in(source) if which not in HARMLESS]
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return []


def shown(result, source, hidden):
    """Return what a test's error says to the student: nothing that the student's code worded.

    That holds for visible checks too: their words are the student's to see at home, but here the student's code may
    have kept what a hidden test gave it.
    """
    kind, message = result["error"][:2]
    if kind == "CheckFailed" or (kind == "AssertionError" and not hidden):
        return bounded(message, source)
    # A bare assertion's message may be a hidden test's own text.
    return f"{kind_of(kind)} in your code" if result.get("theirs") else kind_of(kind)


def outputs_of(result):
    """Return a test's result as the outputs of a cell that nbgrader scores."""
    outputs = []
    if result["output"]:
        outputs.append(new_output("stream", name="stdout", text=result["output"]))
    if result["error"]:
        name, message, lines = result["error"]
        outputs.append(error(name, message, lines))
    elif result["value"] is not None:
        outputs.append(new_output("execute_result", {"text/plain": result["value"]}, execution_count=None))
    return outputs


def environment_key():
    """Return what identifies the software that grades."""
    from importlib.metadata import distributions

    installed = sorted({f"{d.metadata['Name']}=={d.version}" for d in distributions()})
    return "\n".join([*installed, *os.uname()])
