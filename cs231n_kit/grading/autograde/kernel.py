"""The student's kernel as the grader drives it: budgets of time and output, and death as a result."""

import asyncio
import contextlib

import zmq.asyncio
from jupyter_client.kernelspec import KernelSpecManager
from jupyter_client.manager import AsyncKernelManager
from nbclient import NotebookClient
from nbclient.exceptions import DeadKernelError
from nbformat.v4 import new_code_cell, new_notebook, new_output
from traitlets.config import Config

from cs231n_kit.grading.box import warm
from cs231n_kit.grading.box.provisioner import KERNEL, KERNELS

LARGEST_MESSAGE = 16 * 2**20
WAITING_MESSAGES = 200
FLOOD = 20  # times the budget of output: then the code is stopped, not only its output dropped


class MeteredClient(NotebookClient):
    """Collects a cell's output up to a number of bytes."""

    budget = seen = 0
    flooded = None

    def process_message(self, msg, cell, cell_index):
        if msg["msg_type"] == "status":
            return super().process_message(msg, cell, cell_index)
        before, size = self.seen, len(repr(msg["content"]))
        self.seen += size
        if self.seen <= self.budget:
            return super().process_message(msg, cell, cell_index)
        if before <= self.budget:
            cell.outputs.append(new_output("stream", name="stderr", text="[more output than is kept]\n"))
        if self.seen > FLOOD * self.budget:
            self.flooded.set()
        return None


class StudentKernel:
    """A boxed kernel for one submission."""

    def __init__(self, limits, box):
        """Take limits and traits of `BoxProvisioner`; `box["warm"]` is the folder of a warm box, if any."""
        self.limits, self.box = limits, {name: value for name, value in box.items() if name != "warm"}
        self.dead = None  # why nothing runs any more
        self.context = None
        self.room = (
            warm.make_room(box["warm"]) if box.get("warm") else None
        )  # its path on the host and in the box

    def share(self, private):
        """Make a folder that the kernel can read: returns its path on the host, and where the kernel finds it."""
        if self.room:
            host, inside = (path / "shared" for path in self.room)
        else:
            host = inside = private / "shared"  # on the host nobody else gets past `private`
            self.box["readable"] = [str(host)]
        host.mkdir(mode=0o755)
        host.chmod(0o755)
        return host, inside

    async def start(self):
        """Start the kernel in its box; raises when the host cannot."""
        context = zmq.asyncio.Context()
        context.setsockopt(zmq.MAXMSGSIZE, LARGEST_MESSAGE)
        context.setsockopt(zmq.RCVHWM, WAITING_MESSAGES)
        context.setsockopt(zmq.LINGER, 0)
        self.context = context
        self.manager = AsyncKernelManager(
            kernel_name=KERNEL,
            kernel_spec_manager=KernelSpecManager(kernel_dirs=[str(KERNELS)]),
            config=Config({"BoxProvisioner": {**self.box, "room": str(self.room[0]) if self.room else ""}}),
            context=context,
        )
        self.client = MeteredClient(
            new_notebook(cells=[new_code_cell()]),
            km=self.manager,
            allow_errors=True,
            timeout=None,
            startup_timeout=int(self.limits.startup_seconds),
            coalesce_streams=True,
            record_timing=False,
            store_widget_state=False,
            skip_cells_with_tag="",
            iopub_timeout=2,
        )
        await self.client.async_start_new_kernel()
        await self.client.async_start_new_kernel_client()

    async def run(self, source, seconds=None):
        """Run a text as a cell; returns its outputs. Time over or death are error outputs."""
        if self.dead:
            return [error("DeadKernelError", f"not run: {self.dead}")]
        cell = new_code_cell(source)
        client = self.client
        client.nb.cells[0] = cell
        client.reset_execution_trackers()
        client.budget, client.seen, client.flooded = self.limits.output_bytes, 0, asyncio.Event()
        running = asyncio.ensure_future(client.async_execute_cell(cell, 0))
        flooded = asyncio.ensure_future(client.flooded.wait())
        await asyncio.wait({running, flooded}, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        flooded.cancel()
        problem = None
        if not running.done():
            problem = error("TimeoutError", f"the cell took longer than {seconds:g} s and was stopped")
            if client.flooded.is_set():
                problem = error("OutputError", "the cell wrote far more output than is kept and was stopped")
            await self._stop(running)
        with contextlib.suppress(asyncio.CancelledError):
            try:
                await running
            except DeadKernelError:
                await self._die(problem)
            except Exception as broken:  # what the kernel sends is the student's to forge
                await self.kill(f"the kernel answered nonsense ({type(broken).__name__})")
        outputs = list(cell.outputs)
        if problem is not None:
            outputs = [output for output in outputs if output.output_type != "error"] + [problem]
        elif self.dead:
            outputs.append(error("DeadKernelError", self.dead))
        return outputs

    async def _stop(self, running):
        """Ask running code to stop, and kill the kernel if it does not."""
        await self.interrupt()
        await asyncio.wait({running}, timeout=self.limits.grace_seconds)
        if not running.done():
            await self.kill("it ran on when it was asked to stop, and was ended")
            await asyncio.wait({running}, timeout=self.limits.grace_seconds)
            running.cancel()

    async def _die(self, problem):
        provisioner = self.manager.provisioner
        reason = getattr(provisioner, "killed_for", None)
        self.dead = self.dead or (f"it took {reason}" if reason else "the kernel died")

    async def interrupt(self):
        """Interrupt what runs; the message crosses the box, a signal would not."""
        with contextlib.suppress(Exception):
            await self.manager.interrupt_kernel()

    async def kill(self, reason):
        """End the box."""
        self.dead = self.dead or reason
        with contextlib.suppress(Exception):
            await self.manager.provisioner.kill()

    async def close(self):
        """End the kernel and remove its box."""
        with contextlib.suppress(Exception):
            if self.client.kc is not None:
                self.client.kc.stop_channels()
        with contextlib.suppress(Exception):
            await self.manager.shutdown_kernel(now=True)
        if self.room:
            warm.leave(self.room[0])
        if self.context is not None:
            self.context.destroy(linger=0)


def error(name, message, lines=()):
    """Return an error output."""
    return new_output("error", ename=name, evalue=message, traceback=list(lines) or [f"{name}: {message}"])
