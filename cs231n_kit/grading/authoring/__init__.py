"""From the source of an assignment to what students get: read, build, check, swap in, bundle."""

from cs231n_kit.grading.authoring.build import release

__all__ = ["release"]
