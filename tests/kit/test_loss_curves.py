"""The recorded training runs that students read."""

import numpy as np

from cs231n_kit.data import load_loss_curves


def test_twelve_runs_that_begin_and_end_as_their_diagnoses_say():
    curves = load_loss_curves()
    assert "".join(curves) == "ABCDEFGHIJKL"
    for run in curves.values():
        assert len(run["loss"]) == 81
        assert len(run["train"]) == len(run["val"])
        assert all(np.isfinite(run[name]).all() for name in ("loss", "train", "val"))
    # one sign of each illness, so that a new recording cannot change the answers unnoticed
    first, last = ({letter: run["loss"][i] for letter, run in curves.items()} for i in (0, -1))
    worst = {letter: run["loss"].max() for letter, run in curves.items()}
    assert all(2.0 < last[letter] < first[letter] < 2.6 for letter in "BK"), "rate too low"
    assert all(abs(first[letter] - np.log(10)) < 0.2 and worst[letter] > 4 for letter in "EL"), (
        "rate too high"
    )
    assert first["I"] > 5 and curves["D"]["loss"][:40].min() > 2.2, "bad initialisation"
    assert all(curves[c]["train"][-1] > 0.95 and 0.2 < curves[c]["val"][-1] < 0.5 for c in "CG"), (
        "overfitting"
    )
    assert last["F"] > first["F"] + 1 and curves["H"]["train"][-1] > 0.9 and curves["H"]["val"][-1] < 0.15, (
        "bug"
    )
    assert all(last[c] < 1.5 and curves[c]["train"][-1] - curves[c]["val"][-1] < 0.2 for c in "AJ"), "good"
