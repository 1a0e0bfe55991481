"""The fast convolution of 07-cnn against PyTorch's on the CPU, one thread each, forward and backward.

python -m benchmarks.convolution
"""

import os
import sys
import time
from pathlib import Path

for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[variable] = "1"  # before NumPy is first imported
os.environ["CS231N_NOTEBOOKS"] = str(Path(__file__).parent.parent / "solutions")

import numpy as np  # noqa: E402 - reads the number of threads

from benchmarks.data_report import Report  # noqa: E402
from cs231n_kit.notebooks import load_functions  # noqa: E402

try:
    import torch
except ImportError:
    sys.exit(
        "This benchmark compares with PyTorch, which the course itself does not need. In an environment of its own:\n"
        "  python3 -m venv /tmp/torch && /tmp/torch/bin/pip install torch==2.13.0 -e .\n"
        "  /tmp/torch/bin/python -m benchmarks.convolution"
    )

conv_forward_im2col, conv_backward_im2col = load_functions(
    "07-cnn", "conv_forward_im2col", "conv_backward_im2col"
)

SHAPES = [  # pictures, filters, padding
    ((100, 3, 32, 32), (32, 3, 7, 7), 3),
    ((100, 32, 16, 16), (64, 32, 3, 3), 1),
]
REPEATS, GOAL = 30, 2.0


def layer(x_shape, w_shape, dtype):
    """Pictures, filters, biases, and a gradient that arrives."""
    rng = np.random.default_rng(0)
    shapes = x_shape, w_shape, w_shape[:1], (x_shape[0], w_shape[0], *x_shape[2:])
    return [rng.normal(size=shape).astype(dtype) for shape in shapes]


def seconds(call):
    """Processor time: with one thread it is the time on an idle machine, whoever else is at work."""
    start = time.process_time()
    call()
    return time.process_time() - start


def measure(x_shape, w_shape, pad, dtype):
    """Best times of (PyTorch forward, backward, ours forward, backward), taken in turns."""
    x, w, b, dout = layer(x_shape, w_shape, dtype)
    param = {"stride": 1, "pad": pad}
    ours, cache = conv_forward_im2col(x, w, b, param)
    inputs = [torch.tensor(array, requires_grad=True) for array in (x, w, b)]
    theirs, arriving = torch.nn.functional.conv2d(*inputs, padding=pad), torch.tensor(dout)

    def forward():
        with torch.no_grad():
            torch.nn.functional.conv2d(*inputs, padding=pad)

    def backward():
        return torch.autograd.grad(theirs, inputs, arriving, retain_graph=True)

    tolerance = 1e-3 if dtype == np.float32 else 1e-9
    np.testing.assert_allclose(ours, theirs.detach().numpy(), rtol=tolerance, atol=tolerance)
    for mine, other in zip(conv_backward_im2col(dout, cache), backward(), strict=True):
        scale = np.abs(mine).max()
        np.testing.assert_allclose(mine / scale, other.numpy() / scale, atol=tolerance)
    calls = (
        forward,
        backward,
        lambda: conv_forward_im2col(x, w, b, param),
        lambda: conv_backward_im2col(dout, cache),
    )
    return np.min([[seconds(call) for call in calls] for _ in range(REPEATS)], axis=0)


def main():
    torch.set_num_threads(1)
    report = Report(
        "Convolution in plain NumPy",
        f"The solution of 07-cnn (`conv_forward_im2col`, `conv_backward_im2col`) against PyTorch "
        f"{torch.__version__} on the CPU, one thread each, NumPy {np.__version__}; best of {REPEATS} runs taken in "
        "turns, in processor time, the three gradients included. Made by `python -m benchmarks.convolution`.",
    )
    rows, claims = [], []
    for x_shape, w_shape, pad in SHAPES:
        for dtype in (np.float32, np.float64):
            times = measure(x_shape, w_shape, pad, dtype) * 1e3
            ratios = times[2:] / times[:2]
            name = f"{x_shape}, {w_shape[0]} filters {w_shape[2]}x{w_shape[3]}"
            rows.append((name, dtype.__name__, *times, *(f"{ratio:.2f}" for ratio in ratios)))
            claims += [
                (f"{name}, {dtype.__name__}: {way} within {GOAL:g} times PyTorch's time", ratio <= GOAL)
                for way, ratio in zip(("forward", "backward"), ratios, strict=True)
            ]
    header = ["layer", "dtype", "PyTorch forward, ms", "backward", "ours forward", "backward"]
    report.table([*header, "forward, ours / PyTorch", "backward"], rows)
    report.claims(claims)
    report.save("convolution.md")


if __name__ == "__main__":
    main()
