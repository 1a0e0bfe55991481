"""Which target fills which cell of the transfer-learning table: similar or different, little data or much?

    python -m benchmarks.data_transfer

A ConvNet is trained on 10,000 pictures of the set `main`; its frozen layers are probed, and the whole is fine-tuned,
on each target. Seed 231 was looked at while the targets were chosen, seed 2026 was not.
"""

import copy
from functools import partial

import numpy as np

from benchmarks.data_features import standardised
from benchmarks.data_networks import accuracy, deep_convnet, fresh, functional, nn, outputs, torch, train
from benchmarks.data_report import Report
from cs231n_kit.data import load_picturebook, load_textures

SEEDS = 231, 2026
SOURCE_SIZE, SOURCE_EPOCHS = 10_000, 6
MOST, NUM_VAL, NUM_TEST = 6000, 1000, 2000
PENALTIES = 1e-3, 1e-2, 1e-1
TARGETS = [
    ("more", 5, "similar, little"),
    ("more", 20, "similar, little"),
    ("more", 500, "similar, much"),
    ("scene", 10, "different, little"),
    ("scene", 20, "different, little"),
    ("textures", 20, "–"),
    ("textures", 500, "different, much"),
]
COLUMNS = (
    "pixels",
    "pixels 4 x 4",
    "layer 1",
    "layer 2",
    "layer 3",
    "random layer 3",
    "from scratch",
    "fine-tuned",
)


def load_target(name, seed):
    """The whole target; scenes are those of pictures that the source network has not seen."""
    if name == "textures":
        return load_textures(MOST, NUM_VAL, NUM_TEST, seed=seed)
    if name == "scene":
        return load_picturebook(MOST, NUM_VAL, NUM_TEST, seed=seed + 1, target="scene")
    return load_picturebook(MOST, NUM_VAL, NUM_TEST, seed=seed, classes="more")


def source_network(seed):
    """The ConvNet, trained, and its test accuracy."""
    data = load_picturebook(SOURCE_SIZE, 0, NUM_TEST, seed=seed).tensors()
    model = train(fresh(deep_convnet), data.X_train, data.y_train, epochs=SOURCE_EPOCHS, learning_rate=1e-3)
    return model, accuracy(model, data.X_test, data.y_test)


def pooled(images):
    """(N, C, H, W) -> (N, C * 16): means over a 4 x 4 grid."""
    n, channels, height, width = images.shape
    return images.reshape(n, channels, 4, height // 4, 4, width // 4).mean((3, 5)).reshape(n, -1)


def layer_features(model, depth, X):
    """The first `depth` blocks' output, pooled."""
    return pooled(outputs(model[:depth], X))


def probe(data, features):
    """Test accuracy of a linear classifier on frozen features, the penalty chosen on the validation split."""
    train_X, val_X, test_X = standardised(*(features(X) for X in (data.X_train, data.X_val, data.X_test)))
    models = [logistic_regression(train_X, data.y_train, penalty) for penalty in PENALTIES]
    best = max(models, key=lambda model: accuracy(model, val_X, data.y_val))
    return accuracy(best, test_X, data.y_test)


def logistic_regression(X, y, penalty):
    """Softmax regression with an L2 penalty on mean-0, deviation-1 features, by L-BFGS."""
    model = fresh(nn.Linear, X.shape[1], 10)
    nn.init.zeros_(model.weight)
    X, y = torch.as_tensor(X), torch.as_tensor(y)
    optimizer = torch.optim.LBFGS(model.parameters(), max_iter=60, line_search_fn="strong_wolfe")

    def closure():
        optimizer.zero_grad()
        loss = functional.cross_entropy(model(X), y) + penalty * (model.weight**2).sum()
        loss.backward()
        return loss

    optimizer.step(closure)
    return model


def trained(model, data, learning_rate):
    """Test accuracy after training every layer; few pictures are seen more often."""
    epochs = 10 if len(data.y_train) > 1000 else 60
    train(model, data.X_train, data.y_train, epochs=epochs, learning_rate=learning_rate)
    return accuracy(model, data.X_test, data.y_test)


def with_new_head(source):
    torch.manual_seed(0)
    return nn.Sequential(*copy.deepcopy(source)[:-1], nn.Linear(2048, 10))


def row(data, source):
    """Test accuracy of each of COLUMNS."""
    untrained = fresh(deep_convnet)
    untrained.eval()
    layers = [partial(layer_features, source, depth) for depth in (1, 2, 3)]
    return [
        probe(data, lambda X: X.reshape(len(X), -1)),
        probe(data, pooled),
        *(probe(data, features) for features in layers),
        probe(data, partial(layer_features, untrained, 3)),
        trained(fresh(deep_convnet), data, 1e-3),
        trained(with_new_head(source), data, 5e-4),
    ]


def measure(report, seed):
    source, source_accuracy = source_network(seed)
    report.say(
        f"## Seed {seed}; the source network is right on {source_accuracy:.1f} % of its own test pictures"
    )
    whole = {name: load_target(name, seed) for name in dict.fromkeys(name for name, *_ in TARGETS)}
    rows = {}
    for name, per_class, _ in TARGETS:
        data = whole[name].subset(train_per_class=per_class).tensors()
        rows[name, per_class] = row(data, source)
        print(name, per_class, np.round(rows[name, per_class], 1), flush=True)
    report.table(
        ["target, per class", "cell", *COLUMNS],
        [[f"{name}, {per_class}", cell, *rows[name, per_class]] for name, per_class, cell in TARGETS],
    )
    return claims_of(seed, {key: dict(zip(COLUMNS, values, strict=True)) for key, values in rows.items()})


def claims_of(seed, rows):
    """(claim, whether it holds) for each cell of the table."""
    few, some, many = (rows["more", count] for count in (5, 20, 500))
    scene, woven = rows["scene", 10], rows["textures", 500]
    return [
        (
            f"{seed}: similar, little: the last layer's probe beats training from scratch",
            gain(few, "layer 3") >= 3,
        ),
        (
            f"{seed}: similar, little: the last layer's probe beats the first's",
            few["layer 3"] - few["layer 1"] >= 3,
        ),
        (
            f"{seed}: similar, 20 a class: fine-tuning beats training from scratch",
            gain(some, "fine-tuned") >= 3,
        ),
        (f"{seed}: similar, much: fine-tuning beats every probe", many["fine-tuned"] - many["layer 3"] >= 3),
        (
            f"{seed}: different, little: an early layer's probe beats the last's",
            max(scene["layer 1"], scene["layer 2"]) - scene["layer 3"] >= 3,
        ),
        (
            f"{seed}: different, little: an early layer's probe beats training from scratch",
            max(gain(scene, "layer 1"), gain(scene, "layer 2")) >= 3,
        ),
        (
            f"{seed}: different, much: fine-tuning beats every probe",
            woven["fine-tuned"] - woven["layer 3"] >= 3,
        ),
        (f"{seed}: different, much: fine-tuning beats training from scratch", gain(woven, "fine-tuned") > 0),
    ]


def gain(values, method):
    return values[method] - values["from scratch"]


def main():
    report = Report(
        "Transfer from the picture book",
        f"Percent right on {NUM_TEST:,} test pictures of the target; standard error about 1.1. Probes are softmax"
        " regressions on frozen, 4 x 4-pooled layers. Made by `python -m benchmarks.data_transfer`.",
    )
    claims = [claim for seed in SEEDS for claim in measure(report, seed)]
    report.say("## What was expected, and whether it came")
    report.claims(claims)
    report.save("data_transfer.md")


if __name__ == "__main__":
    main()
