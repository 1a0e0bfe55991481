"""The networks that the data sets are measured with, in PyTorch: a reference that owes nothing to the course."""

import sys

import numpy as np

try:
    import torch
    from torch import nn
    from torch.nn import functional
except ImportError:
    sys.exit(
        "This benchmark trains its networks with PyTorch, which the course itself does not need. In an environment"
        " of its own:\n  python3 -m venv /tmp/torch && /tmp/torch/bin/pip install torch==2.13.0 -e .\n"
        "  /tmp/torch/bin/python -m benchmarks.data_calibration   (or benchmarks.data_transfer)"
    )

torch.set_num_threads(1)  # sums in one order: a run gives the same numbers again


def fresh(build, *arguments, **options):
    """A new network; its start, and the order it will be trained in, are always the same."""
    torch.manual_seed(0)
    return build(*arguments, **options)


def linear(inputs):
    return nn.Sequential(nn.Linear(inputs, 10))


def two_layer(inputs, hidden=100, dropout=0.0):
    return nn.Sequential(nn.Linear(inputs, hidden), nn.ReLU(), nn.Dropout(dropout), nn.Linear(hidden, 10))


def _block(channels_in, channels_out):
    return nn.Sequential(
        nn.Conv2d(channels_in, channels_out, 3, padding=1),
        nn.BatchNorm2d(channels_out),
        nn.ReLU(),
        nn.MaxPool2d(2),
    )


def small_convnet():
    """conv32 - batchnorm - pool - fc100 - fc."""
    return nn.Sequential(
        _block(3, 32), nn.Flatten(), nn.Linear(32 * 16 * 16, 100), nn.ReLU(), nn.Linear(100, 10)
    )


def deep_convnet():
    """Three times conv - batchnorm - pool, then fc."""
    return nn.Sequential(_block(3, 32), _block(32, 64), _block(64, 128), nn.Flatten(), nn.Linear(2048, 10))


def svm(scores, y):
    """Multiclass SVM with margin 1 (CS231n notes, linear classification)."""
    margins = (scores - scores.gather(1, y[:, None]) + 1).clamp(min=0)
    return margins.sum(1).mean() - 1  # the right class's own margin is 1


def train(
    model,
    X,
    y,
    *,
    epochs,
    learning_rate,
    reg=0.0,
    loss=functional.cross_entropy,
    adam=True,
    anneal=True,
    augment=None,
):
    """Train a network in place with batches of 100 and weight decay `reg`.

    Parameters
    ----------
    model : a module; only its parameters with `requires_grad` change
    X, y : (N, ...) float32 and (N,) int64 arrays
    adam : Adam, else plain stochastic gradient descent
    anneal : let the learning rate fall to 0 along a cosine
    augment : batch -> batch, such as `mirrored`
    """
    X, y = torch.as_tensor(X), torch.as_tensor(y)
    weights = [p for p in model.parameters() if p.requires_grad]
    kind = torch.optim.Adam if adam else torch.optim.SGD
    optimizer = kind(weights, lr=learning_rate, weight_decay=reg)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, epochs)
    for _ in range(epochs):
        model.train()
        for rows in torch.randperm(len(X)).split(100):
            optimizer.zero_grad()
            loss(model(augment(X[rows]) if augment else X[rows]), y[rows]).backward()
            optimizer.step()
        if anneal:
            schedule.step()
    return model.eval()


def mirrored(batch):
    """Each picture left to right with probability one half."""
    pictures = batch.reshape(len(batch), 32, 32, 3).permute(0, 3, 1, 2) if batch.ndim == 2 else batch
    turned = torch.where(torch.rand(len(batch), 1, 1, 1) < 0.5, pictures, pictures.flip(3))
    return turned.permute(0, 2, 3, 1).reshape(batch.shape) if batch.ndim == 2 else turned


def outputs(model, X):
    """The module's output for all of X, in pieces, as an array."""
    with torch.no_grad():
        return torch.cat(
            [model(torch.as_tensor(part)) for part in np.array_split(X, -(-len(X) // 500))]
        ).numpy()


def accuracy(model, X, y):
    """Percent right."""
    return 100 * float((outputs(model, X).argmax(1) == y).mean())
