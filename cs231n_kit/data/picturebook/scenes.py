"""What is behind the thing: the scene, and the odds and ends that lie about in it."""

import math
from typing import NamedTuple

import numpy as np

from cs231n_kit.data.picturebook.shapes import Grid, box, coverage, ellipse
from cs231n_kit.data.picturebook.streams import cos_sin, smooth_noise

SCENE_BIAS = 0.55  # how often a thing is in one of its own scenes, and not in any
TINT = 0.15  # how far a scene's colours stray
TEXTURE = (0.02, 0.18)  # strength of the grain on everything
CLUTTER = (1, 3)  # how many odds and ends
CLUTTER_SIZE = (0.1, 0.4)


class Scene(NamedTuple):
    """Colours above and below the horizon, and whether one flows into the other."""

    above: tuple
    below: tuple
    soft: bool = False


SCENES = {
    "meadow": Scene((0.55, 0.75, 0.95), (0.36, 0.62, 0.26)),
    "sea": Scene((0.62, 0.78, 0.93), (0.12, 0.38, 0.62)),
    "deep": Scene((0.16, 0.55, 0.66), (0.03, 0.2, 0.42), soft=True),
    "sky": Scene((0.42, 0.63, 0.95), (0.76, 0.88, 0.97), soft=True),
    "night": Scene((0.05, 0.06, 0.18), (0.13, 0.12, 0.22)),
    "street": Scene((0.62, 0.62, 0.66), (0.3, 0.3, 0.32)),
    "sunset": Scene((0.95, 0.58, 0.32), (0.36, 0.18, 0.3)),
    "room": Scene((0.86, 0.78, 0.64), (0.5, 0.33, 0.2)),
    "forest": Scene((0.13, 0.28, 0.14), (0.32, 0.26, 0.13)),
    "snow": Scene((0.74, 0.8, 0.88), (0.94, 0.94, 0.96)),
}


def each(values):
    """One number a picture, float32, to be combined with (n, H, H)."""
    return np.asarray(values, np.float32).reshape(-1, 1, 1)


def choose_scenes(stream, labels, things):
    """A scene for each picture: mostly one where its thing is at home. (n,) int64."""
    n = len(labels)
    at_home = stream.uniform(n) < SCENE_BIAS
    scenes = stream.below(len(SCENES), n)
    spot = stream.uniform(n)
    for label, thing in enumerate(things):
        shares = np.cumsum([thing.scenes.get(name, 0) for name in SCENES])
        mine = (labels == label) & at_home
        scenes[mine] = np.searchsorted(shares, spot[mine] * shares[-1], side="right")
    return scenes


class Backdrop:
    """The painted scene of n pictures, with what later layers need to match it.

    Attributes
    ----------
    canvas : (n, 3, H, H) float32
    above, below : (n, 3), the scene's own two colours
    grain : (n, 1, 1), strength of the texture
    """

    def __init__(self, stream, scenes, grid):
        n, size = len(scenes), grid.u.shape[-1]
        table = tuple(SCENES.values())
        above, below = (
            np.array([getattr(scene, side) for scene in table])[scenes] for side in ("above", "below")
        )
        soft = np.array([scene.soft for scene in table])[scenes]
        self.above = above + stream.uniform(n, 3, low=-TINT, high=TINT)
        self.below = below + stream.uniform(n, 3, low=-TINT, high=TINT)
        horizon = each(stream.uniform(n, low=-0.25, high=0.55))
        soft_width = stream.uniform(n, low=1.2, high=2.2)
        width = each(np.where(soft, soft_width, stream.uniform(n, low=0.06, high=0.3)))
        tilt = each(stream.uniform(n, low=-0.12, high=0.12))
        hills = smooth_noise(stream, n, 1, 4, size)[:, 0] * 0.12
        depth = np.minimum(np.maximum((grid.v + tilt * grid.u + hills - horizon) / width + 0.5, 0), 1)[
            :, None
        ]
        top, bottom = (c.astype(np.float32)[:, :, None, None] for c in (self.above, self.below))
        self.canvas = top + depth * (bottom - top)
        grain = stream.uniform32(n, 1, 1, 1, low=TEXTURE[0], high=TEXTURE[1])
        self.canvas += grain * smooth_noise(stream, n, 1, 5, size)
        self.canvas += grain * 0.6 * smooth_noise(stream, n, 3, 11, size)
        self.grain = grain[:, 0]

    def add_clutter(self, stream, grid):
        """Put one to three odds and ends anywhere."""
        n = len(self.canvas)
        fewest, most = CLUTTER
        count = fewest + stream.below(most - fewest + 1, n)
        for k in range(most):
            x, y = stream.uniform(2, n, low=-1.1, high=1.1)
            self.add_patch(stream, grid, x, y, CLUTTER_SIZE, where=count > k)

    def add_patch(self, stream, grid, x, y, sizes, where):
        """Paint one turned ellipse or box a picture, in a colour like the scene's or any other.

        Parameters
        ----------
        x, y : (n,) centres
        sizes : (least, most) half width and half height
        where : (n,) bool, pictures that get one
        """
        n = len(self.canvas)
        half_width, half_height = (each(stream.uniform(n, low=sizes[0], high=sizes[1])) for _ in range(2))
        cosine, sine = (each(c) for c in cos_sin(stream.uniform(n, high=math.pi)))
        dx, dy = grid.u - each(x), grid.v - each(y)
        own = Grid(cosine * dx + sine * dy, cosine * dy - sine * dx)
        angular = each(stream.uniform(n)) < 0.4
        distance = np.where(
            angular, box(own, 0, 0, half_width, half_height), ellipse(own, 0, 0, half_width, half_height)
        )
        matching, any_colour = stream.uniform(n, 1) < 0.6, stream.uniform(n, 3)
        base = np.where(stream.uniform(n, 1) < 0.5, self.above, self.below)
        colour = np.where(matching, base + (any_colour - 0.5) * 0.5, any_colour).astype(np.float32)
        pixel = 2 / self.canvas.shape[-1]
        alpha = (coverage(distance, 1.5 * pixel) * each(where))[:, None]
        self.canvas += alpha * (colour[:, :, None, None] - self.canvas)
