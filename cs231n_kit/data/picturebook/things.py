"""The classes: which things there are, where they are mostly seen and in which colours."""

from collections.abc import Callable
from typing import NamedTuple

from cs231n_kit.data.picturebook import main_drawings as main
from cs231n_kit.data.picturebook import more_drawings as more

RED, ORANGE, YELLOW = (0.82, 0.15, 0.13), (0.93, 0.5, 0.14), (0.93, 0.82, 0.2)
GREEN, LEAF, BLUE = (0.2, 0.5, 0.2), (0.3, 0.55, 0.15), (0.18, 0.32, 0.75)
PURPLE, PINK, BROWN = (0.5, 0.25, 0.62), (0.93, 0.5, 0.66), (0.45, 0.3, 0.18)
WHITE, GREY, BLACK, CREAM = (0.93, 0.93, 0.93), (0.58, 0.58, 0.6), (0.12, 0.12, 0.13), (0.9, 0.82, 0.65)


class Thing(NamedTuple):
    """One class: how it is drawn, how often in which scene, and its first and second colours."""

    draw: Callable
    scenes: dict
    first: tuple
    second: tuple


MAIN = {
    "plane": Thing(main.plane, {"sky": 6, "sunset": 2, "sea": 1}, (WHITE, GREY), (GREY, WHITE, RED)),
    "car": Thing(main.car, {"street": 6, "night": 2, "snow": 1}, (RED, BLUE, BLACK, GREY), (GREY,)),
    "balloon": Thing(
        main.balloon, {"sky": 4, "sunset": 3, "meadow": 2}, (RED, ORANGE, PURPLE), (YELLOW, WHITE)
    ),
    "cat": Thing(main.cat, {"room": 6, "street": 2, "night": 1}, (ORANGE, BLACK, GREY), (WHITE,)),
    "fish": Thing(main.fish, {"deep": 6, "sea": 3}, (ORANGE, YELLOW, GREY), (RED, WHITE)),
    "flower": Thing(
        main.flower, {"meadow": 5, "forest": 2, "room": 2}, (PINK, RED, WHITE, PURPLE), (YELLOW,)
    ),
    "tree": Thing(main.tree, {"meadow": 4, "snow": 4, "forest": 1}, (GREEN, LEAF), (GREEN,)),
    "house": Thing(main.house, {"snow": 3, "meadow": 3, "night": 3}, (CREAM, WHITE, RED), (BROWN, RED)),
    "boat": Thing(main.boat, {"sea": 6, "sunset": 3}, (WHITE, CREAM), (WHITE, RED)),
    "mushroom": Thing(main.mushroom, {"forest": 6, "meadow": 2, "night": 1}, (RED, BROWN), (WHITE,)),
}
MORE = {
    "umbrella": Thing(
        more.umbrella, {"street": 5, "sea": 2, "night": 2}, (RED, YELLOW, BLUE), (WHITE, BLACK)
    ),
    "cup": Thing(more.cup, {"room": 6, "street": 2}, (WHITE, BLUE, RED), (WHITE,)),
    "apple": Thing(more.apple, {"room": 3, "meadow": 3, "forest": 2}, (RED, GREEN, YELLOW), (GREEN,)),
    "key": Thing(more.key, {"room": 4, "street": 3, "night": 2}, (YELLOW, GREY, BROWN), (GREY,)),
    "heart": Thing(more.heart, {"room": 3, "sky": 3, "sunset": 2}, (RED, PINK), (PINK,)),
    "snowman": Thing(more.snowman, {"snow": 5, "night": 3}, (RED, GREEN, BLUE), (BLACK,)),
    "butterfly": Thing(
        more.butterfly, {"meadow": 5, "sky": 2, "forest": 2}, (ORANGE, BLUE, YELLOW, PURPLE), (ORANGE, PINK)
    ),
    "cactus": Thing(more.cactus, {"sunset": 5, "sky": 2, "room": 2}, (GREEN, LEAF), (GREEN,)),
    "rocket": Thing(more.rocket, {"night": 6, "sky": 3}, (WHITE, GREY), (RED, BLUE)),
    "clock": Thing(more.clock, {"room": 5, "street": 3}, (BROWN, BLACK, RED), (GREY,)),
}
SETS = {"main": MAIN, "more": MORE}
