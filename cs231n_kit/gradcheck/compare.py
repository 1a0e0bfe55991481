"""The gradient check: a few random directions, and only if one disagrees, a search for where and why."""

import numpy as np

from cs231n_kit import checks
from cs231n_kit.gradcheck import diagnose
from cs231n_kit.gradcheck.along import Along, coarse
from cs231n_kit.gradcheck.locate import locate
from cs231n_kit.gradcheck.numeric import Probe, as_point
from cs231n_kit.gradcheck.report import GradientReport

DIRECTIONS = 3


def check_gradient(
    f,
    x,
    gradient,
    *,
    df=None,
    rtol=1e-6,
    h=1e-5,
    terms=None,
    sizes=None,
    max_entries=400,
    what="gradient",
    rng=None,
):
    """Compare a gradient with centred differences of `f`, and explain where they differ.

    The derivative along three random directions is measured first, with two evaluations each, whatever the
    size of x. Only if one of them is not what `gradient` says are entries compared one by one, and the
    pattern of their errors is looked up among the usual mistakes.

    Parameters
    ----------
    f : function of one array shaped like `x`; returns a number, or an array if `df` is given
    x : the point; any shape, any real dtype, never changed
    gradient : array shaped like `x`, to be checked
    df : upstream gradient, shaped like `f(x)`; f then stands for `sum(f(x) * df)`
    rtol : largest difference, relative to the size of the gradient
    h : step of the centred differences
    terms : dict of name -> array shaped like `x`; parts that the gradient is a sum with, such as
        ``{"the penalty's gradient 2 * reg * W": 2 * reg * W}``. A missing or wrongly scaled one is named
    sizes : dict of name -> int, such as ``{"N": 5}``, by which a constant factor can be explained
    max_entries : how many entries are compared when a direction disagrees
    what : the name of the gradient in the report
    rng : numpy Generator for the directions; a fixed seed if left out

    Returns
    -------
    GradientReport : true if the gradient is right; prints as text, shows as a picture in a notebook

    Notes
    -----
    Agreement is said only where a wrong gradient would have shown. Where rounding in f hides the slope, the report is
    false, its `told` is False, and it says so: that is no verdict on the gradient. A gradient below rounding of an f
    that stays flat even a hundred times the size of x away is zero for all that can be computed, and the report
    says "zero, up to rounding".

    A point where f has a kink (ReLU at 0, a tie of two maxima) has no gradient; any value between the slopes to
    both sides is accepted, and the report says so.
    """
    rng = np.random.default_rng(231) if rng is None else rng
    x, probe = as_point(x), Probe(f, df)
    here = probe.values(x)
    if not np.isfinite(here).all():
        finding = "f itself is not finite at x, so there is no gradient to compare with. Mend the forward pass first."
        return GradientReport(what, False, np.inf, probe.evaluations, (finding,))
    array = _as_gradient(gradient)
    finding = diagnose.unusable(array, gradient, probe, x, h)
    if finding:
        return GradientReport(what, False, np.inf, probe.evaluations, (finding,))

    verdicts = [Along(probe, x, array, direction, h, rtol) for direction in _directions(x.shape, rng)]
    error = max(verdict.error for verdict in verdicts)
    if all(verdict.agrees for verdict in verdicts):
        remark = "zero, up to rounding" if any(verdict.zero for verdict in verdicts) else coarse(probe)
        return GradientReport(what, True, error, probe.evaluations, precision=remark)
    if not any(verdict.disagrees for verdict in verdicts):
        return GradientReport(what, False, error, probe.evaluations, (diagnose.hidden(probe),), told=False)
    step = next(verdict.step for verdict in verdicts if verdict.disagrees)
    case = locate(probe, x, array, step, rtol, terms or {}, sizes or {}, max_entries, rng)
    if not case.wrong.any() and case.hidden:
        return GradientReport(
            what, False, error, probe.evaluations, (diagnose.hidden(probe),), case, told=False
        )
    findings = diagnose.explain(case)
    return GradientReport(
        what, not case.wrong.any(), error, probe.evaluations, findings, case, precision=coarse(probe)
    )


def check(f, x, gradient, what, *, df=None, rtol=1e-6, h=1e-5, terms=None, sizes=None, hint=None, rng=None):
    """Assert that `gradient` is the gradient of `f` at `x`; see `check_gradient` for the parameters.

    Parameters
    ----------
    what : what is being checked, for the message: "dW of svm_loss_naive"
    hint : a sentence to add when it is wrong

    Raises
    ------
    cs231n_kit.checks.CheckFailed : with the explanation
    """
    report = check_gradient(
        f, x, gradient, df=df, rtol=rtol, h=h, terms=terms, sizes=sizes, what=what, rng=rng
    )
    if not report.ok:
        checks.failed(what, *report.findings, hint=hint)
    checks.passed(what, note=report.note)


def _as_gradient(gradient):
    """`gradient` as float64, or None if it does not hold real numbers."""
    try:
        array = np.asarray(gradient)
    except ValueError:  # a ragged list
        return None
    return array.astype(np.float64) if array.dtype.kind in "fiub" else None


def _directions(shape, rng):
    """Random directions whose entries are all about 1 and never equal: no two errors cancel, none is overlooked."""
    for _ in range(DIRECTIONS):
        yield rng.uniform(0.5, 1.5, size=shape) * rng.choice([-1.0, 1.0], size=shape)
