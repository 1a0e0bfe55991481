"""Train the network that 08-transfer-learning starts from: ``make pretrained`` writes datasets/pretrained/*.npz.

NumPy only, with the functions that the solutions define. A run that was stopped goes on where it was, and ends with the
same bits. The card datasets/pretrained.md says what came out; its numbers are printed here.
"""

import hashlib
import math
import os
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[1]
os.environ["CS231N_NOTEBOOKS"] = str(ROOT / "solutions")

from cs231n_kit.data import load_picturebook  # noqa: E402 - the variable is set first
from cs231n_kit.data.pretrained import SUMS  # noqa: E402
from cs231n_kit.notebooks import load_functions  # noqa: E402
from cs231n_kit.solver import Solver  # noqa: E402

TransferNet, as_input, extract_features, pooled = load_functions(
    "08-transfer-learning", "TransferNet", "as_input", "extract_features", "pooled"
)
adam = load_functions("05-optimizers", "adam")

SEED, EPOCHS, LEARNING_RATE = 231, 20, 2e-3
FEW_TRAIN, FEW_TEST = 200, 400  # pictures in the file of features
FOLDER = ROOT / "datasets" / "pretrained"
CHECKPOINT = ROOT / "build" / "pretraining.npz"


class Mirrored(TransferNet):
    """The network, shown half of its training pictures the other way round."""

    def __init__(self, **options):
        super().__init__(**options)
        self.rng = np.random.default_rng(SEED)

    def loss(self, X, y=None):
        if y is not None:
            turn = self.rng.random(len(X)) < 0.5
            X = np.where(turn[:, None, None, None], X[..., ::-1], X)
        return super().loss(X, y)


def cosine(rate, epoch):
    """From `rate` down to 0 at the end; a plain float, which leaves float32 as it is."""
    return rate * 0.5 * (1 + math.cos(math.pi * epoch / EPOCHS))


def train():
    """Returns (network with its best parameters, mean colour (3, 1, 1), test accuracy)."""
    book = load_picturebook(10_000, 1000, 2000, seed=SEED)
    mean = (book.X_train.mean(axis=(0, 1, 2)) / 255).astype(np.float32)[:, None, None]
    data = {f"y_{split}": book.split(split)[1] for split in ("train", "val")}
    data |= {f"X_{split}": as_input(book.split(split)[0], mean) for split in ("train", "val")}
    model = Mirrored(rng=SEED)
    options = {"rng": SEED, "num_epochs": EPOCHS, "checkpoint": CHECKPOINT}
    solver = Solver(model, data, adam, {"learning_rate": LEARNING_RATE}, cosine, **options)
    CHECKPOINT.parent.mkdir(exist_ok=True)
    if CHECKPOINT.is_file():
        solver.resume(CHECKPOINT)
        print(f"Going on after epoch {solver.epoch} of {EPOCHS}, from {CHECKPOINT}")
    solver.train()
    print(f"right on {solver.best_val_acc:.1%} of 1,000 validation pictures")
    return model, mean, solver.check_accuracy(as_input(book.X_test, mean), book.y_test)


def weights_of(model, mean):
    """The arrays of the file `network`."""
    statistics = {
        f"{name}_{block}": bn_param[name]
        for block, bn_param in model.bn_params.items()
        for name in ("running_mean", "running_var")
    }
    return {**model.params, **statistics, "mean": mean}


def features_of(model, mean):
    """The arrays of the file `features`: what the blocks make of pictures of the set `more`, in 256 steps."""
    things, scenes = (
        load_picturebook(FEW_TRAIN, 0, FEW_TEST, seed=SEED, classes="more", target=target)
        for target in ("object", "scene")
    )
    arrays = {}
    for split in ("train", "test"):
        pictures, arrays[f"object_{split}"] = things.split(split)
        arrays[f"scene_{split}"] = scenes.split(split)[1]
        for block in model.bn_params:
            rows = pooled(extract_features(model, as_input(pictures, mean), block))
            step = arrays.setdefault(
                f"step_{block}", np.float32(rows.max() / 255)
            )  # of the training pictures
            arrays[f"{block}_{split}"] = np.clip(np.rint(rows / step), 0, 255).astype(np.uint8)
    return arrays


def write(files):
    """Write the files and their sums, whole or not at all."""
    FOLDER.mkdir(exist_ok=True)
    sums = []
    for name, arrays in files.items():
        part, path = FOLDER / f"{name}.part.npz", FOLDER / f"{name}.npz"
        np.savez_compressed(part, **arrays)
        part.replace(path)
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        sums.append(f"{digest}  {path.name}\n")
        print(f"{path.relative_to(ROOT)}  {path.stat().st_size:,} bytes  SHA-256 {digest}")
    SUMS.write_text("".join(sums), encoding="utf-8")


def main():
    model, mean, accuracy = train()
    print(f"right on {accuracy:.1%} of 2,000 test pictures")
    write({"network": weights_of(model, mean), "features": features_of(model, mean)})
    CHECKPOINT.unlink()  # the next run begins anew


if __name__ == "__main__":
    main()
