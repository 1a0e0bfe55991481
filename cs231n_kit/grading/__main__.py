"""Run the instructor's commands: ``python -m cs231n_kit.grading COMMAND``."""

from cs231n_kit.grading.cli import main

main()
