"""What all tests share: those that need a box are skipped where none can be made, and the last line says so."""

import pytest

from cs231n_kit.grading.box import bubblewrap

BOXED = pytest.mark.boxed.name


def pytest_runtest_setup(item):
    if item.get_closest_marker(BOXED) and bubblewrap.why_not():
        pytest.skip(bubblewrap.why_not())


def pytest_unconfigure(config):
    """Say how many tests were skipped, and why, in the very last lines."""
    reporter = config.pluginmanager.get_plugin("terminalreporter")
    if reporter is None or hasattr(config, "workerinput"):
        return
    reasons = {}
    for report in reporter.stats.get("skipped", []):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
        reason = reason.removeprefix("Skipped: ")
        reasons[reason] = reasons.get(reason, 0) + 1
    for reason, count in reasons.items():
        print(f"{count} {'test' if count == 1 else 'tests'} skipped: {reason}")
