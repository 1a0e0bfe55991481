"""A data set as a notebook shows it: samples of each class, and how many there are."""

import base64
import io
from html import escape

import numpy as np
from matplotlib.image import imsave

SAMPLES = 8
CELL = "padding: 1px 10px; text-align: right"


def html(caption, class_names, splits):
    """An HTML table, one row per class; readable on light and dark pages.

    Parameters
    ----------
    caption : what stands above the table
    class_names : C names
    splits : dict name -> (X, y); samples are shown from the first if it has uint8 pictures
    """
    counts = [np.bincount(y, minlength=len(class_names)) for _, y in splits.values()]
    X, y = next(iter(splits.values()))
    rows = []
    for label, name in enumerate(class_names):
        cells = [f'<th style="{CELL}">{escape(name)}</th>']
        cells += [f'<td style="{CELL}">{column[label]:,}</td>' for column in counts]
        cells += [f'<td style="{CELL}">{_bar(counts[0][label], counts[0].max())}</td>']
        if X.dtype == np.uint8:
            samples = X[np.flatnonzero(y == label)[:SAMPLES]]
            cells.append(f'<td style="padding: 1px">{_side_by_side(samples, name)}</td>')
        rows.append(f"<tr>{''.join(cells)}</tr>")
    head = "".join(f'<th style="{CELL}">{title}</th>' for title in ("", *splits, "balance"))
    head += "<th>samples</th>" if X.dtype == np.uint8 else ""
    return (
        f'<div>{escape(caption)}</div><table style="border-collapse: collapse; color: inherit">'
        f"<thead><tr>{head}</tr></thead><tbody>{''.join(rows)}</tbody></table>"
    )


def _bar(count, most):
    width = round(80 * count / max(most, 1))
    return f'<div style="width: {width}px; height: 10px; background: currentColor; opacity: 0.5"></div>'


def _side_by_side(pictures, name):
    """An HTML picture of a class's pictures in a row."""
    if not len(pictures):
        return ""
    buffer = io.BytesIO()
    imsave(buffer, np.concatenate(list(pictures), axis=1), format="png")
    source = base64.b64encode(buffer.getvalue()).decode()
    style = "height: 40px; max-width: none; margin: 0; image-rendering: pixelated"
    alt = escape(f"samples of {name}", quote=True)
    return f'<img alt="{alt}" style="{style}" src="data:image/png;base64,{source}">'
