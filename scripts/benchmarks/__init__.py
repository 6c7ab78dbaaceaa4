"""How fast is it? What `bash scripts/bench` measures; scripts/bench.py is its command line.

| file | what it knows |
|---|---|
| `processes.py` | one process from fork to exit: wall, CPU, peak memory; repeating it |
| `measured.py` | an operation, its target of design §9, and all its runs |
| `year.py` | the synthetic year of one size, and yusuan's book of it |
| `alone.py` | every command of yusuan at one size, and starting it |
| `floors.py` | what the same machine needs for the bare work |
| `stages.py` | what an entry costs, part by part |
| `journals.py` | the same year in the format of each peer |
| `peers.py` | the peers: which are here, how each is asked, how its answer is read |
| `side_by_side.py` | yusuan and the peers, every balance compared, then timed |
| `report.py`, `peers_report.py` | BENCHMARKS.md: its parts, and the tables of each |
| `machine.py` | where and with what it was measured |
"""
