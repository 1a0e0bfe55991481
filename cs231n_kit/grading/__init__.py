"""The instructor's side: release, grade and report. Nothing outside this package imports it."""
