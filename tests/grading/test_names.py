"""A name of the instructor's that a submission binds, in any spelling, is noticed; the same import again is not."""

import pytest

from cs231n_kit.grading.intake.names import bound_names, owned_names, takeovers

OWNED = owned_names(
    [
        "import numpy as np\nfrom cs231n_kit import checks, gradcheck\nBOOK = [i for i in range(3)]",
        "def helper(): pass",
    ]
)

SPELLINGS = [
    "checks = None",
    "class checks: pass",
    "def checks(): pass",
    "async def checks(): pass",
    "import math as checks",
    "from math import sin as checks",
    "import checks",
    "for checks in []: pass",
    "with open('x') as checks: pass",
    "(checks := 3)",
    "[checks := i for i in range(3)]",
    "def f():\n    global checks\n    checks = 3",
    "class A:\n    def f(self):\n        global checks\n        def checks(): pass",
    "del checks",
    "a, (b, *checks) = 1, (2, 3)",
    "checks: int = 3",
    "checks += 1",
    "try:\n    pass\nexcept ValueError as checks:\n    pass",
    "match 3:\n    case checks: pass",
    "match {}:\n    case {**checks}: pass",
    "if True:\n    while True:\n        checks = 1",
]


def test_what_is_the_instructor_s():
    assert OWNED.keys() == {"np", "checks", "gradcheck", "BOOK", "helper"}


@pytest.mark.parametrize("text", SPELLINGS)
def test_every_spelling_is_noticed(text):
    assert takeovers(text, OWNED) == ["binds checks, which is the instructor's: tests keep theirs"]


@pytest.mark.parametrize(
    "text",
    [
        "from math import *",
        "globals()['checks'] = 3",
        "exec('checks = 3')",
        "get_ipython().user_ns['checks'] = 3",
    ],
)
def test_what_cannot_be_seen_is_noticed_too(text):
    assert "can bind names that cannot be seen" in takeovers(text, OWNED)[0]


@pytest.mark.parametrize(
    "text",
    [
        "import numpy as np",
        "from cs231n_kit import checks",
        "def mine(checks):\n    np = 3\n    return checks",
        "lambda checks: checks",
        "[checks for checks in range(3)]",
        "checks.close(1, 1, 'a')",
        "class A:\n    checks = 3",
        "not python at all",
        "",
    ],
)
def test_what_binds_nothing_of_the_instructor_s_is_not(text):
    assert takeovers(text, OWNED) == []


def test_what_a_stub_asks_for():
    assert bound_names("import x\ndef f():\n    y = 3\nclass C: pass\nk = 3") == ["C", "f", "k"]


def test_a_cell_of_a_million_statements_takes_no_memory():
    import tracemalloc

    text = "a\n" * 1_000_000
    tracemalloc.start()
    assert takeovers(text, {"a": None}) == [] and bound_names(text) == []
    assert tracemalloc.get_traced_memory()[1] < 20 * 2**20
    tracemalloc.stop()
