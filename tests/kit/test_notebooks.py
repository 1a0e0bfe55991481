"""load_functions: what it takes from an earlier notebook, what it leaves alone, and what it says when it cannot."""

import inspect
import os
import shutil
import subprocess
import sys
import textwrap
import time
import traceback
from pathlib import Path

import nbformat
import numpy as np
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from cs231n_kit.notebooks import NotebookError, load_functions


def write(course, assignment, *cells, name=None):
    """A notebook of code cells; (grade_id, source) where a cell has an id."""
    notebook = new_notebook(cells=[new_markdown_cell("# Title")])
    for cell in cells:
        grade_id, source = cell if isinstance(cell, tuple) else (None, cell)
        metadata = {"nbgrader": {"grade_id": grade_id}} if grade_id else {}
        notebook.cells.append(new_code_cell(textwrap.dedent(source).strip("\n"), metadata=metadata))
    folder = course / assignment
    folder.mkdir(exist_ok=True)
    path = folder / f"{name or assignment.split('-', 1)[1]}.ipynb"
    nbformat.write(notebook, path)
    return path


@pytest.fixture
def course(tmp_path, monkeypatch):
    """A folder of assignments; the notebook that asks is 04-next."""
    (tmp_path / "04-next").mkdir()
    monkeypatch.chdir(tmp_path / "04-next")
    monkeypatch.delenv("CS231N_NOTEBOOKS", raising=False)
    return tmp_path


def refused(*request):
    with pytest.raises(NotebookError) as caught:
        load_functions(*request)
    return str(caught.value)


STUB = '''
    def relu(x):
        """Maximum of 0 and x."""
        raise NotImplementedError("write your code here")
    '''


def test_functions_classes_and_constants_come_with_what_they_need(course, capsys):
    write(
        course,
        "03-backprop",
        "%matplotlib inline\nimport numpy as np\nfrom functools import partial",
        "EPS = np.float32(1) * 3\nSIZES = {'small': 2}\nSIZES['big'] = 5",
        "def helper(x):\n    return x * EPS",
        "def scaled(x):\n    return helper(np.asarray(x))",
        "class Base:\n    size = SIZES['big']",
        "class Net(Base):\n    def grow(self):\n        return self.size + 1",
        "def double(net):\n    return net.grow() * 2\n\nNet.double = double",
        "triple = partial(lambda n, x: n * x, 3)",
    )
    scaled, net, sizes = load_functions("03-backprop", "scaled", "Net", "SIZES")
    assert scaled([1.0])[0] == 3
    assert net().double() == 12 and sizes["big"] == 5
    assert load_functions("03-backprop", "triple")(5) == 15  # one name: the object itself
    assert "✓ scaled, Net, SIZES from 03-backprop/backprop.ipynb  (saved just now)" in capsys.readouterr().out


def test_nothing_else_runs(course):
    write(
        course,
        "03-backprop",
        "!touch ran_shell",
        "%%bash\ntouch ran_bash",
        "%%time\ndef timed():\n    return 4",
        "%cd /\nimport pathlib",
        "pathlib.Path('ran_expression').touch()",
        "result = pathlib.Path('ran_assignment').touch()",
        "for i in range(3):\n    pathlib.Path('ran_loop').touch()",
        "with open('ran_with', 'w') as f:\n    pass",
        "import not_installed_anywhere",
        "def train():\n    pathlib.Path('ran_training').touch()\n\nhistory = train()\ntrain()",
        "def f():\n    return timed() + 1",
        "print(undefined_name)",
    )
    assert load_functions("03-backprop", "f")() == 5
    train = load_functions("03-backprop", "train")
    assert list((course / "04-next").iterdir()) == []
    train()
    assert [path.name for path in (course / "04-next").iterdir()] == ["ran_training"]


def test_the_last_definition_counts_and_an_earlier_one_is_not_needed(course):
    write(
        course,
        "03-backprop",
        "def f():\n    return W",
        "W = open('somewhere').read()",
        "def f():\n    return H + 1",
        "H = 1",
        "def g(h=H):\n    return h",
        "H = 7",
    )
    f, g = load_functions("03-backprop", "f", "g")
    assert f() == 8 and g() == 1


def test_conditional_imports_and_definitions(course):
    write(
        course,
        "03-backprop",
        "try:\n    import no_such_package as fast\nexcept ImportError:\n    fast = None",
        "if fast is None:\n    def f():\n        return 1\nelse:\n    def f():\n        return 2",
        "from math import *",
        "def g():\n    return floor(2.5)",
    )
    f, g = load_functions("03-backprop", "f", "g")
    assert f() == 1 and g() == 2


def test_local_names_are_not_mistaken_for_results_of_running_code(course):
    write(
        course,
        "03-backprop",
        "x = open('data').read()\nloss = [open(c) for c in x]",
        "def f(x):\n    loss = sum(x for x in x)\n    def inner():\n        return loss\n    return inner()",
    )
    assert load_functions("03-backprop", "f")([1, 2]) == 3


def test_the_notebooks_own_load_functions_are_followed_as_far_as_they_are_needed(course):
    write(course, "01-first", ("relu", STUB), ("double", "def double(x):\n    return 2 * x"))
    write(
        course,
        "02-second",
        "from cs231n_kit.notebooks import load_functions",
        "twice, relu = load_functions('01-first', 'double', 'relu')",
        "nothing = load_functions('00-missing', 'f')",
        "def four(x):\n    return twice(twice(x))",
    )
    write(
        course,
        "03-third",
        "from cs231n_kit import notebooks\nfour = notebooks.load_functions('02-second', 'four')",
        "def eight(x):\n    return 2 * four(x)",
    )
    assert load_functions("03-third", "eight")(1) == 8


def test_a_missing_answer_deep_down_is_told_when_it_is_called(course):
    write(course, "01-first", ("relu", STUB))
    write(
        course,
        "02-second",
        "from cs231n_kit.notebooks import load_functions\nrelu = load_functions('01-first', 'relu')",
        ("norm", 'def norm(x):\n    raise NotImplementedError("write your code here")'),
        "def net(x, kind=None):\n    if kind == 'norm':\n        x = norm(x)\n    return relu(x) if kind else x",
    )
    net = load_functions("02-second", "net")
    assert net(3) == 3
    with pytest.raises(
        NotImplementedError, match=r"01-first/first.ipynb, cell 2 \(relu\): 'relu' is still to be"
    ):
        net(3, "relu")
    with pytest.raises(NotImplementedError, match=r"02-second/second.ipynb, cell 3 \(norm\).*Ctrl\+S"):
        net(3, "norm")


def test_a_stub_names_the_cell_and_says_to_save(course):
    path = write(course, "03-backprop", ("relu", STUB))
    os.utime(path, (time.time() - 7300, time.time() - 7300))
    message = refused("03-backprop", "relu")
    assert message.startswith("03-backprop/backprop.ipynb, cell 2 (relu): 'relu' is still to be written.")
    assert "save that notebook (Ctrl+S)" in message and "saved 2 hours ago" in message


def test_all_that_is_missing_is_named_at_once(course):
    write(
        course, "03-backprop", ("relu", STUB), ("affine", STUB.replace("relu", "affine")), (None, "one = 1")
    )
    assert "'relu' and 'affine' are still to be written" in refused("03-backprop", "relu", "affine", "one")
    assert "defines no 'here', 'nor' and 'there'" in refused("03-backprop", "here", "nor", "one", "there")


def test_a_notebook_is_read_without_the_validator_that_takes_a_second_to_import():
    code = "import sys; from cs231n_kit.notebooks import load_functions; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "cs231n_kit.notebooks.read" in done.stdout.split()
    assert not {"nbformat", "jsonschema", "fastjsonschema"} & set(done.stdout.split())


def test_a_notebook_with_a_byte_order_mark_is_read(course):
    path = write(course, "03-backprop", (None, "one = 1"))
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    assert load_functions("03-backprop", "one") == 1


@pytest.mark.parametrize(
    "text", ["[]", '{"cells": [1]}', '{"cells": {}}', "{}", '{"cells": [{}]}', "[" * 100_000, "{"]
)
def test_what_is_no_notebook_is_said_to_be_none(course, text):
    path = write(course, "03-backprop", (None, "one = 1"))
    path.write_text(text)
    assert "03-backprop/backprop.ipynb" in refused("03-backprop", "one")


def test_a_class_with_one_method_to_write_is_unfinished_and_an_abstract_one_is_not(course):
    write(
        course,
        "03-backprop",
        "class Net:\n    def __init__(self):\n        self.a = 1\n    def loss(self):\n"
        '        raise NotImplementedError("write your code here")',
        "class Layer:\n    def forward(self):\n        raise NotImplementedError",
        'def f(kind):\n    if kind:\n        raise NotImplementedError("write your code here, later")',
    )
    assert "'Net' is still to be written" in refused("03-backprop", "Net")
    load_functions("03-backprop", "Layer", "f")


def test_missing_names_and_results(course):
    write(course, "03-backprop", "def affine_forward():\n    pass", "W = open('weights')")
    message = refused("03-backprop", "affine_foward")
    assert "03-backprop/backprop.ipynb defines no 'affine_foward'" in message and "Ctrl+S" in message
    assert "cell 3: 'W' is made by running code" in refused("03-backprop", "W")


def test_a_function_that_reads_a_result_is_refused(course):
    write(
        course,
        "03-backprop",
        "def make():\n    return 1\n\nweights = make()",
        ("scores", "def scores(x):\n    return x @ weights"),
    )
    message = refused("03-backprop", "scores")
    assert "cell 3 (scores): scores uses 'weights', which cell 2 makes by running code" in message


def test_a_syntax_error_matters_only_in_a_needed_cell(course):
    write(
        course,
        "03-backprop",
        ("f", "# my try\ndef f(x:\n    return x"),
        "def g():\n    return f(1)",
        "def h():\n    return 2",
        "def h_again(:",
    )
    assert load_functions("03-backprop", "h")() == 2
    message = refused("03-backprop", "f")
    assert "cell 2 (f): 'f' cannot be used, since line 2" in message
    assert "cell 2 (f): 'f' cannot" in refused("03-backprop", "g")


def test_an_import_that_fails_names_its_cell(course):
    write(
        course,
        "03-backprop",
        ("setup", "import math\nimport no_such_package"),
        "def f():\n    no_such_package.x",
    )
    message = refused("03-backprop", "f")
    assert message.startswith("03-backprop/backprop.ipynb, cell 2 (setup), line 2: ModuleNotFoundError")


def test_missing_folders_and_files(course):
    write(course, "01-first", "x = 1")
    message = refused("03-backprop", "f")
    assert "no folder '03-backprop'" in message and "it has 01-first, 04-next" in message
    assert "no folder '../secret'" in refused("../secret", "f")
    (course / "03-backprop").mkdir()
    assert "has no notebook: put backprop.ipynb there" in refused("03-backprop", "f")
    write(course, "03-backprop", "def f():\n    return 1", name="my homework")
    assert load_functions("03-backprop", "f")() == 1  # renamed, but the only one
    write(course, "03-backprop", "def f():\n    return 2", name="copy")
    assert "several notebooks (copy.ipynb, my homework.ipynb)" in refused("03-backprop", "f")
    write(course, "03-backprop", "def f():\n    return 3")
    assert load_functions("03-backprop", "f")() == 3


def test_a_damaged_notebook(course):
    path = write(course, "03-backprop", "x = 1")
    path.write_text(path.read_text()[:-20])
    assert "03-backprop/backprop.ipynb cannot be read as a notebook" in refused("03-backprop", "x")


def test_notebooks_in_a_circle(course):
    load = "from cs231n_kit.notebooks import load_functions\n"
    write(course, "01-first", load + "g = load_functions('02-second', 'g')\ndef f():\n    return g()")
    write(course, "02-second", load + "f = load_functions('01-first', 'f')\ndef g():\n    return f()")
    assert "01-first needs 02-second needs 01-first" in refused("01-first", "f")


SCRIPT = '''# ---
# jupyter:
#   kernelspec: {}
# ---

# %% [markdown]
# Talk about code:
#
# def f(): pass

# %% nbgrader={"grade": false, "grade_id": "setup", "locked": true}
# %matplotlib inline
import numpy as np

# %% nbgrader={"grade": false, "grade_id": "f", "solution": true}
def f(x):
    """A docstring."""
    ### BEGIN SOLUTION
    return np.add(x, 1)
    ### END SOLUTION


# %% tags=["explore"]
history = open("no such file")
'''


def test_an_instructors_percent_script_from_the_environment_variable(course, monkeypatch, capsys):
    write(course, "03-backprop", ("f", "def f(x):\n    return 'mine'"))
    solutions = course / "solutions"
    (solutions / "03-backprop").mkdir(parents=True)
    (solutions / "03-backprop" / "backprop.py").write_text(SCRIPT)
    (solutions / "03-backprop" / "backprop.ipynb").write_text("stale")
    assert load_functions("03-backprop", "f")(1) == "mine"
    monkeypatch.setenv("CS231N_NOTEBOOKS", str(solutions))
    assert load_functions("03-backprop", "f")(1) == 2
    assert "CS231N_NOTEBOOKS" in capsys.readouterr().out
    assert "cell 4: 'history' is made" in refused("03-backprop", "history")
    assert "defines no 'Talk'" in refused("03-backprop", "Talk")


def test_a_percent_script_whose_name_is_two_words(course, monkeypatch):
    solutions = course / "solutions"
    (solutions / "04-training-dynamics").mkdir(parents=True)
    (solutions / "04-training-dynamics" / "training_dynamics.py").write_text(SCRIPT)
    monkeypatch.setenv("CS231N_NOTEBOOKS", str(solutions))
    assert load_functions("04-training-dynamics", "f")(1) == 2


def test_a_students_export_as_a_script_is_not_the_notebook(course):
    write(course, "03-backprop", "def f():\n    return 'notebook'")
    (course / "03-backprop" / "backprop.py").write_text("# %%\ndef f():\n    return 'script'\n")
    assert load_functions("03-backprop", "f")() == "notebook"


def test_from_the_folder_above_too(course, monkeypatch):
    (course / "assignments").mkdir()
    write(course / "assignments", "03-backprop", "def f():\n    return 1")
    for folder in (course / "assignments", course):
        monkeypatch.chdir(folder)
        assert load_functions("03-backprop", "f")() == 1


def test_a_traceback_shows_the_students_lines_as_they_are_now(course):
    write(course, "03-backprop", "import numpy as np", ("f", "def f(x):\n    # older\n    return x"))
    assert inspect.getsource(load_functions("03-backprop", "f")).splitlines()[1] == "    # older"
    write(course, "03-backprop", "import numpy as np", ("f", "def f(x):\n    # mine\n    return x / np"))
    f = load_functions("03-backprop", "f")
    assert inspect.getsource(f).splitlines()[1] == "    # mine"
    with pytest.raises(TypeError) as caught:
        f(1)
    last = traceback.extract_tb(caught.value.__traceback__)[-1]
    assert last.filename == "03-backprop/backprop.ipynb, cell 3 (f)" and last.lineno == 3
    assert last.line == "return x / np"


def test_arguments():
    with pytest.raises(TypeError, match="a folder, then names"):
        load_functions("03-backprop")
    with pytest.raises(TypeError, match="all in quotes"):
        load_functions("03-backprop", np.add)


REPOSITORY = Path(__file__).parents[2]


def test_end_to_end_a_later_notebook_builds_on_the_solutions_of_03_backprop(course, monkeypatch):
    solutions = course / "solutions"
    shutil.copytree(REPOSITORY / "solutions" / "03-backprop", solutions / "03-backprop")
    write(
        solutions,
        "04-made-up",
        "import numpy as np\nfrom cs231n_kit.notebooks import load_functions",
        "affine_forward, relu_forward, softmax_loss = load_functions(\n"
        "    '03-backprop', 'affine_forward', 'relu_forward', 'softmax_loss'\n)",
        """
        class Tiny:
            def loss(self, X, y):
                hidden, _ = affine_forward(X, np.eye(4), np.ones(4))
                return softmax_loss(relu_forward(hidden)[0], y)
        """,
        "raise SystemExit('training')",
    )
    monkeypatch.setenv("CS231N_NOTEBOOKS", str(solutions))
    tiny = load_functions("04-made-up", "Tiny")()
    loss, dx = tiny.loss(np.zeros((3, 2, 2)), np.array([0, 1, 2]))
    assert loss == pytest.approx(np.log(4)) and dx.shape == (3, 4)
    net, value = load_functions("03-backprop", "TwoLayerNet", "Value")
    assert net(6, 5, 3).loss(np.ones((2, 6), np.float32)).shape == (2, 3)
    x = value(3.0)
    (x * x + 2).backward()
    assert x.grad == 6


def test_end_to_end_the_released_03_backprop_has_everything_still_to_be_written(course):
    shutil.copytree(REPOSITORY / "assignments" / "03-backprop", course / "03-backprop")
    for name in ("affine_forward", "Value", "TwoLayerNet"):
        message = refused("03-backprop", name)
        assert (
            f"({name}): {name!r} is still to be written. If you have written it, save that notebook"
            in message
        )
