"""What a submission may cost: time, memory, output, size; ``c.Limits.cell_seconds = 60`` in `nbgrader_config.py`."""

import re
from dataclasses import dataclass, fields

MIB = 2**20
SECONDS_TAG = re.compile(r"seconds=(\d+)")


@dataclass(frozen=True)
class Limits:
    """Budgets of one submission; sizes in bytes, times in seconds of wall clock unless said otherwise."""

    # running
    cell_seconds: float = 60
    notebook_seconds: float = 600
    startup_seconds: float = 60
    grace_seconds: float = 2  # between asking code to stop and killing it
    output_bytes: int = 2 * MIB  # of one cell
    # the box
    memory_bytes: int = 2048 * MIB
    processes: int = 64
    cpu_seconds: int = 1200  # processor time of one process
    file_bytes: int = 64 * MIB
    scratch_bytes: int = 256 * MIB  # of each folder that can be written to
    # what crosses between student and referee, one message
    value_bytes: int = 256 * MIB
    value_nodes: int = 1_000_000
    value_depth: int = 40
    call_depth: int = 20
    # what is taken in
    notebook_bytes: int = 20 * MIB
    notebook_cells: int = 2000
    notebook_depth: int = 60
    notebook_parts: int = 500_000  # lists and objects of its JSON
    source_bytes: int = 2 * MIB  # of all its cells together
    folder_files: int = 1000
    archive_bytes: int = 100 * MIB

    @classmethod
    def of(cls, config):
        """Read the `Limits` section of a traitlets configuration, and refuse names and values that mean nothing."""
        given = dict(config.get("Limits", {}))
        known = {field.name for field in fields(cls)}
        for name, value in given.items():
            if name not in known:
                raise ValueError(f"c.Limits.{name} is no limit. There are: {', '.join(sorted(known))}")
            if isinstance(value, bool) or not isinstance(value, (int, float)) or value <= 0:
                raise ValueError(f"c.Limits.{name} must be a positive number, not {value!r}")
        return cls(**given)

    def seconds_for(self, cell):
        """Return the budget of a cell: the instructor's tag ``seconds=120``, or the common one."""
        for tag in cell.metadata.get("tags", []):
            match = SECONDS_TAG.fullmatch(tag)
            if match:
                return float(match[1])
        return float(self.cell_seconds)
