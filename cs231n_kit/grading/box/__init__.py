"""Where student code runs: a kernel provisioner that puts a Jupyter kernel into a bubblewrap sandbox."""
