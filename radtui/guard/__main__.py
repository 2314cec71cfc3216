"""``python -m radtui.guard``: reads its configuration from standard input. `radtui guard` and engines start it so."""

import sys

from radtui.guard.serve import main

sys.exit(main())
