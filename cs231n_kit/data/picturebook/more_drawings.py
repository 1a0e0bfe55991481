"""The ten things of the set `more`, each a function of a pen."""

from cs231n_kit.data.picturebook.shapes import both, box, circle, either, ellipse, polygon, ring, stroke


def umbrella(pen):
    at = pen.at
    handle = (0.25, 0.2, 0.2)
    pen.paint(stroke(at, (0, -0.2), (0, 0.8), 0.05), pen.colour(*handle))
    pen.paint(both(ring(at, 0.15, 0.78, 0.15, 0.05), 0.76 - at.v), pen.colour(*handle))
    scallops = either(circle(at.mirrored(), 0.62, 0.05, 0.27), circle(at, 0, 0.05, 0.3))
    canopy = both(circle(at, 0, 0, 0.92), at.v, -scallops)
    pen.paint(canopy, pen.first)
    pen.paint(both(canopy, ellipse(at, 0, 0, 0.32, 0.92)), pen.second)


def cup(pen):
    at = pen.at
    pen.paint(ring(at, 0.58, 0.2, 0.28, 0.09), pen.first)
    pen.paint(polygon(at, (-0.75, -0.35), (0.6, -0.35), (0.5, 0.85), (-0.65, 0.85)), pen.first)
    pen.paint(ellipse(at, -0.075, -0.35, 0.66, 0.17), pen.colour(0.3, 0.18, 0.1))
    for x in (-0.35, 0.15):
        pen.paint(stroke(at, (x, -0.6), (x + 0.12, -0.95), 0.05), pen.colour(0.9, 0.9, 0.9))  # steam


def apple(pen):
    at = pen.at
    pen.paint(circle(at.mirrored(), 0.25, 0.2, 0.6), pen.first)
    pen.paint(stroke(at, (0, -0.3), (0.1, -0.8), 0.06), pen.colour(0.35, 0.22, 0.12))
    leaf = ellipse(at.sheared(0.4, around=0.4), 0.4, -0.62, 0.32, 0.16)
    pen.paint(leaf, pen.colour(0.3, 0.6, 0.2))
    pen.paint(ellipse(at, -0.42, 0, 0.12, 0.2), pen.colour(0.97, 0.9, 0.88))


def key(pen):
    at = pen.at
    shaft = box(at, 0.35, 0, 0.62, 0.09)
    teeth = either(box(at, 0.85, 0.2, 0.09, 0.2), box(at, 0.55, 0.17, 0.08, 0.17))
    pen.paint(either(ring(at, -0.55, 0, 0.32, 0.1), shaft, teeth), pen.first)


def heart(pen):
    at = pen.at
    point = polygon(at, (-0.82, -0.03), (0, -0.5), (0.82, -0.03), (0, 0.92))
    pen.paint(either(circle(at.mirrored(), 0.42, -0.3, 0.48), point), pen.first)
    pen.paint(ellipse(at, -0.5, -0.38, 0.12, 0.16), pen.colour(0.97, 0.85, 0.88))


def snowman(pen):
    at = pen.at
    snow = pen.colour(0.93, 0.94, 0.96, 0.04)
    pen.paint(circle(at, 0, 0.5, 0.48), snow)
    pen.paint(circle(at, 0, -0.22, 0.34), snow)
    hat = either(box(at, 0, -0.53, 0.4, 0.06), box(at, 0, -0.77, 0.24, 0.22))
    pen.paint(hat, pen.colour(0.12, 0.1, 0.12))
    pen.paint(box(at, 0, 0.06, 0.32, 0.08), pen.first)  # scarf
    for x in (-0.12, 0.12):
        pen.paint(circle(at, x, -0.3, 0.06), pen.colour(0.05, 0.05, 0.05, 0.03))
    pen.paint(polygon(at, (0, -0.22), (0.4, -0.13), (0, -0.1)), pen.colour(0.95, 0.5, 0.1))


def butterfly(pen):
    at, wings = pen.at, pen.at.mirrored()
    pen.paint(ellipse(wings.sheared(0.5, around=0.5), 0.5, -0.3, 0.46, 0.42), pen.first)
    pen.paint(ellipse(wings.sheared(-0.4, around=0.4), 0.4, 0.45, 0.36, 0.33), pen.second)
    pen.paint(circle(wings, 0.55, -0.35, 0.15), pen.colour(0.95, 0.9, 0.7, 0.1))
    pen.paint(ellipse(at, 0, 0.05, 0.09, 0.62), pen.colour(0.1, 0.08, 0.08))
    pen.paint(stroke(wings, (0.03, -0.5), (0.22, -0.95), 0.03), pen.colour(0.1, 0.08, 0.08))


def cactus(pen):
    at = pen.at
    stem = stroke(at, (0, -0.7), (0, 0.95), 0.22)
    left = either(stroke(at, (0, 0.3), (-0.62, 0.3), 0.14), stroke(at, (-0.62, 0.3), (-0.62, -0.3), 0.14))
    right = either(stroke(at, (0, 0.05), (0.6, 0.05), 0.14), stroke(at, (0.6, 0.05), (0.6, -0.5), 0.14))
    pen.paint(either(stem, left, right), pen.first)
    pen.paint(box(at, 0, 0, 0.03, 0.75), pen.colour(0.1, 0.3, 0.1))  # groove


def rocket(pen):
    at = pen.at
    pen.paint(polygon(at, (-0.2, 0.6), (0.2, 0.6), (0, 1)), pen.colour(0.98, 0.6, 0.1, 0.1))  # flame
    pen.paint(polygon(at.mirrored(), (0.2, 0.1), (0.6, 0.7), (0.2, 0.6)), pen.second)  # fins
    pen.paint(both(ellipse(at, 0, 0.1, 0.36, 1.05), at.v - 0.62), pen.first)
    pen.paint(circle(at, 0, -0.25, 0.17), pen.colour(0.3, 0.5, 0.75))


def clock(pen):
    at = pen.at
    pen.paint(circle(at, 0, 0, 0.92), pen.first)
    pen.paint(circle(at, 0, 0, 0.72), pen.colour(0.95, 0.94, 0.9, 0.05))
    pen.paint(stroke(at, (0, 0), (0, -0.55), 0.06), pen.colour(0.1, 0.1, 0.1))
    pen.paint(stroke(at, (0, 0), (0.36, 0.12), 0.07), pen.colour(0.1, 0.1, 0.1))
    for x, y in ((0, -0.62), (0, 0.62), (0.62, 0), (-0.62, 0)):
        pen.paint(circle(at, x, y, 0.06), pen.colour(0.3, 0.3, 0.3))
