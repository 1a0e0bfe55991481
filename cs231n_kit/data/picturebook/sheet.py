"""A sheet of pictures: scene, clutter, the thing in its pose, something in front of it, the camera."""

import math
from typing import NamedTuple

import numpy as np

from cs231n_kit.data.picturebook.camera import photograph
from cs231n_kit.data.picturebook.pen import Pen
from cs231n_kit.data.picturebook.scenes import Backdrop, choose_scenes, each
from cs231n_kit.data.picturebook.shapes import Grid
from cs231n_kit.data.picturebook.streams import Stream, cos_sin, smooth_noise
from cs231n_kit.data.picturebook.things import SETS

SHEET = 100  # pictures, each class alike; they are drawn together
CANVAS = 64  # twice the picture's 32 pixels: edges come out smooth

SIZE = (0.5, 0.88)  # half the thing's width, in halves of the picture's
SHIFT = 0.27  # how far from the middle, in halves of the picture
TURN = 15.0  # degrees either way
STRETCH = 0.2  # width against height
MIRRORED = 0.5  # how often
COLOUR_BIAS = 0.55  # how often a colour is from the thing's own palette, and not any
COLOUR_SPREAD = 0.1
FADE = (0.75, 1.0)  # opacity
SHADING = 0.22
OCCLUDED = 0.35  # how often something lies over the thing's rim
OCCLUDER_SIZE = (0.15, 0.4)


class Pose(NamedTuple):
    """Where each thing is: centre and half width (n,), its own coordinates, and a pixel's width in them."""

    x: np.ndarray
    y: np.ndarray
    size: np.ndarray
    at: Grid
    pixel: np.ndarray


def canvas_grid():
    """Coordinates -1 .. 1 of a canvas, (1, 1, H) and (1, H, 1)."""
    axis = ((np.arange(CANVAS) + 0.5) * (2 / CANVAS) - 1).astype(np.float32)
    return Grid(axis[None, None, :], axis[None, :, None])


def choose_pose(stream, n, grid):
    """Size, place, turn, stretch and mirroring of n things."""
    size = stream.uniform(n, low=SIZE[0], high=SIZE[1])
    x, y = stream.uniform(2, n, low=-SHIFT, high=SHIFT)
    cosine, sine = cos_sin(stream.uniform(n, low=-1) * (TURN * math.pi / 180))
    facing = np.where(stream.uniform(n) < MIRRORED, -1.0, 1.0)
    stretch = each(1 + stream.uniform(n, low=-STRETCH, high=STRETCH))
    dx, dy = grid.u - each(x), grid.v - each(y)
    u = (each(cosine / size * facing) * dx + each(sine / size * facing) * dy) * stretch
    v = each(cosine / size) * dy - each(sine / size) * dx
    return Pose(x, y, size, Grid(u, v), each(2 / CANVAS / size))


def light_on(stream, pose, grain):
    """Brightness of each thing's surface: a slope in some direction, and grain. (n, H, H)."""
    cosine, sine = cos_sin(stream.uniform(len(pose.x), high=2 * math.pi))
    slope = each(cosine) * pose.at.u + each(sine) * pose.at.v
    return 1 + SHADING * slope + 0.6 * grain * smooth_noise(stream, len(pose.x), 1, 8, CANVAS)[:, 0]


def choose_colours(stream, labels, things):
    """Each thing's first and second colour, mostly its own kind's. (n, 2, 3) float32."""
    n = len(labels)
    colours = stream.uniform(n, 2, 3)
    own = stream.uniform(n, 2) < COLOUR_BIAS
    spot = stream.uniform(n, 2)
    for label, thing in enumerate(things):
        for which, palette in enumerate((thing.first, thing.second)):
            mine = (labels == label) & own[:, which]
            choice = (spot[mine, which] * len(palette)).astype(np.int64)
            colours[mine, which] = np.array(palette)[choice]
    return (colours + stream.uniform(n, 2, 3, low=-COLOUR_SPREAD, high=COLOUR_SPREAD)).astype(np.float32)


def draw_things(stream, canvas, labels, things, pose, light):
    """Draw each picture's thing on its canvas, class by class."""
    colours = choose_colours(stream, labels, things)
    opacity = stream.uniform32(len(labels), 1, 1, low=FADE[0], high=FADE[1])
    for label, thing in enumerate(things):
        mine = np.flatnonzero(labels == label)
        part = canvas[mine]
        at = Grid(pose.at.u[mine], pose.at.v[mine])
        first, second = colours[mine, 0], colours[mine, 1]
        thing.draw(Pen(stream, part, at, pose.pixel[mine], light[mine], opacity[mine], first, second))
        canvas[mine] = part


def draw_sheet(classes, seed, split, index):
    """Draw 100 pictures, ten of each class.

    Parameters
    ----------
    classes : 'main' or 'more'
    seed, split, index : whole numbers; each triple is another sheet, always the same one

    Returns
    -------
    pictures : (100, 32, 32, 3) uint8
    labels : (100, 2) uint8, the thing and the scene behind it
    """
    things = tuple(SETS[classes].values())
    stream = Stream(seed, 1 + list(SETS).index(classes), split, index)
    labels = stream.shuffled(np.repeat(np.arange(len(things)), SHEET // len(things)))
    scenes = choose_scenes(stream, labels, things)
    grid = canvas_grid()
    backdrop = Backdrop(stream, scenes, grid)
    backdrop.add_clutter(stream, grid)
    pose = choose_pose(stream, SHEET, grid)
    light = light_on(stream, pose, backdrop.grain)
    draw_things(stream, backdrop.canvas, labels, things, pose, light)
    cosine, sine = cos_sin(stream.uniform(SHEET, high=2 * math.pi))
    rim = pose.x + 0.8 * pose.size * cosine, pose.y + 0.8 * pose.size * sine
    backdrop.add_patch(stream, grid, *rim, OCCLUDER_SIZE, where=stream.uniform(SHEET) < OCCLUDED)
    return photograph(stream, backdrop.canvas), np.stack([labels, scenes], axis=1).astype(np.uint8)
