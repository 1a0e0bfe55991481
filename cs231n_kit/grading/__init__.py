"""The instructor's side: release, grade and report. Nothing outside this package imports it."""

import os
import sysconfig
import warnings

# nbgrader runs `alembic` by name. The environment that has it need not be activated.
os.environ["PATH"] = os.pathsep.join([sysconfig.get_path("scripts"), os.environ.get("PATH", os.defpath)])
# SQLAlchemy 2.1 remarks on how nbgrader orders its objects; nobody here can act on it.
warnings.filterwarnings("ignore", message="Object of type <Submitted", module="nbgrader")
