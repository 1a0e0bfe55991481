"""The page that a student gets back."""

from cs231n_kit.grading.feedback.page import write_feedback

__all__ = ["write_feedback"]
