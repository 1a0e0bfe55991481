"""The picture book: small colour pictures drawn by code, the same bits on every machine.

A picture shows one thing in front of a scene. `draw_sheet` draws a hundred of them; `cs231n_kit.data` keeps
them and hands them out.
"""

from cs231n_kit.data.picturebook.scenes import SCENES
from cs231n_kit.data.picturebook.sheet import SHEET, draw_sheet
from cs231n_kit.data.picturebook.things import SETS

# Raise it with every change that changes a pixel: what was drawn before is then no longer used.
EDITION = 1

__all__ = ["EDITION", "SCENES", "SETS", "SHEET", "draw_sheet"]
