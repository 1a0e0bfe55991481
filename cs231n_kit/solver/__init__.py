"""Training: the loop that every notebook uses, and its checkpoints."""

from cs231n_kit.solver.loop import Solver, sgd

__all__ = ["Solver", "sgd"]
