"""What a warm box is tried out with: a fork that gets as far as this writes a file. Called as ``... .alive PATH``."""

import sys
from pathlib import Path

Path(sys.argv[1]).write_text("alive")
