"""The attack table, whole: importing the rows enters them."""

from cs231n_kit.grading.doctor import attacks, smuggling
from cs231n_kit.grading.doctor.rows import ATTACKS

__all__ = ["ATTACKS", "attacks", "smuggling"]
