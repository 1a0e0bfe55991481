"""The error of everything that can go wrong with an earlier notebook."""


class NotebookError(ImportError):
    """Something cannot be taken from an earlier notebook; the message names the cell and says what to do."""

    def _render_traceback_(self):
        """Tell IPython to show the message alone: the frames below `load_functions` say nothing to a student."""
        return [f"\x1b[1mNotebookError\x1b[0m: {self}"]
