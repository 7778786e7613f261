"""`python -m generator`: the only place that exits."""

import gc
import sys

# A run lives for a second and makes no cycles worth collecting; looking for them costs a third of it.
gc.disable()

from generator.cli import main  # noqa: E402  (imports are half of a small run)

sys.exit(main(sys.argv[1:]))
