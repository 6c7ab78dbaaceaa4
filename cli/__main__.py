"""Where a process begins: `yusuan`, and `python -m cli`."""

import atexit
import gc

# What a start-up imports lives to the end, and so does most of what a command makes. Searching all
# of it for cycles every 700 objects, as Python does, takes a tenth of a query's time, and searching
# it once more when the process ends as much again. Nothing waits for that last search: files and
# connections are closed where they were opened.
gc.set_threshold(50_000, 20, 20)
atexit.register(gc.freeze)

from cli.main import run  # noqa: E402 - after that

if __name__ == "__main__":
    run()
