"""From hand-ins to a clean notebook: collect downloads, read them as plain data, transplant the answers."""
