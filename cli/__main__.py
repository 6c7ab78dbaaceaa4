"""Where a process begins: `yusuan`, and `python -m cli`."""

import gc

# What a start-up imports lives to the end, and so does most of what a command makes. Searching all
# of it for cycles every 700 objects, as Python does, takes a tenth of a query's time.
gc.set_threshold(50_000, 20, 20)

from cli.main import run  # noqa: E402 - after that

if __name__ == "__main__":
    run()
