"""Record the training runs of the exercise on reading loss curves: writes cs231n_kit/data/loss_curves.json.

``CS231N_NOTEBOOKS=solutions .venv/bin/python solutions/04-training-dynamics/record_curves.py``; takes about a minute.
The letters are in the order of `RUNS`; the exercise's hidden tests hold the diagnoses.
"""

import json
from pathlib import Path

import numpy as np

from cs231n_kit.data import load_picturebook, loss_curves
from cs231n_kit.notebooks import load_functions
from cs231n_kit.solver import Solver

FullyConnectedNet = load_functions("04-training-dynamics", "FullyConnectedNet")

POINTS = 80
# letter -> (hidden layers, learning rate, training pictures, epochs, further options)
RUNS = {
    "A": ([100], 0.03, 5000, 8, {"normalization": "batchnorm"}),
    "B": ([100] * 3, 0.0012, 2000, 15, {}),
    "C": ([200, 200], 0.05, 300, 30, {"normalization": "batchnorm"}),
    "D": ([100] * 3, 0.12, 2000, 20, {"weight_scale": 0.025}),
    "E": ([100] * 2, 0.5, 2000, 10, {}),
    "F": ([100] * 2, 0.001, 2000, 6, {"ascend": True}),
    "G": ([300, 100], 0.05, 300, 40, {}),
    "H": ([200], 0.05, 500, 30, {"mislabelled": True, "normalization": "batchnorm"}),
    "I": ([100] * 2, 0.01, 2000, 15, {"weight_scale": 0.25}),
    "J": ([100] * 2, 0.03, 5000, 8, {}),
    "K": ([50], 0.0012, 2000, 15, {}),
    "L": ([100] * 4, 0.38, 2000, 8, {}),
}


def record(hidden, learning_rate, num_train, num_epochs, ascend=False, mislabelled=False, **options):
    """Train a network as one run asks for; returns its losses and accuracies, rounded."""
    data = load_picturebook(num_train=num_train, num_val=500, num_test=100).tensors(layout="flat")
    if mislabelled:  # pictures and labels out of step
        data.y_train[:] = np.random.default_rng(1).permutation(data.y_train)
    solver = Solver(
        FullyConnectedNet(hidden, rng=np.random.default_rng(0), **options),
        data,
        optim_config={"learning_rate": -learning_rate if ascend else learning_rate},
        batch_size=50,
        num_epochs=num_epochs,
        rng=0,
        verbose=False,
    )
    with np.errstate(all="ignore"):
        solver.train()
    first, *rest = solver.loss_history
    parts = [first, *np.array_split(rest, POINTS)]
    return {
        "loss": [round(float(np.mean(part)), 3) for part in parts],
        "train": [round(accuracy, 3) for accuracy in solver.train_acc_history],
        "val": [round(accuracy, 3) for accuracy in solver.val_acc_history],
    }


if __name__ == "__main__":
    curves = {}
    for letter, (*settings, options) in RUNS.items():
        curves[letter] = record(*settings, **options)
        run = curves[letter]
        print(
            letter,
            "loss",
            run["loss"][0],
            "->",
            run["loss"][-1],
            "accuracies",
            run["train"][-1],
            run["val"][-1],
        )
    path = Path(loss_curves.__file__).with_suffix(".json")
    path.write_text(json.dumps(curves).replace('}, "', '},\n"') + "\n", encoding="utf-8")
