"""Recorded training runs, to practise reading loss curves on."""

import json
from importlib.resources import files

import numpy as np


def load_loss_curves():
    """Twelve training runs of small networks on the picture book.

    Returns
    -------
    dict letter -> dict with `loss` (T,), the training loss in even intervals, and `train` and `val` (E + 1,),
        accuracies before training and after each of E epochs
    """
    text = files("cs231n_kit.data").joinpath("loss_curves.json").read_text(encoding="utf-8")
    return {
        letter: {name: np.array(numbers) for name, numbers in run.items()}
        for letter, run in json.loads(text).items()
    }
