"""What grading leans on in Jupyter's libraries beyond their documentation: one test each, which names what broke.

`make test-newest` runs these first, against the newest versions.
"""

import ast
import inspect
from pathlib import Path

import pytest
from ipykernel.kernelbase import Kernel
from jupyter_client.manager import AsyncKernelManager
from jupyter_client.provisioning import LocalProvisioner
from nbclient import NotebookClient
from nbformat.v4 import new_code_cell, new_notebook, new_output
from nbgrader.api import Gradebook, SourceCell
from nbgrader.preprocessors import AssignLatePenalties, SaveAutoGrades
from nbgrader.utils import determine_grade

import cs231n_kit.grading
from cs231n_kit.grading.autograde.kernel import MeteredClient
from cs231n_kit.grading.box.provisioner import BoxProvisioner


def test_nbclient_hands_every_message_to_process_message():
    """`MeteredClient` counts a cell's output there."""
    assert list(inspect.signature(NotebookClient.process_message).parameters) == [
        "self",
        "msg",
        "cell",
        "cell_index",
    ]
    assert "self.process_message(" in inspect.getsource(NotebookClient)
    assert MeteredClient.process_message is not NotebookClient.process_message


def test_nbclient_drops_an_output_for_which_process_message_returns_none():
    client = MeteredClient(new_notebook(cells=[new_code_cell("1")]))
    client.budget = 10
    cell = client.nb.cells[0]
    message = {
        "msg_type": "stream",
        "content": {"name": "stdout", "text": "x" * 100},
        "header": {},
        "parent_header": {},
    }
    client.flooded = type("Event", (), {"set": lambda self: None})()
    assert client.process_message(message, cell, 0) is None
    assert [output.name for output in cell.outputs] == ["stderr"]


def test_jupyter_client_asks_the_provisioner_for_the_command_line():
    """`BoxProvisioner` wraps it in `pre_launch`, and starts the watch in `launch_kernel`."""
    for method in ("pre_launch", "launch_kernel", "cleanup", "kill"):
        assert inspect.iscoroutinefunction(getattr(LocalProvisioner, method)), method
    assert issubclass(BoxProvisioner, LocalProvisioner)
    assert "cmd" in inspect.signature(LocalProvisioner.launch_kernel).parameters
    assert hasattr(LocalProvisioner, "process")


@pytest.mark.parametrize("trait", ["transport", "ip", "connection_file", "cache_ports"])
def test_jupyter_clients_manager_has_the_traits_that_make_sockets_private(trait):
    assert AsyncKernelManager.class_traits().keys() >= {trait}


def test_ipykernel_is_interrupted_by_a_message():
    """A signal does not cross the box."""
    assert "interrupt_request" in Kernel.control_msg_types


def test_nbgrader_scores_a_cell_by_its_outputs():
    cell = new_code_cell(
        "x", metadata={"nbgrader": {"grade": True, "solution": False, "locked": True, "points": 4}}
    )
    cell.metadata.nbgrader |= {
        "grade_id": "a",
        "schema_version": 3,
        "task": False,
        "cell_type": "code",
        "checksum": "",
    }
    assert determine_grade(cell) == (4, 4)
    cell.outputs = [new_output("execute_result", {"text/plain": "1.5"}, execution_count=1)]
    assert determine_grade(cell) == (1.5, 4)
    cell.outputs = [new_output("error", ename="E", evalue="", traceback=[])]
    assert determine_grade(cell) == (0, 4)
    cell.outputs = [new_output("execute_result", {"text/plain": "5"}, execution_count=1)]
    with pytest.raises(ValueError, match="greater"):
        determine_grade(cell)


@pytest.mark.parametrize("step", [SaveAutoGrades, AssignLatePenalties])
def test_nbgraders_steps_take_a_notebook_and_resources(step):
    assert list(inspect.signature(step.preprocess).parameters) == ["self", "nb", "resources"]
    assert not {"path", "db"} & inspect.signature(step.__init__).parameters.keys()


@pytest.mark.parametrize(
    "name",
    ["find_submission_notebook", "assignment_submissions", "update_or_create_submission", "find_notebook"],
)
def test_nbgraders_gradebook_has_what_recording_calls(name):
    assert callable(getattr(Gradebook, name))


def test_nbgrader_keeps_the_text_and_the_checksum_of_released_cells():
    """The hidden tests of a release come from there."""
    assert {"source", "checksum", "name"} <= set(SourceCell.__mapper__.columns.keys())


def test_no_private_name_of_jupyters_is_used_anywhere_in_grading():
    own = Path(cs231n_kit.grading.__file__).parent
    found = []
    for path in own.rglob("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        jupyters = {
            alias.asname or alias.name
            for node in ast.walk(tree)
            if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] in JUPYTER
            for alias in node.names
        }
        found += [
            f"{path.name}: {node.value.id}.{node.attr}"
            for node in ast.walk(tree)
            if isinstance(node, ast.Attribute)
            and isinstance(node.value, ast.Name)
            and node.value.id in jupyters
            and node.attr.startswith("_")
        ]
    assert found == []


JUPYTER = ("nbgrader", "nbclient", "jupyter_client", "ipykernel", "nbformat")
