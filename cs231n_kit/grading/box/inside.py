"""The first program in the box: sets the limits, gives up root, filters system calls, and becomes the kernel.

Called as ``python -m ...box.inside LIMITS USER MODULE ARGUMENT...``; LIMITS is JSON, USER a number or -.
"""

import json
import os
import resource
import runpy
import sys

from cs231n_kit.grading.box import calls


def main():
    """Apply what the command line says and run the module."""
    limits, user, module, *arguments = sys.argv[1:]
    for name, value in json.loads(limits).items():
        resource.setrlimit(getattr(resource, name), (value, value))
    os.umask(0o077)
    if user != "-":
        os.setgroups([])
        os.setresgid(int(user), int(user), int(user))
        os.setresuid(int(user), int(user), int(user))
    calls.install()
    sys.argv = [module, *arguments]
    runpy.run_module(module, run_name="__main__", alter_sys=True)


main()
