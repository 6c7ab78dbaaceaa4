"""`python -m scripts.docs`."""

import sys

from scripts.docs.documents import main

sys.exit(main(sys.argv[1:]))
