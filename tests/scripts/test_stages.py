"""What an entry costs: every part is measured on a real book, and the report adds them up."""

from pathlib import Path

from scripts.benchmarks.machine import machine
from scripts.benchmarks.measured import Measured, Operation
from scripts.benchmarks.processes import Run, quiet
from scripts.benchmarks.report import costs
from scripts.benchmarks.stages import OPERATIONS, Part, parts, read
from scripts.benchmarks.year import Year


def test_every_part_of_an_operation_is_measured(tmp_path: Path):
    year = Year(tmp_path, 1_000)
    year.make()
    year.open_book()
    quiet(year.yusuan("import", str(year.csv))(0))
    paid = "pay --amount 1 --payee 某某 --line general:2011001:basic:-:30101:2020 --econ 30101"
    quiet(year.yusuan(*paid.split(), "--date", "2020-12-31")(0))  # as the bench does before
    quiet(year.yusuan("balance")(0))
    found = read(quiet(parts(tmp_path)(0)))
    assert len({part.name for part in found}) == len(found)
    for position, operation in enumerate(OPERATIONS):
        own = [part for part in found if part.times[position]]
        assert len(own) >= 5, operation
    # What is worked out as a difference may be anything on a busy machine; the others take time.
    assert all(part.microseconds > 0 for part in found if "decision" not in part.name)


def test_the_report_adds_the_parts_up_and_says_what_they_leave():
    """500,000 entries: an import of 10 s is 20 µs an entry, of which 4 + 2 × 3 are known."""
    measured = [Part("read", 4.0, import_=1, audit=2), Part("write", 3.0, import_=2)]
    whole = [
        Measured(Operation(name), 500_000, [Run(cpu, cpu, 1.0, failure)])
        for name, cpu, failure in (("import", 10.0, ""), ("audit", 5.0, ""), ("rebuild", 1.0, "x"))
    ]
    text = costs(measured, whole)
    rows = [
        [cell.strip() for cell in row.strip("|").split("|")]
        for row in text.splitlines()
        if row.startswith("|")
    ]
    assert rows[0] == ["part", *OPERATIONS]
    assert rows[2:] == [
        ["read", "4.0", "", "2 × 4.0"],
        ["write", "2 × 3.0", "", ""],
        ["all parts", "10.0", "0.0", "8.0"],
        ["the rest", "10.0", "", "2.0"],
        ["the whole process", "20.0", "", "10.0"],
    ]


def test_the_report_names_the_build_of_python():
    build = machine()["its build"]
    assert "--enable-optimizations" in build or "options unknown" in build
