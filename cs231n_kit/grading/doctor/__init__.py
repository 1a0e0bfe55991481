"""Try the attack table on this host: which defence holds, and which does not."""

from cs231n_kit.grading.doctor.trial import Row, run

__all__ = ["Row", "run"]
