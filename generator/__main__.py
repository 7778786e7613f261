"""`python -m generator`: the only place that exits."""

import gc
import sys

from generator.cli import main

# A run lives for a second and makes no cycles worth collecting; looking for them costs a third of it.
gc.disable()
sys.exit(main(sys.argv[1:]))
