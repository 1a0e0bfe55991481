"""Numerical gradients, and a gradient check that explains itself."""

from cs231n_kit.gradcheck.compare import check, check_gradient
from cs231n_kit.gradcheck.numeric import numerical_gradient, relative_error
from cs231n_kit.gradcheck.report import GradientReport

__all__ = ["GradientReport", "check", "check_gradient", "numerical_gradient", "relative_error"]
