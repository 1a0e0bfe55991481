"""Draw the data sets' contact sheets into this folder.

python docs/pictures/contact_sheets.py
"""

from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np

from cs231n_kit.data import load_digits_rgb, load_picturebook, load_textures

FOLDER = Path(__file__).parent
SAMPLES = 10
ZOOM = 2
GAP = 2  # pixels
MARGIN = 90  # pixels on the left, for names
DPI = 100
TEXT = "#7d7d7d"  # readable on white and on black
SIZES = 1000, 0, 0

SHEETS = {
    "picturebook-main": lambda: load_picturebook(*SIZES),
    "picturebook-more": lambda: load_picturebook(*SIZES, classes="more"),
    "scenes": lambda: load_picturebook(*SIZES, target="scene"),
    "textures": lambda: load_textures(*SIZES),
    "digits": lambda: load_digits_rgb(*SIZES),
}


def draw(data, path):
    """Save one row of samples for each class, on a transparent page."""
    cell = 32 * ZOOM + GAP
    width, height = MARGIN + SAMPLES * cell, len(data.class_names) * cell
    page = np.zeros((height, width, 4), np.uint8)
    fig = plt.figure(figsize=(width / DPI, height / DPI), dpi=DPI)
    for label, name in enumerate(data.class_names):
        top = label * cell
        for column, picture in enumerate(data.X_train[data.y_train == label][:SAMPLES]):
            big = picture.repeat(ZOOM, axis=0).repeat(ZOOM, axis=1)
            left = MARGIN + column * cell
            page[top : top + 32 * ZOOM, left : left + 32 * ZOOM, :3] = big
            page[top : top + 32 * ZOOM, left : left + 32 * ZOOM, 3] = 255
        fig.text(0.01, 1 - (top + cell / 2) / height, name, color=TEXT, fontsize=10, va="center")
    fig.figimage(page, origin="upper")
    fig.savefig(path, dpi=DPI, transparent=True, metadata={"Software": None})
    plt.close(fig)


def main():
    for name, load in SHEETS.items():
        path = FOLDER / f"{name}.png"
        draw(load(), path)
        print(f"{path.name}: {path.stat().st_size / 1000:.0f} kB")


if __name__ == "__main__":
    main()
