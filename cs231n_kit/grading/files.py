"""Write files so that a reader sees the old bytes or the new ones, never half of them."""

import os
import tempfile
from pathlib import Path


def write_atomically(path, content):
    """Write bytes or text to `path` by way of a temporary file beside it. Returns whether anything changed."""
    path = Path(path)
    content = content.encode() if isinstance(content, str) else content
    if path.is_file() and path.read_bytes() == content:
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).chmod(0o644)
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
    return True
