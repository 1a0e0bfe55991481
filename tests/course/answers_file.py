"""Read a file of right and wrong answers: a percent script whose cells replace an answer cell each."""

import re
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parent / "answers"
HEADER = re.compile(r"# %% *(?P<exercise>\w+) *\| *(?P<kind>right|slip|wrong) *\| *(?P<name>.+?) *$")


@dataclass(frozen=True)
class Answer:
    """One way to write an exercise."""

    exercise: str
    kind: str  # 'right'; 'slip': right on ordinary input; 'wrong': not even there
    name: str
    source: str

    @property
    def right(self):
        return self.kind == "right"


def read_answers(assignment, solutions):
    """Return the answers kept for an assignment; `solutions` (exercise -> source) is what `#-`/`#+` cells change."""
    path = FOLDER / f"{assignment}.py"
    answers = []
    for chunk in re.split(r"^(?=# %%)", path.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]:
        header, _, body = chunk.partition("\n")
        match = HEADER.fullmatch(header)
        if not match:
            raise ValueError(f"{path.name}: {header!r} is not `# %% exercise | right, slip or wrong | name`")
        exercise = match["exercise"]
        if exercise not in solutions:
            raise ValueError(f"{path.name}: the notebook has no answer cell {exercise!r}")
        source = (
            _changed(solutions[exercise], body, f"{path.name}: {header}")
            if "#- " in body
            else body.strip("\n")
        )
        answers.append(Answer(exercise, match["kind"], match["name"], source))
    return answers


def _changed(source, body, where):
    """Apply every pair of `#-` and `#+` blocks to the solution; indentation is that of the first line replaced."""
    for old, new in re.findall(r"((?:^#-.*\n?)+)((?:^#\+.*\n?)*)", body, flags=re.MULTILINE):
        old_lines = [line[3:].rstrip() for line in old.splitlines()]
        new_lines = [line[3:].rstrip() for line in new.splitlines()]
        lines = source.splitlines()
        for start in range(len(lines) - len(old_lines) + 1):
            window = lines[start : start + len(old_lines)]
            if [line.strip() for line in window] == [line.strip() for line in old_lines]:
                break
        else:
            raise ValueError(f"{where}: the solution has no lines {old_lines}")
        indent = window[0][: len(window[0]) - len(window[0].lstrip())]
        first = len(new_lines[0]) - len(new_lines[0].lstrip()) if new_lines else 0
        replaced = [indent + line[first:] for line in new_lines]
        source = "\n".join([*lines[:start], *replaced, *lines[start + len(old_lines) :]])
    return source
