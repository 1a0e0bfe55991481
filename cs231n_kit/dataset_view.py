"""A data set as a notebook shows it: samples of each class, and how many there are."""

import base64
import io
from html import escape

import numpy as np
from matplotlib.image import imsave

from cs231n_kit.dataset import SPLITS

SAMPLES = 8
CELL = "padding: 1px 10px; text-align: right"


def html(dataset):
    """An HTML table, one row a class; readable on light and dark pages."""
    counts = [np.bincount(dataset.split(name)[1], minlength=len(dataset.class_names)) for name in SPLITS]
    pictures = dataset.X_train.dtype == np.uint8
    rows = []
    for label, name in enumerate(dataset.class_names):
        cells = [f'<th style="{CELL}">{escape(name)}</th>']
        cells += [f'<td style="{CELL}">{column[label]:,}</td>' for column in counts]
        cells += [f'<td style="{CELL}">{_bar(counts[0][label], counts[0].max())}</td>']
        if pictures:
            cells.append(f'<td style="padding: 1px">{_samples(dataset, label)}</td>')
        rows.append(f"<tr>{''.join(cells)}</tr>")
    head = "".join(f'<th style="{CELL}">{title}</th>' for title in ("", *SPLITS, "balance"))
    head += "<th>samples</th>" if pictures else ""
    caption = escape(repr(dataset)[1:-1])
    return (
        f'<div>{caption}</div><table style="border-collapse: collapse; color: inherit">'
        f"<thead><tr>{head}</tr></thead><tbody>{''.join(rows)}</tbody></table>"
    )


def _bar(count, most):
    width = round(80 * count / max(most, 1))
    return f'<div style="width: {width}px; height: 10px; background: currentColor; opacity: 0.5"></div>'


def _samples(dataset, label):
    """The class's first training pictures, side by side."""
    chosen = dataset.X_train[np.flatnonzero(dataset.y_train == label)[:SAMPLES]]
    if not len(chosen):
        return ""
    buffer = io.BytesIO()
    imsave(buffer, np.concatenate(list(chosen), axis=1), format="png")
    source = base64.b64encode(buffer.getvalue()).decode()
    name = escape(dataset.class_names[label], quote=True)
    style = "height: 40px; max-width: none; margin: 0; image-rendering: pixelated"
    return f'<img alt="samples of {name}" style="{style}" src="data:image/png;base64,{source}">'
