"""What a notebook chooses, it chooses on validation pictures; the test pictures are touched once, at the end."""

import re

from cs231n_kit.grading.course import Course
from cs231n_kit.grading.source import is_explore, read_source

TOUCHES = re.compile(r"\b(things|scenes|textures|task)\.[Xy]_test\b")


def test_transfer_learning_touches_the_test_pictures_in_its_last_experiment_alone():
    notebook = read_source(Course.find().assignment("08-transfer-learning").source)
    cells = [cell.source for cell in notebook.cells if cell.cell_type == "code" and is_explore(cell)]
    touching = [index for index, source in enumerate(cells) if TOUCHES.search(source)]
    splits = [
        index for index in touching if "X_val=task.X_test" in cells[index]
    ]  # where a few are all there are
    assert len(splits) == 1
    assert [index for index in touching if index not in splits] == [len(cells) - 1]
