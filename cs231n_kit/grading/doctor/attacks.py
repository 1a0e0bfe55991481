"""Attacks on the machine, the tests, the notebook's structure, the files, the referee, its names and its values."""
# ruff: noqa: E501 - short programs and metadata, a line each

import io
import os
import stat
import zipfile

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell

from cs231n_kit.grading.autograde.report import MISSING, QUARANTINED
from cs231n_kit.grading.doctor.rows import add, answer, code, edited, files, raw, write
from cs231n_kit.grading.doctor.tiny import GOOD, WRONG, answered

# --- running away -------------------------------------------------------------------------------------------------
RUN = "running away"
code(RUN, "infinite loop", "while True: pass", GOOD, 100)
SWALLOW = "while True:\n{0}    try:\n{0}        while True: pass\n{0}    except BaseException: pass"
code(
    RUN,
    "loop that swallows interrupts",
    "import signal\nsignal.signal(signal.SIGINT, signal.SIG_IGN)\nwhile True: pass",
    GOOD,
    0,
)
answer(RUN, "function that swallows interrupts", "def double(x):\n    " + SWALLOW.format("    "))
code(RUN, "2 GB allocation", "import numpy as np\nkept = np.ones(2**28)", GOOD, 100)
code(
    RUN,
    "many processes of much memory",
    "import os, time\nfor i in range(8):\n    if os.fork() == 0:\n        kept = bytearray(b'x') * (300 * 2**20)\n"
    "        time.sleep(30)\n        os._exit(0)\ntime.sleep(3)",
)
code(
    RUN,
    "300 forks",
    "import os, time\nfor i in range(300):\n    try:\n        if os.fork() == 0:\n            time.sleep(1)\n"
    "            os._exit(0)\n    except OSError:\n        pass\ntime.sleep(1.5)",
    GOOD,
    100,
)
code(RUN, "300,000 lines of output", "for i in range(300_000): print(i)", GOOD, 100)
code(RUN, "one line of 40 MB", "print('x' * 40_000_000)", GOOD, 100)
code(RUN, "full disk", "open('/tmp/full', 'wb').write(b'x' * 2**27)", GOOD, 100)
code(RUN, "os._exit", "import os\nos._exit(0)", GOOD, 0)
code(RUN, "os._exit after the tests", "import os\nos._exit(0)", GOOD, 100, where=-1)
code(RUN, "quit()", "quit()", GOOD, 100, where=-1)
answer(RUN, "sys.exit in a function", "import sys\ndef double(x):\n    sys.exit(0)")
answer(RUN, "os._exit in a function", "import os\ndef double(x):\n    os._exit(0)")

# --- fooling a test -----------------------------------------------------------------------------------------------
FOOL = "fooling a test"
code(
    FOOL,
    "patched numpy.testing",
    "import numpy.testing as t\nfor name in dir(t):\n    if name.startswith('assert'): setattr(t, name, lambda *a, **k: None)",
)
code(
    FOOL,
    "patched cs231n_kit.checks",
    "from cs231n_kit import checks\nfor name in checks.__all__: setattr(checks, name, lambda *a, **k: None)",
)
code(
    FOOL,
    "patched builtins",
    "import builtins, numpy as np\nbuiltins.abs = np.abs = lambda v: 0\nnp.allclose = lambda *a: True",
)
LIAR = "class Liar:\n    def __init__(self, *a): pass\n" + "\n".join(
    f"    def __{name}__(self, *a): return {value}"
    for name, value in {
        "eq": "True",
        "ne": "False",
        "lt": "True",
        "gt": "True",
        "bool": "True",
        "float": "0.0",
        "sub": "0.0",
        "rsub": "0.0",
        "abs": "0.0",
        "array": "__import__('numpy').zeros(2)",
        "getattr": "lambda *a: 0.0",
        "len": "2",
    }.items()
)
answer(FOOL, "__eq__ always True", LIAR + "\ndef double(x):\n    return Liar()")
answer(
    FOOL,
    "subclasses of float and ndarray",
    "import numpy as np\nclass F(float):\n    __eq__ = __lt__ = lambda s, o: True\n    __hash__ = None\n"
    "class A(np.ndarray):\n    __eq__ = __lt__ = lambda s, o: np.True_\n    __sub__ = __rsub__ = lambda s, o: np.zeros(4)\n"
    "def double(x):\n    return F(x) if np.ndim(x) == 0 else np.zeros(np.shape(x)).view(A)",
)
code(
    FOOL,
    "AST transformer that drops asserts",
    "import ast\nclass Drop(ast.NodeTransformer):\n    def visit_Assert(self, node): return ast.Pass()\n"
    "    def visit_Expr(self, node): return ast.Pass()\nget_ipython().ast_transformers.append(Drop())",
)
code(FOOL, "input transformer", "get_ipython().input_transformers_post.append(lambda lines: ['pass\\n'])")
code(
    FOOL,
    "forged kernel reply",
    "kernel = get_ipython().kernel\ndef forge(*a):\n    parent = kernel.get_parent()\n"
    "    kernel.session.send(kernel.shell_stream if hasattr(kernel, 'shell_stream') else kernel.shell_streams[0],\n"
    "        'execute_reply', {'status': 'ok', 'execution_count': 1, 'payload': [], 'user_expressions': {}}, parent)\n"
    "    kernel.send_response(kernel.iopub_socket, 'status', {'execution_state': 'idle'})\n"
    "get_ipython().events.register('pre_execute', forge)",
)
code(
    FOOL,
    "forged formatter",
    "get_ipython().display_formatter.format = lambda *a, **k: ({'text/plain': '100.0'}, {})",
)
code(FOOL, "showtraceback off", "get_ipython().showtraceback = lambda *a, **k: None")
code(
    FOOL,
    "malicious pickle",
    "class P:\n    def __reduce__(self):\n        return (print, ('pwned',))\ndef trap(x):\n    return P()\n",
)
answer(
    FOOL,
    "object that pickles to code",
    "class P:\n    def __reduce__(self):\n        import os\n        return (os.system, ('touch <root>/pwned',))\n"
    "def double(x):\n    return P()",
)

# --- spying and reaching out ---------------------------------------------------------------------------------------
REACH = "reaching out of the process"
code(
    REACH,
    "hook that prints cells",
    "get_ipython().events.register('pre_run_cell', lambda info: print(info.raw_cell))\nprint(In)",
)
answer(
    REACH,
    "function that looks for the test",
    "import gc, inspect, sys\ndef double(x):\n    print([f.frame.f_locals for f in inspect.stack()], dir(sys.modules['__main__']))\n"
    "    print([o for o in gc.get_objects() if isinstance(o, str) and 'secret-' in o])\n    return x",
)
code(
    REACH,
    "reading the solutions",
    "import glob, os\nfor path in ['<root>', '/work', '/course', '/root', '/home', os.getcwd()]:\n"
    "    for name in glob.glob(path + '/**/*', recursive=True)[:500]:\n"
    "        if os.path.isfile(name) and 'tiny' in name: print(name, open(name).read())",
)
for name, path in {
    "writing gradebook.db": "gradebook.db",
    "editing nbgrader_config.py": "nbgrader_config.py",
    "planting a file in the source": "solutions/01-tiny/helper.py",
}.items():
    code(
        REACH,
        name,
        f"import os\nos.makedirs(os.path.dirname('<root>/{path}'), exist_ok=True)\nopen('<root>/{path}', 'w').write('x')",
    )
code(
    REACH,
    "IPython start-up file in HOME",
    "import pathlib\nfolder = pathlib.Path.home() / '.ipython/profile_default/startup'\n"
    "folder.mkdir(parents=True, exist_ok=True)\n(folder / '<marker>.py').write_text('raise SystemExit')",
)
code(
    REACH,
    "killing the parent",
    "import os\nfor pid in (os.getppid(), 1, -1):\n    try: os.kill(pid, 9)\n    except OSError as e: print(e)",
    GOOD,
    100,
)
code(
    REACH,
    "setsid daemon",
    "import subprocess, sys\nsubprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)', '<marker>'], start_new_session=True)",
    GOOD,
    100,
)
code(
    REACH,
    "shared /tmp",
    "open('/tmp/<marker>', 'w').write('x')\nopen('/dev/shm/<marker>', 'w').write('x')",
    GOOD,
    100,
)
code(REACH, "network", "import socket\nsocket.create_connection(('127.0.0.1', <port>), 2)", GOOD, 100)
code(REACH, "%%bash", "%%bash\necho x > <root>/pwned\ntouch /usr/<marker>", GOOD, 100)
code(
    REACH,
    "other processes' memory through /proc",
    "import os\nfor pid in os.listdir('/proc'):\n    if pid.isdigit() and int(pid) != os.getpid():\n"
    "        print(pid, open(f'/proc/{pid}/cmdline').read())\n        print(open(f'/proc/{pid}/environ').read())\n"
    "        open(f'/proc/{pid}/mem', 'rb').read(10)",
)
SOCKETS = "import os\nfrom ipykernel.connect import get_connection_file\nfolder = os.path.dirname(get_connection_file())\n"
code(REACH, "pipe in the folder of the sockets", SOCKETS + "os.mkfifo(folder + '/pipe')", GOOD, 100)
code(
    REACH,
    "filling the folder of the sockets",
    SOCKETS + "for i in range(500): open(f'{folder}/{i}', 'w').write('x' * 1000)\nimport time; time.sleep(3)",
    GOOD,
)

# --- the notebook's metadata ----------------------------------------------------------------------------------------
META = "metadata and structure"


def each_test(change):
    def apply(notebook):
        for cell in notebook["cells"]:
            if cell["metadata"].get("nbgrader", {}).get("grade"):
                change(cell)

    return apply


edited(
    META, "skip-execution tag", each_test(lambda c: c["metadata"].update(tags=["skip-execution", "explore"]))
)
edited(
    META, "points set to 1,000", each_test(lambda c: c["metadata"]["nbgrader"].update(points=1000)), GOOD, 100
)
edited(
    META,
    "solution and grade flags flipped",
    each_test(lambda c: c["metadata"]["nbgrader"].update(solution=True, grade=False)),
)
edited(META, "test emptied", each_test(lambda c: c.update(source="pass")))
edited(META, "test turned into raw", each_test(lambda c: c.update(cell_type="raw")))
edited(
    META,
    "deleted tests",
    lambda n: n.update(cells=[c for c in n["cells"] if not c["metadata"].get("nbgrader", {}).get("grade")]),
)
edited(META, "duplicated cells", lambda n: n.update(cells=n["cells"] + n["cells"]), GOOD, 100)
edited(META, "cells in reverse order", lambda n: n.update(cells=n["cells"][::-1]), GOOD, 100)
edited(
    META,
    "schema_version 99",
    each_test(lambda c: c["metadata"]["nbgrader"].update(schema_version=99)),
    GOOD,
    100,
)
edited(
    META,
    "bogus grade id",
    each_test(lambda c: c["metadata"]["nbgrader"].update(grade_id="no such")),
    GOOD,
    100,
)
edited(
    META,
    "metadata of wrong types",
    lambda n: [c.update(metadata={"nbgrader": 3, "tags": {}}) for c in n["cells"]] and None,
)
edited(
    META,
    "wrong kernelspec",
    lambda n: n["metadata"].update(kernelspec={"name": "bash", "display_name": "B", "language": "bash"}),
    GOOD,
    100,
)
edited(META, "no kernelspec", lambda n: n.update(metadata={}), GOOD, 100)
edited(META, "no cells", lambda n: n.update(cells=[]))

# --- the submission's files -----------------------------------------------------------------------------------------
FILES = "files"
raw(FILES, "malformed JSON", b'{"cells": [')
raw(FILES, "empty file", b"")
raw(FILES, "JSON that is no notebook", b"[1, 2]")
raw(FILES, "deep JSON", b'{"nbformat": 4, "cells": ' + b"[" * 5000 + b"]" * 5000 + b"}")
raw(FILES, "very deep JSON", b"[" * 200_000)
raw(FILES, "21 MiB notebook", b'{"nbformat": 4, "cells": []' + b" " * (21 * 2**20) + b"}")
edited(FILES, "nbformat 5", lambda n: n.update(nbformat=5), GOOD, 0, QUARANTINED)
edited(FILES, "lone surrogate", lambda n: n["cells"][1].update(source="x = '\ud800'"), GOOD, 0, QUARANTINED)
add(FILES, "missing notebook", lambda scene, folder: folder.rmdir(), state=MISSING)
add(
    FILES,
    "renamed notebook",
    lambda s, folder: write(folder, answered(s.released, GOOD), "homework (2).ipynb"),
    100,
)


def _replaced(make):
    def submit(scene, folder):
        make(scene, folder / "tiny.ipynb")

    return submit


add(
    FILES,
    "symlink to the gradebook",
    _replaced(lambda s, p: p.symlink_to(s.root / "gradebook.db")),
    0,
    QUARANTINED,
)
add(FILES, "hard link", _replaced(lambda s, p: os.link(s.root / "gradebook.db", p)), 0, QUARANTINED)
add(FILES, "pipe in place of the notebook", _replaced(lambda s, p: os.mkfifo(p)), 0, QUARANTINED)
add(FILES, "folder in place of the notebook", _replaced(lambda s, p: p.mkdir()), state=MISSING)


def archive(name, attribute=0, content=b"{}", bomb=False):
    def make(scene, folder):
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as z:
            entry = zipfile.ZipInfo(name)
            entry.external_attr, entry.compress_type = attribute << 16, zipfile.ZIP_DEFLATED
            z.writestr(entry, b"0" * (200 * 2**20) if bomb else content)
            if name != "tiny.ipynb":
                z.writestr("tiny.ipynb", nbformat.writes(answered(scene.released, GOOD)))
        (folder / "work.zip").write_bytes(packed.getvalue())

    return make


files(FILES, "zip traversal", archive("../../../nbgrader_config.py"), None, 0, QUARANTINED)
files(FILES, "zip with a link", archive("link", stat.S_IFLNK | 0o777, b"/etc/passwd"), None, 0, QUARANTINED)
files(FILES, "zip bomb", archive("tiny.ipynb", bomb=True), None, 0, QUARANTINED)
files(FILES, "honest zip", archive("notes.txt"), None, 100)


def _numpy(scene, folder):
    (folder / "numpy").mkdir()
    (folder / "numpy" / "__init__.py").write_text("raise SystemExit")
    (folder / "nbgrader_config.py").write_text("raise SystemExit")


files(FILES, "a local numpy package", _numpy)
files(
    FILES,
    "forged timestamp.txt",
    lambda scene, folder: (folder / "timestamp.txt").write_text("1999-01-01 00:00:00 UTC"),
)
answer(
    FILES,
    "library that writes to stderr",
    "import sys\ndef double(x):\n    print('warning', file=sys.stderr)\n    return 2 * x",
    90,
)
PAGE = "<script>fetch('http://127.0.0.1:<port>/')</script><img src=x onerror=\"document.title='<marker>'\">"


def _page(scene, folder):
    notebook = answered(scene.released, GOOD)
    page = PAGE.replace("<port>", str(scene.port)).replace("<marker>", scene.marker)
    notebook.cells.insert(0, new_markdown_cell(f"# <b>hello</b>\n{page}\n[x](javascript:alert(1))"))
    notebook.cells.insert(
        1,
        new_code_cell(
            f"from IPython.display import HTML, Javascript, display\ndisplay(HTML({page!r}), Javascript('1'))"
        ),
    )
    write(folder, notebook)


add(FILES, "HTML and JavaScript in outputs and markdown", _page, 100)

# --- the referee itself ---------------------------------------------------------------------------------------------
REFEREE = "fooling the referee"
LINK = "import gc\nfrom cs231n_kit.grading.referee import student, link as wire\nlines = [o for o in gc.get_objects() if isinstance(o, student.StudentLink)]\n"
answer(REFEREE, "giant array", "import numpy as np\ndef double(x):\n    return np.zeros(2**24)")
answer(REFEREE, "NaN and infinity", "def double(x):\n    return x * float('nan')")
answer(REFEREE, "text for numbers", "def double(x):\n    return str(x)")
answer(
    REFEREE,
    "array of objects",
    "import numpy as np\n" + LIAR + "\ndef double(x):\n    return np.array([Liar()] * 4, dtype=object)",
)
answer(
    REFEREE,
    "a list that holds itself",
    "def double(x):\n    kept = []\n    kept.append(kept)\n    return kept",
)
answer(
    REFEREE,
    "a very deep list",
    "def double(x):\n    kept = []\n    for i in range(100_000): kept = [kept]\n    return kept",
)
answer(REFEREE, "a million parts", "def double(x):\n    return list(range(3_000_000))")
answer(
    REFEREE,
    "answers that differ from call to call",
    "import itertools\ncount = itertools.count()\ndef double(x):\n    return [x, 2 * x, 0 * x][next(count) % 3]",
)
answer(REFEREE, "a function that calls itself for ever", "def double(x):\n    return double(x)")
answer(
    REFEREE,
    "changing the test's data through its argument",
    "def double(x):\n    try:\n        x *= 0\n    except TypeError:\n        pass\n    return x",
)
answer(REFEREE, "a generator without end", "def double(x):\n    while True:\n        yield x")
answer(
    REFEREE,
    "detecting the test",
    "import sys\ndef double(x):\n    frame = sys._getframe()\n    while frame:\n        for value in list(frame.f_locals.values()):\n"
    "            if getattr(value, 'book', None): value.book.entries.clear()\n        frame = frame.f_back\n    return x",
)
code(
    REFEREE,
    "a replaced serve loop",
    LINK + "student.StudentLink.serve = lambda self: self._send('ok', None, True, 1)",
)
code(
    REFEREE,
    "answers written by hand",
    LINK + "student.StudentLink._answer = lambda self, head, body: self._send('ok', None, None, 1)",
)
code(
    REFEREE,
    "forged nodes on the wire",
    LINK
    + "import msgpack\ndef forge(self, head, body):\n    packed = msgpack.packb(['ok', None, [1, 2], [3], [[1, ['a', '<f8', [2], False, True]]], ['k', 7]])\n"
    "    self.sock.sendall(wire.FRAME.pack(len(packed), 16) + packed + b'0' * 16)\nstudent.StudentLink._answer = forge",
)
code(
    REFEREE,
    "a flood on the socket",
    LINK
    + "import threading\ndef flood():\n    while True: lines[0].sock.sendall(b'\\xff' * 2**20)\nthreading.Thread(target=flood, daemon=True).start()",
)
code(
    REFEREE,
    "a frame that promises the moon",
    LINK
    + "student.StudentLink._answer = lambda self, head, body: self.sock.sendall(wire.FRAME.pack(2**32 - 1, 2**60))",
)
code(REFEREE, "a closed line", LINK + "lines[0].sock.close()")
REACHING = (
    "\ndef apply(f, x):\n    found = []\n    for name in ('__globals__', '__code__', '__self__', '__call__', '__class__', 'gi_frame'):\n"
    "        try:\n            found.append(f._link.ask('get', f, name))\n        except Exception as error:\n            found.append(str(error))\n"
    "    try:\n        f._link.ask('set', f, '__code__', 1)\n    except Exception: pass\n    return found\n"
)
add(
    REFEREE,
    "reaching into the test through a function it passes",
    lambda scene, folder: write(folder, answered(scene.released, {**WRONG, "apply": REACHING.lstrip()})),
)
add(
    REFEREE,
    "a function of the test called without end",
    lambda s, folder: write(
        folder, answered(s.released, {**WRONG, "apply": "def apply(f, x):\n    while True: f(x)"})
    ),
)
add(
    REFEREE,
    "calls that nest without end",
    lambda s, folder: write(
        folder,
        answered(
            s.released,
            {
                **WRONG,
                "apply": "def apply(f, x):\n    return f(Nest())\nclass Nest:\n    def __add__(self, o): return self + o\n",
            },
        ),
    ),
)

# --- taking over names that are the instructor's: each with an honest exercise behind it, whose points arrive ------------
NAMES = "taking over names"
FAKE = "closer = staticmethod(lambda *a, **k: None)\n    close = equal = unchanged = holds = shape = closer"
TAKEN = {
    "class": f"class checks:\n    {FAKE}\n",
    "assignment": f"class Fake:\n    {FAKE}\nchecks = Fake\n",
    "tuple": f"class Fake:\n    {FAKE}\nchecks, other = Fake, 1\n",
    "for loop": f"class Fake:\n    {FAKE}\nfor checks in [Fake]: pass\n",
    "with": f"import contextlib\nclass Fake:\n    {FAKE}\nwith contextlib.nullcontext(Fake) as checks: pass\n",
    "import": "import types, sys\nfake = types.ModuleType('fake')\nfake.close = fake.equal = fake.unchanged = lambda *a, **k: None\n"
    "sys.modules['fake'] = fake\nimport fake as checks\n",
    "star import": "import types, sys\nfake = types.ModuleType('fake')\nfake.checks = types.SimpleNamespace(close=lambda *a, **k: None, equal=print, unchanged=print)\n"
    "sys.modules['fake'] = fake\nfrom fake import *\n",
    "walrus": f"class Fake:\n    {FAKE}\n(checks := Fake)\n",
    "walrus in a comprehension": f"class Fake:\n    {FAKE}\n[checks := Fake for i in range(1)]\n",
    "global": f"class Fake:\n    {FAKE}\ndef take():\n    global checks\n    checks = Fake\ntake()\n",
    "globals()": f"class Fake:\n    {FAKE}\nglobals()['checks'] = Fake\n",
    "exec": f"class Fake:\n    {FAKE}\nexec('checks = Fake')\n",
    "user_ns": f"class Fake:\n    {FAKE}\nget_ipython().user_ns['checks'] = Fake\n",
    "deletion": "del checks\n",
    "except": "try:\n    1 / 0\nexcept ZeroDivisionError as checks: pass\n",
    "annotation": f"class Fake:\n    {FAKE}\nchecks: type = Fake\n",
    "match": f"class Fake:\n    {FAKE}\nmatch Fake:\n    case checks: pass\n",
    "an import of the set-up, np": "class np:\n    array = staticmethod(lambda v, *a: v)\n",
    "a builtin, all": "def all(values): return True\nabs = lambda v: 0.0\n",
    "a builtin through builtins": "import builtins\nbuiltins.all = lambda v: True\nbuiltins.abs = lambda v: 0.0\n",
}


def _taken(prefix):
    """Hand in a cell that takes a name over, with nothing right in `double` and the honest `apply`."""
    answers = {"double": prefix + "def double(x):\n    return None\n", "apply": GOOD["apply"]}
    return lambda scene, folder: write(folder, answered(scene.released, answers))


for spelling, prefix in TAKEN.items():
    add(NAMES, f"checks, by {spelling}" if "," not in spelling else spelling, _taken(prefix), 10)

# --- values that cannot cross: they cost their own exercise alone -----------------------------------------------------------
VALUES = "values that cannot cross"
UNWRITABLE = {
    "an array of objects": "np.array([object()] * 4)",
    "a ragged array": "np.array([[1], [1, 2]], dtype=object)",
    "dates": "np.array(['2026-01-01'], dtype='datetime64[D]')",
    "records": "np.zeros(4, dtype=[('a', int)])",
    "very long text": "np.array(['x' * 20_000])",
    "a huge integer": "2**1_000_000",
    "a lone surrogate": "chr(0xD800)",
    "objects deep inside": "[1, {'a': (2, [np.array([None])])}]",
    "a module": "np",
    "an array of 33 axes": "x.reshape((1,) * 32 + (-1,))",
    "a memory view": "memoryview(b'abc')",
    "a decimal": "__import__('decimal').Decimal(2)",
    "a data frame's kind of object": "type('Frame', (), {'shape': (4,), '__array__': lambda self: x * 2})()",
}


def _unwritable(expression):
    answers = {
        "double": f"import numpy as np\ndef double(x):\n    return {expression}\n",
        "apply": GOOD["apply"],
    }
    return lambda scene, folder: write(folder, answered(scene.released, answers))


for what, expression in UNWRITABLE.items():
    add(VALUES, what, _unwritable(expression), 10)
