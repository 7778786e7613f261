"""`python -m generator`: the only place that exits."""

import gc
import os
import sys

# A run lives for a second and makes no cycles worth collecting; looking for them costs a third of it.
gc.disable()

from generator.cli import main  # noqa: E402  (imports are half of a small run)

try:
    code = main(sys.argv[1:])
    sys.stdout.flush()
    sys.stderr.flush()
except BrokenPipeError:  # as in `make render | head`: whoever read has seen enough
    code = 0
except KeyboardInterrupt:
    code = 130  # what a shell reports for Ctrl-C; nothing is half written
# Files are closed and locks released by now; freeing a large platform object by object would take longer
# than reading it did. mypy leaves in the same way.
os._exit(code)
