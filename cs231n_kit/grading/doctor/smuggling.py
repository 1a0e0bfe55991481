"""Attacks that carry something home: inputs of hidden tests, others' work, the host's secrets; honest exercises follow.

`double` is called with `<number>` in a hidden test. Each row keeps it, and sends it out in its own way; `apply` is
right, and its points arrive.
"""
# ruff: noqa: E501 - short programs, a line each

from nbformat.v4 import new_code_cell

from cs231n_kit.grading.doctor.rows import add, write
from cs231n_kit.grading.doctor.tiny import GOOD, answered

GROUP = "carrying something home"
HOARD = "import numpy as np\nKEPT = []\ndef double(x):\n    KEPT.append(repr(x))\n"
HONEST = "    return 2 * x\n"
# Right answers, all points, and a cell at the end that tells: {name: (answer after the hoarding, last cell)}.
TOLD = {
    "printed later": "print(KEPT)",
    "printed to stderr": "import sys\nprint(KEPT, file=sys.stderr)",
    "the value of a cell": "KEPT",
    "a traceback": "raise ValueError(KEPT)",
    "the name of an exception": "raise type('E' + ''.join(c if c.isalnum() else '_' for c in str(KEPT)), (Exception,), {})",
    "HTML": "from IPython.display import HTML\nHTML(f'<b>{KEPT}</b>')",
    "Markdown and LaTeX": "from IPython.display import Latex, Markdown, display\ndisplay(Markdown(str(KEPT)), Latex(str(KEPT)))",
    "JSON": "from IPython.display import JSON\nJSON({'kept': KEPT})",
    "a picture": "import base64\nfrom IPython.display import Image\nImage(data=base64.b64decode('iVBORw0KGgo=') + str(KEPT).encode(), format='png')",
    "a figure": "import matplotlib.pyplot as plt\nplt.title(str(KEPT[-1]))\nprint(KEPT)\nplt.show()",
    "metadata of an output": "from IPython.display import display\ndisplay({'text/plain': 'x'}, raw=True, metadata={'kept': KEPT})\nprint(KEPT)",
    "a warning": "import warnings\nwarnings.warn(str(KEPT))",
    "a log": "import logging\nlogging.error(KEPT)",
    "a widget's message": "from ipykernel.comm import Comm\nComm(target_name='x', data={'kept': KEPT})\nprint(KEPT)",
    "the standard output below Python": "import os\nos.write(1, str(KEPT).encode())\nos.system(f'echo {KEPT!r}')\nprint(KEPT)",
    "a payload of the pager": "get_ipython().payload_manager.write_payload({'source': 'page', 'data': {'text/plain': str(KEPT)}, 'start': 0})\nprint(KEPT)",
    "a new input": "get_ipython().set_next_input(str(KEPT))\nprint(KEPT)",
}
# Wrong answers, and the honest ones behind them.
RETURNED = {
    "an exception's message": "    raise ValueError(repr(KEPT))\n",
    "a class of exceptions": "    raise type('E' + repr(x).replace('.', '_'), (ValueError,), {})(x)\n",
    "a chain of exceptions": "    try:\n        raise KeyError(repr(KEPT))\n    except KeyError as error:\n        raise ValueError(repr(KEPT)) from error\n",
    "notes of an exception": "    error = ValueError('x')\n    error.__notes__ = [repr(KEPT)]\n    raise error\n",
    "text for a number": "    return repr(KEPT)\n",
    "keys of a dict": "    return {repr(x): 1}\n",
    "an array of text": "    return np.array([repr(x)])\n",
    "the name of a class": "    return type('C' + repr(x).replace('.', '_'), (), {'kept': KEPT})()\n",
    "the name of a function": "    def told(): return KEPT\n    told.__name__ = double.__name__ = repr(KEPT)[:60]\n    return told\n",
    "an exception that looks like a check's": "    error = type('CheckFailed', (AssertionError,), {})\n    raise error(f'✗ double {KEPT}')\n",
    "printing as it goes": "    print(KEPT)\n    return None\n",
    "a hundred lines of an exception": "    raise ValueError('\\n'.join([repr(KEPT)] * 100))\n",
}
# What is not the student's to read at all.
LOOKED_FOR = {
    "the environment": "import os, glob\nprint(dict(os.environ))\nfor path in glob.glob('/proc/[0-9]*/environ'):\n    try: print(open(path).read())\n    except OSError as e: print(e)\n",
    "command lines": "import glob\nfor path in glob.glob('/proc/[0-9]*/cmdline'): print(open(path).read())\n",
    "mounts": "for name in ('mounts', 'mountinfo'): print(open(f'/proc/self/{name}').read())\n",
    "names of files": "import os\nfor folder, folders, names in os.walk('/'):\n    folders[:] = [f for f in folders if f not in ('proc', 'sys', 'site-packages', 'usr', 'lib')]\n    print(folder, names[:50])\n",
    "others' work": "import os\nfor folder, folders, names in os.walk('/'):\n    folders[:] = [f for f in folders if f not in ('proc', 'sys', 'site-packages', 'usr', 'lib')]\n"
    "    for name in names:\n        if 'tiny' in name or name.endswith(('.db', '.ipynb', '.log', '.json')):\n            try: print(open(os.path.join(folder, name)).read(10**6))\n            except (OSError, UnicodeError): pass\n",
    "the memory of other processes": "import glob\nfor path in glob.glob('/proc/[0-9]*/maps'):\n    try: print(open(path).read()[:2000])\n    except OSError as e: print(e)\n",
    "descriptors that were left open": "import os\nfor fd in range(3, 256):\n    try:\n        print(fd, os.readlink(f'/proc/self/fd/{fd}'))\n        print(os.pread(fd, 10**6, 0)) if 'socket' not in os.readlink(f'/proc/self/fd/{fd}') else None\n    except (OSError, ValueError): pass\n",
}  # fmt: skip


def _submission(answer, last="", first=""):
    def submit(scene, folder):
        notebook = answered(scene.released, {**GOOD, "double": answer})
        notebook.cells[:0] = [new_code_cell(first)] if first else []
        notebook.cells += [new_code_cell(last)] if last else []
        write(folder, notebook)

    return submit


for way, text in TOLD.items():
    add(GROUP, f"hidden inputs, as {way}", _submission(HOARD + HONEST, text), 100, hoards=True)
for way, text in RETURNED.items():
    add(GROUP, f"hidden inputs, in {way}", _submission(HOARD + text), 10, hoards=True)
for what, text in LOOKED_FOR.items():
    add(GROUP, f"looking for {what}", _submission(GOOD["double"], first=text), 100)
