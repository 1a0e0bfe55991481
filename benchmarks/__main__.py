"""Run benchmarks: ``python -m benchmarks`` runs all, ``python -m benchmarks gradcheck`` one."""

import ast
import subprocess
import sys
from pathlib import Path

FOLDER = Path(__file__).parent


def names():
    """Return the modules of this folder that have a `main`."""
    trees = {path.stem: ast.parse(path.read_text(encoding="utf-8")) for path in FOLDER.glob("[a-z]*.py")}
    return sorted(
        name
        for name, tree in trees.items()
        if any(isinstance(node, ast.FunctionDef) and node.name == "main" for node in tree.body)
    )


def main():
    chosen = sys.argv[1:] or names()
    unknown = sorted(set(chosen) - set(names()))
    if unknown:
        sys.exit(f"There is no benchmark {', '.join(unknown)}. There are: {', '.join(names())}.")
    failed = []
    for name in chosen:
        print(f"\n--- {name}", flush=True)
        if subprocess.run(
            [sys.executable, "-m", f"benchmarks.{name}"], cwd=FOLDER.parent, check=False
        ).returncode:
            failed.append(name)
    if failed:
        sys.exit(f"Did not finish: {', '.join(failed)}.")


if __name__ == "__main__":
    main()
