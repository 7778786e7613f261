"""An environment's routes on this machine, through the real functions and a real nginx: `make demo`.

    client -> gateway.py -> nginx.py -> workload.py
                 |   |
    authorizer --+   +-- token -> the AWS emulator and a small MongoDB of the tests (account.py)

What the environment says comes from `rendered/` (environment.py), so it is what will run.
"""

import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
LAMBDA = ROOT / "terraform" / "modules" / "edge" / "lambda"

if str(LAMBDA) not in sys.path:  # `build` and `fakes`, as the tests of the functions import them
    sys.path.insert(0, str(LAMBDA))
