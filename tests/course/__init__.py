"""Tests of the notebooks: they release, they grade, they accept right answers and refuse wrong ones."""
