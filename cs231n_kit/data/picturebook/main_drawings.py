"""The ten things of the set `main`, each a function of a pen."""

import math

from cs231n_kit.data.picturebook.shapes import both, box, circle, either, ellipse, polygon, stroke

BLACK = (0.05, 0.05, 0.05, 0.03)


def plane(pen):
    at = pen.at
    for side in (1, -1):
        pen.paint(
            polygon(at, (-0.15, 0), (0.2, 0), (0.55, side * 0.92), (0.3, side * 0.92)), pen.second
        )  # wing
    for side in (1, -1):
        pen.paint(polygon(at, (0.6, 0), (0.85, 0), (1, side * 0.42), (0.86, side * 0.42)), pen.second)  # tail
    pen.paint(ellipse(at, 0, 0, 0.98, 0.17), pen.first)
    pen.paint(ellipse(at, -0.68, 0, 0.12, 0.09), pen.colour(0.2, 0.3, 0.4))  # cockpit


def car(pen):
    at = pen.at
    pen.paint(polygon(at, (-0.45, -0.5), (0.3, -0.5), (0.62, 0.02), (-0.68, 0.02)), pen.first)
    for window in (
        ((-0.4, -0.4), (-0.12, -0.4), (-0.12, -0.03), (-0.57, -0.03)),
        ((-0.02, -0.4), (0.25, -0.4), (0.5, -0.03), (-0.02, -0.03)),
    ):
        pen.paint(polygon(at, *window), pen.colour(0.75, 0.85, 0.92))
    pen.paint(box(at, 0, 0.22, 0.98, 0.25), pen.first)
    for x in (-0.55, 0.55):
        pen.paint(circle(at, x, 0.48, 0.27), pen.colour(0.08, 0.08, 0.09, 0.03))
        pen.paint(circle(at, x, 0.48, 0.12), pen.colour(0.7, 0.7, 0.7))


def balloon(pen):
    at = pen.at
    for side in (-1, 1):
        pen.paint(stroke(at, (side * 0.35, 0.2), (side * 0.14, 0.75), 0.03), pen.colour(0.25, 0.2, 0.15))
    body = either(circle(at, 0, -0.32, 0.64), polygon(at, (-0.55, 0), (0.55, 0), (0.2, 0.45), (-0.2, 0.45)))
    pen.paint(body, pen.first)
    pen.paint(both(body, ellipse(at, 0, -0.3, 0.25, 0.95)), pen.second)
    pen.paint(box(at, 0, 0.84, 0.2, 0.14), pen.colour(0.5, 0.33, 0.15))


def cat(pen):
    at = pen.at
    for side in (-1, 1):
        pen.paint(polygon(at, (side * 0.72, -0.9), (side * 0.1, -0.45), (side * 0.68, -0.02)), pen.first)
    pen.paint(ellipse(at, 0, 0.15, 0.75, 0.66), pen.first)
    for x in (-0.3, 0.3):
        pen.paint(ellipse(at, x, 0.02, 0.16, 0.14), pen.colour(0.75, 0.85, 0.3, 0.12))
        pen.paint(ellipse(at, x, 0.02, 0.06, 0.13), pen.colour(*BLACK))
    pen.paint(polygon(at, (-0.1, 0.27), (0.1, 0.27), (0, 0.38)), pen.colour(0.85, 0.45, 0.5))
    for y in (0.3, 0.42):
        whiskers = stroke(at.mirrored(), (0.25, 0.36), (0.95, y), 0.025)
        pen.paint(whiskers, pen.colour(0.92, 0.92, 0.92))


def fish(pen):
    at = pen.at
    pen.paint(polygon(at, (0.4, 0), (0.98, -0.45), (0.85, 0), (0.98, 0.45)), pen.second)  # tail
    pen.paint(polygon(at, (-0.3, -0.3), (0.15, -0.62), (0.3, -0.25)), pen.second)  # fin
    pen.paint(ellipse(at, -0.15, 0, 0.75, pen.between(0.34, 0.48)), pen.first)
    pen.paint(both(ellipse(at, -0.15, 0, 0.7, 0.36), abs(at.u - 0.12) - 0.07), pen.second)  # stripe
    pen.paint(circle(at, -0.55, -0.1, 0.13), pen.colour(0.95, 0.95, 0.95, 0.04))
    pen.paint(circle(at, -0.57, -0.1, 0.07), pen.colour(0.05, 0.05, 0.05, 0.04))


def flower(pen):
    at = pen.at
    pen.paint(stroke(at, (0, -0.2), (0.05, 1), 0.06), pen.colour(0.2, 0.5, 0.18))
    pen.paint(ellipse(at, 0.27, 0.6, 0.27, 0.12), pen.colour(0.25, 0.55, 0.2))
    angles = [math.pi * k / 3 for k in range(6)]
    # Rounded, as every sine that touches a pixel is (see streams.cos_sin).
    centres = [(round(0.4 * math.cos(a), 4), round(-0.3 + 0.4 * math.sin(a), 4)) for a in angles]
    pen.paint(either(*(circle(at, x, y, 0.26) for x, y in centres)), pen.first)
    pen.paint(circle(at, 0, -0.3, 0.22), pen.colour(0.95, 0.8, 0.2, 0.1))


def tree(pen):
    at = pen.at
    fir = pen.sometimes(0.4)
    pen.paint(box(at, 0, 0.6, 0.13, 0.4), pen.colour(0.38, 0.25, 0.14))
    crown = either(circle(at.mirrored(), 0.38, -0.05, 0.42), circle(at, 0, -0.45, 0.5))
    tiers = either(
        polygon(at, (0, -1), (0.42, -0.4), (-0.42, -0.4)),
        polygon(at, (0, -0.7), (0.58, 0.05), (-0.58, 0.05)),
        polygon(at, (0, -0.3), (0.75, 0.5), (-0.75, 0.5)),
    )
    pen.paint(crown, pen.first, where=1 - fir)
    pen.paint(tiers, pen.first, where=fir)


def house(pen):
    at = pen.at
    pen.paint(box(at, 0.45, -0.5, 0.12, 0.32), pen.colour(0.5, 0.3, 0.25))  # chimney
    pen.paint(box(at, 0, 0.4, 0.72, 0.5), pen.first)
    pen.paint(polygon(at, (0, -0.92), (0.98, -0.05), (-0.98, -0.05)), pen.second)  # roof
    pen.paint(box(at, -0.3, 0.6, 0.17, 0.3), pen.colour(0.3, 0.18, 0.1))  # door
    pen.paint(box(at, 0.32, 0.38, 0.2, 0.18), pen.colour(0.85, 0.9, 0.7, 0.12))  # window


def boat(pen):
    at = pen.at
    hull = pen.colour(0.45, 0.25, 0.15, 0.1)
    pen.paint(box(at, 0, -0.25, 0.06, 0.62), pen.colour(0.3, 0.2, 0.15))  # mast
    pen.paint(polygon(at, (0.08, -0.9), (0.08, 0.22), (0.8, 0.22)), pen.first)
    pen.paint(polygon(at, (-0.1, -0.65), (-0.1, 0.22), (-0.62, 0.22)), pen.second)
    pen.paint(polygon(at, (-0.98, 0.34), (0.98, 0.34), (0.6, 0.85), (-0.7, 0.85)), hull)


def mushroom(pen):
    at = pen.at
    pen.paint(polygon(at, (-0.2, 0), (0.2, 0), (0.3, 0.9), (-0.3, 0.9)), pen.colour(0.9, 0.85, 0.75))
    cap = both(ellipse(at, 0, 0.1, 0.92, pen.between(0.75, 0.98)), at.v - 0.12)
    pen.paint(cap, pen.first)
    for x, y, radius in ((-0.45, -0.15, 0.14), (0.1, -0.45, 0.15), (0.5, -0.1, 0.12), (0, -0.05, 0.1)):
        pen.paint(both(circle(at, x, y, radius), cap), pen.colour(0.95, 0.93, 0.88, 0.05))
