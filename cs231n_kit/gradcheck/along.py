"""Does a gradient agree with f along one direction? Yes, no, or: rounding hides it."""

import numpy as np

from cs231n_kit.gradcheck import rounding

# A step too long for a steep f, one that crosses a kink, one too short for a noisy f: each has its remedy.
FACTORS = (1.0, 0.1, 0.01, 10.0)
# Steps relative to the size of x: where that is far from 1, or where the slope is small beside f itself.
RELATIVE = (1e-5, 1e-4, 1e-3, 1e-2)
FAR = (1e-2, 1.0, 100.0)
TELLING = 1e-3  # rounding may be so large a part of a slope that is to be judged
LOWER_PRECISION = 12  # digits; with fewer, f does not compute in float64


class Along:
    """The comparison along one direction.

    Attributes
    ----------
    agrees, disagrees : the verdict; neither where rounding hides the slope
    zero : whether it agrees in that the slope is zero, up to rounding
    error : difference of claimed and measured slope, relative to the gradient's size
    step : of the measurement that the verdict rests on
    """

    def __init__(self, probe, x, gradient, direction, h, rtol):
        self.probe, self.x, self.gradient, self.direction = probe, x, gradient, direction
        self.rtol, self.size = rtol, float(np.linalg.norm(gradient))
        self.agrees = self.disagrees = self.zero = False
        self.error, self.step = np.inf, h
        if probe.rounding is None:
            if self._confirmed(h, TELLING) or any(self._confirmed(f * h, 10 * rtol) for f in FACTORS[1:]):
                return
            if not np.array_equal(
                probe.values(x), probe.values(x)
            ):  # f draws at random: no rounding explains that
                self.disagrees = True
                return
            probe.rounding, probe.digits = rounding.measured(probe, x, direction)
        self._judge(h)

    def _confirmed(self, step, most):
        """Whether one measurement shows agreement, with what is known of f's rounding from outside."""
        error, noise, allowed = self._look(step)
        self.agrees, self.error = noise <= most and error <= allowed, error
        return self.agrees

    def _judge(self, h):
        steps = self._steps(h)
        looks = [self._look(step) for step in steps]
        for most in (10 * self.rtol, TELLING):  # sharp measurements first
            for step, (error, noise, gap_allowed) in zip(steps, looks, strict=True):
                if noise <= most and error <= gap_allowed:
                    self.agrees, self.error, self.step = True, error, step
                    return
        telling = [
            (step, error) for step, (error, noise, _) in zip(steps, looks, strict=True) if noise <= TELLING
        ]
        if telling:
            self.disagrees, (self.step, self.error) = True, telling[0]
        elif self._zero(steps):
            self.agrees, self.error, self.zero = True, 0.0, True

    def _look(self, step):
        """(error, noise, what error is allowed), all relative to the size of the gradient."""
        measured, claimed = self.probe.along(self.x, self.direction, self.gradient, step)
        gap, noise = abs(measured - claimed), self.probe.noise(step)
        scale = max(self.size, abs(measured))
        if gap == 0.0 and noise == 0.0:
            return 0.0, 0.0, 0.0
        if scale == 0.0 or not np.isfinite(gap):
            return np.inf, np.inf if scale == 0.0 else noise, 0.0
        return gap / scale, noise / scale, self.rtol + noise / scale

    def _steps(self, h):
        """The steps that are tried: around h, and relative to x; none so short that x does not move."""
        unit = rounding.scale_of(self.x)
        balanced = 10 ** (-self.probe.digits / 3)  # truncation and rounding are alike there
        steps = [factor * h for factor in FACTORS] + [part * unit for part in (balanced, *RELATIVE)]
        shortest = 16 * np.finfo(np.float64).eps * np.abs(self.x).max(initial=0.0)
        return list(dict.fromkeys(step for step in steps if step > shortest))

    def _zero(self, steps):
        """Whether the slope is claimed to be zero, and f is flat: not only here, where a small slope would hide."""
        if (
            max(
                self.size,
                *(abs(self.probe.along(self.x, self.direction, self.gradient, s)[0]) for s in steps),
            )
            == 0.0
        ):
            return True
        if self.size > self.probe.noise(max(steps)):
            return False
        here, unit = self.probe.total(self.x), rounding.scale_of(self.x)
        # Far from x, what cancels is larger, and so is what its rounding leaves.
        allowed = 1e3 * max(self.probe.rounding, np.finfo(np.float64).eps * abs(here))
        return all(
            abs(self.probe.total(self.x + far * unit * self.direction) - here) <= allowed for far in FAR
        )


def coarse(probe):
    """What to say of an f that computes in a lower precision than float64, or an empty text."""
    digits = min(probe.digits, -np.log10(probe.eps))
    if digits > LOWER_PRECISION:
        return ""
    kind = "float32" if digits > 5 else "less than float32"
    return f"f computes in {kind}, about {digits:.0f} digits: nothing finer can be told"
