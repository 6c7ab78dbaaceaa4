"""The shape of the program, kept by tests: who imports whom, where each library lives, that money
is never a float, and that a query stays quick to start.

Every guard is a function on source text or on a list of modules, and each is also run on something
known to break its rule (a guard that cannot fail guards nothing).
"""

import ast
import json
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import pytest

from cli.commands import COMMANDS

ROOT = Path(__file__).parent.parent
LAYERS = ("ledger", "projections", "cli")
SOURCES = {
    str(path.relative_to(ROOT)): path.read_text(encoding="utf-8")
    for layer in LAYERS
    for path in sorted((ROOT / layer).rglob("*.py"))
}
PACKAGES = {f"{layer}/__init__.py" for layer in LAYERS}
VALUES = ("money", "line", "book", "kinds", "codes", "parse", "errors", "texts", "toml")
ROOM_OF = {
    **dict.fromkeys(
        (f"ledger/{name}.py" for name in VALUES),
        "ledger.values",
    ),
    "ledger/evaluation/": "ledger.values",
    "ledger/postings.py": "ledger.effects",
    "ledger/marks.py": "ledger.effects",
    "ledger/dealings.py": "ledger.effects",
    "ledger/procurement.py": "ledger.effects",
    "ledger/retried.py": "ledger.requests",
    "ledger/store/log.py": "ledger.store.log",
    "ledger/store/sqlite/files.py": "ledger.store.sqlite.files",
    "ledger/store/sqlite/": "ledger.store.sqlite",
    "cli/main.py": "cli",
    "cli/__main__.py": "cli",
}
"""The files and folders that are, or are part of, a room of another name than their own. Every
other file of a package is a room by its name, and every other folder with all that is in it."""

ROOMS: dict[str, tuple[str, ...]] = {
    # ledger: left to right
    "ledger.values": (),
    "ledger.refusals": ("ledger.values",),
    "ledger.events": ("ledger.values",),
    "ledger.effects": ("ledger.values", "ledger.events"),
    "ledger.proofs": ("ledger.values",),
    "ledger.state": ("ledger.values", "ledger.refusals", "ledger.events", "ledger.effects"),
    "ledger.rules": (
        *("ledger.values", "ledger.refusals", "ledger.events", "ledger.effects", "ledger.state"),
    ),
    "ledger.decisions": (
        *("ledger.values", "ledger.refusals", "ledger.events", "ledger.effects", "ledger.state"),
        "ledger.rules",
    ),
    "ledger.requests": (
        *("ledger.values", "ledger.refusals", "ledger.events", "ledger.effects", "ledger.state"),
        *("ledger.rules", "ledger.decisions"),
    ),
    "ledger.doors": (
        *("ledger.values", "ledger.refusals", "ledger.events", "ledger.effects", "ledger.proofs"),
        *("ledger.state", "ledger.rules", "ledger.decisions"),
    ),
    "ledger.canonical": (
        *("ledger.values", "ledger.events", "ledger.effects", "ledger.rules"),
        *("ledger.decisions", "ledger.requests"),
    ),
    # the disk
    "ledger.store.log": ("ledger.values", "ledger.events", "ledger.effects", "ledger.proofs"),
    "ledger.store.sqlite.files": ("ledger.values", "ledger.store.log"),
    "ledger.store.sqlite": (
        *("ledger.values", "ledger.events", "ledger.effects", "ledger.proofs"),
        *("ledger.store.log", "ledger.store.sqlite.files"),
    ),
    "ledger.store": (
        *("ledger.values", "ledger.refusals", "ledger.events", "ledger.effects", "ledger.proofs"),
        *("ledger.state", "ledger.rules", "ledger.decisions", "ledger.requests", "ledger.doors"),
        *("ledger.store.log", "ledger.store.sqlite"),
    ),
    "ledger.receipt": (
        *("ledger.values", "ledger.refusals", "ledger.events", "ledger.effects", "ledger.proofs"),
        *("ledger.rules", "ledger.store"),
    ),
    # projections
    "projections.answers": ("ledger.values", "ledger.proofs"),
    "projections.encoder": ("ledger.values",),
    "projections.views": (
        *("ledger.values", "ledger.refusals", "ledger.events", "ledger.effects", "ledger.proofs"),
        *("ledger.store", "ledger.store.log", "ledger.store.sqlite.files", "projections.answers"),
    ),
    "projections.questions": (
        *("ledger.values", "ledger.refusals", "ledger.events", "ledger.effects", "ledger.proofs"),
        *("ledger.state", "ledger.rules", "ledger.decisions", "ledger.store", "ledger.store.log"),
        *("projections.answers", "projections.views"),
    ),
    "projections.report": (
        *("ledger.values", "ledger.refusals", "ledger.events", "ledger.rules", "ledger.proofs"),
        "ledger.store.log",
        *("projections.answers", "projections.views", "projections.questions"),
    ),
    "projections.audit": (
        *("ledger.values", "ledger.refusals", "ledger.events", "ledger.effects", "ledger.proofs"),
        *("ledger.state", "ledger.rules", "ledger.decisions", "ledger.store", "ledger.store.log"),
        *("ledger.store.sqlite.files", "projections.views", "projections.encoder"),
    ),
    "projections.exports": (
        *("ledger.values", "ledger.events", "ledger.effects", "ledger.proofs"),
        *("ledger.canonical", "ledger.store", "ledger.store.log"),
        *("projections.views", "projections.questions"),
    ),
    # cli
    "cli.text": (
        *("ledger.values", "ledger.refusals", "ledger.events", "ledger.proofs", "ledger.rules"),
        *("ledger.receipt", "projections.answers", "projections.questions", "projections.report"),
        *("ledger.canonical", "projections.audit", "projections.exports"),
    ),
    "cli.documents": (
        *("ledger.values", "ledger.store.log", "projections.answers", "projections.report"),
        "cli.text",
    ),
    "cli.intake": (
        *("ledger.values", "ledger.refusals", "ledger.events", "ledger.proofs", "ledger.rules"),
        *("ledger.decisions", "ledger.requests", "ledger.canonical", "ledger.store"),
        *("ledger.receipt", "projections.questions"),
    ),
    "cli.settings": ("ledger.values",),
    "cli.session": (
        *("ledger.values", "ledger.refusals", "ledger.store", "ledger.store.log"),
        *("projections.encoder", "projections.report", "cli.settings", "cli.text"),
    ),
    "cli.terminal": (
        *("ledger.values", "ledger.refusals", "ledger.state", "ledger.rules", "ledger.requests"),
        *("ledger.receipt", "ledger.store", "ledger.store.log"),
        *("projections.answers", "projections.views", "projections.questions"),
        *("projections.report", "cli.settings", "cli.session", "cli.text"),
    ),
    "cli.commands": (
        *("ledger.values", "ledger.refusals", "ledger.events", "ledger.proofs", "ledger.state"),
        *("ledger.rules", "ledger.decisions", "ledger.requests", "ledger.canonical"),
        "ledger.doors",
        *("ledger.receipt", "ledger.store", "ledger.store.log"),
        *("projections.answers", "projections.views", "projections.questions"),
        *("projections.report", "projections.audit", "projections.exports"),
        *("cli.settings", "cli.session", "cli.text", "cli.documents", "cli.intake"),
        "cli.terminal",
    ),
    "cli.exits": (
        *("ledger.values", "ledger.refusals", "ledger.store", "ledger.store.log"),
        *("projections.encoder", "cli.text", "cli.terminal"),
    ),
    "cli.web": (
        *("ledger.values", "ledger.refusals", "ledger.proofs", "ledger.store.log"),
        *("projections.answers", "projections.encoder", "projections.views"),
        *("projections.questions", "projections.report", "projections.audit"),
        *("cli.session", "cli.text", "cli.documents", "cli.terminal", "cli.exits"),
    ),
    "cli": (
        *("ledger.values", "ledger.store", "cli.exits", "cli.session"),
        *("cli.text", "cli.terminal", "cli.commands"),
    ),
}
"""Every room, and the rooms that it may import. Each stands after those that it imports, so that
there is no circle."""

HOMES: dict[str, tuple[str, ...]] = {
    "eventsourcing": ("ledger/store/sqlite/",),
    "sqlite3": (
        *("ledger/store/sqlite/", "projections/views/", "projections/audit/"),
        *("projections/exports/views_copy.py", "projections/questions/offered.py"),
        "cli/intake/mapped/",
    ),
    "sqlite_utils": ("projections/views/schema.py",),
    "subprocess": (
        *("projections/audit/workers.py", "projections/exports/peers.py"),
        "cli/documents/report/pdf.py",
    ),
    "docx": ("cli/documents/report/docx_file/",),
    "resvg_py": ("cli/documents/report/png_charts.py",),
    "duckdb": ("projections/exports/parquet.py",),
    "tomllib": (*("ledger/toml.py", "cli/intake/mapped/mapping.py", "cli/settings.py"),),
    "xml": ("cli/intake/xlsx/",),
    "zipfile": ("cli/intake/xlsx/", "cli/documents/report/docx_file/file.py"),
    "jinja2": ("cli/documents/report/html_blocks.py", "cli/web/drawn.py"),
    "markupsafe": ("cli/documents/report/html_blocks.py",),
    "xlsxwriter": ("cli/documents/xlsx/",),
    "flask": ("cli/web/",),
    "werkzeug": ("cli/web/",),
    "waitress": ("cli/web/",),
    "typer": ("cli/commands/", "cli/terminal/", "cli/main.py", "cli/exits.py", "cli/web/"),
    "rich": ("cli/terminal/bar.py",),
}
"""What may be known in these files and folders alone."""
CLOCK = "ledger/store/sqlite/place.py"
"""Where it is known what time it is."""
MODULES_MAX = 20
TWICE: set[str] = set()
"""Names of public classes that stand twice. This may only shrink."""


def imports(source: str) -> Iterator[tuple[int, str]]:
    """(line, whole name) of everything that is imported, inside functions too."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            for name in node.names:
                yield node.lineno, name.name
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "relative imports hide where something comes from"
            yield node.lineno, node.module or ""
        elif isinstance(node, ast.Call):
            called = ast.unparse(node.func)
            if called.endswith(("import_module", "__import__")) and node.args:
                argument = node.args[0]
                if isinstance(argument, ast.Constant):
                    yield node.lineno, str(argument.value)
                elif isinstance(argument, ast.JoinedStr):
                    yield node.lineno, ast.unparse(argument.values[0]).strip("'\"")


def targets(source: str) -> Iterator[tuple[int, str]]:
    """(line, file) of everything of ours that is imported."""
    told = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ImportFrom) and node.module:
            told.add((node.lineno, node.module))
            for alias in node.names:
                yield from ((node.lineno, file) for file in files_of(node.module, alias.name))
    for number, name in imports(source):
        if (number, name) not in told:  # of a package only what is taken from it
            package, _, last = name.rstrip(".").rpartition(".")
            yield from ((number, file) for file in files_of(package, last))


def files_of(module: str, name: str) -> Iterator[str]:
    """The file of a name that is imported from a module: its own, else the module's."""
    if module.split(".", maxsplit=1)[0] not in LAYERS:
        if name not in LAYERS:
            return
        module, name = name, ""
    folder = module.replace(".", "/")
    candidates = (f"{folder}/{name}.py", f"{folder}/{name}/__init__.py", f"{folder}.py")
    yield next((file for file in candidates if file in SOURCES), f"{folder}/__init__.py")


def room_of(path: str) -> str:
    """The room that a file lies in."""
    for place in sorted(ROOM_OF, key=len, reverse=True):
        if path.startswith(place):
            return ROOM_OF[place]
    package, first, *_ = path.removesuffix(".py").split("/")
    return package if first == "__init__" else f"{package}.{first}"


def out_of_its_room(path: str, source: str) -> list[str]:
    """Imports of rooms that this one may not import, and of what is around the program."""
    here = room_of(path)
    found = {
        f"{path}:{number}: {here} imports {room_of(file)}"
        for number, file in targets(source)
        if room_of(file) not in (*ROOMS.get(here, ()), here) and file not in PACKAGES
    }
    found |= {
        f"{path}:{number}: {name}"
        for number, name in imports(source)
        if name.split(".")[0] in ("tests", "scripts")
    }
    return sorted(found)


def outside_of_its_home(path: str, source: str) -> list[str]:
    """Libraries that are used where they should not be known."""
    return [
        f"{path}:{number}: {name} belongs in {home}"
        for number, name in imports(source)
        if (home := HOMES.get(name.split(".")[0])) and not path.startswith(home)
    ]


def asks_the_time(path: str, source: str) -> list[str]:
    """Calls that ask what time or day it is."""
    return [
        f"{path}:{node.lineno}: {ast.unparse(node)}"
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Call)
        and ast.unparse(node.func).split(".")[-1] in ("now", "today", "utcnow", "localtime", "time")
        and ast.unparse(node.func).split(".")[0] in ("datetime", "date", "time")
    ]


def crowded(paths: Iterable[str]) -> list[str]:
    """Folders of more modules than a reader can hold together."""
    modules = Counter(
        path.rpartition("/")[0] for path in paths if not path.endswith("/__init__.py")
    )
    return [f"{folder}: {n}" for folder, n in modules.items() if n > MODULES_MAX]


def named_twice(sources: Mapping[str, str]) -> dict[str, set[str]]:
    """The public classes of one name in several files."""
    found: dict[str, set[str]] = {}
    for path, source in sources.items():
        for node in ast.parse(source).body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                found.setdefault(node.name, set()).add(path)
    return {name: paths for name, paths in found.items() if len(paths) > 1}


def without_a_type(source: str) -> list[int]:
    """The lines of functions that take or give a mapping of anything: what is in it one cannot
    read there, and no checker sees."""
    anything = re.compile(r"\b(dict|Mapping|MutableMapping)\[str, (Any|object)\]")
    return [
        node.lineno
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        for said in (node.returns, *(each.annotation for each in _arguments(node)))
        if said is not None and anything.search(ast.unparse(said).replace("typing.", ""))
    ]


def _arguments(node: ast.FunctionDef | ast.AsyncFunctionDef) -> Iterator[ast.arg]:
    of = node.args
    yield from (*of.posonlyargs, *of.args, *of.kwonlyargs)
    yield from filter(None, (of.vararg, of.kwarg))


FRACTIONS = (
    "ledger/evaluation/targets.py",
    "projections/report/performance/",
    "projections/report/against/",
)
"""Where quantities that are no money, and what was printed, are exact fractions, and are divided
(P37, P42)."""


def not_whole_numbers(path: str, source: str) -> list[str]:
    """Anything that could make an amount something else than an int: floats, Decimal, division."""
    found = []
    exact = path.startswith(FRACTIONS)
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Constant(value=float() | complex()):
                found.append((node.lineno, ast.unparse(node)))
            case ast.Name(id="Fraction") | ast.ImportFrom(module="fractions") if exact:
                pass
            case ast.BinOp(op=ast.Div()) if exact:
                pass
            case ast.Name(id="float" | "Decimal" | "Fraction"):
                found.append((node.lineno, node.id))
            case ast.BinOp(op=ast.Div()) | ast.AugAssign(op=ast.Div()):
                found.append((node.lineno, ast.unparse(node)))
            case ast.ImportFrom(module="decimal" | "fractions" | "math"):
                found.append((node.lineno, f"from {node.module}"))
            case _:
                pass
    return [f"{path}:{number}: {what}" for number, what in found]


def test_the_guards_see_the_whole_program():
    """A guard over no files, or over files without imports, would always be content."""
    assert {"ledger/money.py", "projections/views/feed.py", "cli/main.py"} <= set(SOURCES)
    assert all(any(path.startswith(f"{layer}/") for path in SOURCES) for layer in LAYERS)
    assert sum(len(list(imports(source))) for source in SOURCES.values()) > 300


@pytest.mark.parametrize("path", SOURCES)
def test_imports_stay_within_the_rooms(path):
    assert room_of(path) in ROOMS or path in PACKAGES, f"{path} lies in no room"
    assert out_of_its_room(path, SOURCES[path]) == []


def test_every_room_is_there_and_every_way_is_used():
    """Else a rule above guards nothing any more."""
    assert {room_of(path) for path in SOURCES if path not in PACKAGES} == set(ROOMS)
    used = {
        (room_of(path), room_of(file))
        for path, source in SOURCES.items()
        for _, file in targets(source)
        if path not in PACKAGES and file not in PACKAGES and room_of(file) != room_of(path)
    }
    assert used == {(room, other) for room, others in ROOMS.items() for other in others}


def test_there_is_no_circle():
    seen: set[str] = set()
    for room, others in ROOMS.items():
        assert set(others) <= seen, f"{room} stands before what it imports"
        seen.add(room)


@pytest.mark.parametrize(
    ("path", "source"),
    [
        ("ledger/money.py", "from projections.views.reading import Reading"),
        ("ledger/money.py", "from ledger import events"),
        ("ledger/money.py", "def f():\n    import ledger.events"),
        ("ledger/state.py", "from ledger.rules import ways"),
        ("ledger/requests.py", "from ledger.store.log import Log"),
        ("ledger/store/sqlite/log.py", "from ledger.store.books import Books"),
        ("ledger/state.py", "from tests.model.rules import Book"),
        ("projections/views/feed.py", "from ledger.store.sqlite.log import connect"),
        ("projections/views/feed.py", "from cli.session import Session"),
        ("projections/questions/balances.py", "from projections.report.cells import Cells"),
        ("projections/views/feed.py", "import_module('cli.main')"),
        ("cli/intake/rows.py", "from cli.session import tell"),
        ("cli/text/parts.py", "from cli.terminal import bar"),
        ("cli/session.py", "import scripts.check"),
        ("cli/session.py", "import_module(f'tests.{name}')"),
    ],
)
def test_an_import_out_of_its_room_is_found(path, source):
    """Positive control."""
    assert len(out_of_its_room(path, source)) == 1


def test_an_import_within_its_room_is_left_alone():
    lawful = "from ledger.money import yuan\nfrom cli.text import parts\nimport sys"
    assert out_of_its_room("cli/commands/ask/money.py", lawful) == []
    near = "from ledger.store.log import Log\nfrom ledger.store.sqlite import files"
    assert out_of_its_room("ledger/store/sqlite/log.py", near) == []


def test_a_file_without_a_room_would_be_noticed():
    """Positive control."""
    assert room_of("ledger/new.py") not in ROOMS
    assert room_of("cli/telegraph/pages.py") not in ROOMS


def test_no_folder_is_crowded():
    assert crowded(SOURCES) == []
    assert crowded(f"ledger/rules/r{n}.py" for n in range(21)) == ["ledger/rules: 21"]


def test_no_public_class_stands_twice():
    assert set(named_twice(SOURCES)) == TWICE
    twice = {"a.py": "class One: ...\nclass _Own: ...", "b.py": "class One: ...\nclass _Own: ..."}
    assert named_twice(twice) == {"One": {"a.py", "b.py"}}


def test_answers_are_values():
    """Between a decision and a face nothing is a mapping of anything, but in the one encoder, what
    is read of TOML, the options as they were typed, and the formats of a library without types."""
    answering = [path for path in SOURCES if not path.startswith("ledger/")]
    found = {path for path in (*answering, "ledger/receipt.py") if without_a_type(SOURCES[path])}
    assert found == {
        "cli/intake/mapped/mapping.py",
        "cli/session.py",
        "cli/settings.py",
        "projections/encoder.py",
    }


@pytest.mark.parametrize(
    "source",
    [
        "def balance(reading) -> dict[str, Any]: ...",
        "def heading(answer: dict[str, Any], title: str) -> str: ...",
        "def ask(*, show: Callable[[Mapping[str, object]], str]) -> None: ...",
        "def rows(**figures: dict[str, Any]) -> None: ...",
        "class Outcome:\n    async def json(self) -> list[typing.Mapping[str, typing.Any]]: ...",
    ],
)
def test_an_answer_without_a_type_is_found(source):
    """Positive control; a mapping that says what is in it is left alone."""
    assert len(without_a_type(source)) == 1
    typed = "def names(books: Mapping[str, Head], facts: Facts) -> dict[str, int]: ..."
    assert without_a_type(typed) == []


def test_one_place_knows_the_clock():
    found = {path for path, source in SOURCES.items() if asks_the_time(path, source)}
    assert found == {CLOCK}


@pytest.mark.parametrize("call", ["datetime.now(UTC)", "date.today()", "time.time()"])
def test_a_question_for_the_time_is_found(call):
    """Positive control; how long something takes is no such question."""
    assert asks_the_time("ledger/state.py", f"x = {call}")
    assert asks_the_time("ledger/state.py", "x = time.monotonic()") == []


REACH = {
    "tests/model/": ("tests.model",),
    "tests/harness/": (*LAYERS, "tests.harness"),
    "scripts/pictures.py": (*LAYERS, "tests.harness"),
    "scripts/proofs/": (*LAYERS, "tests.model", "tests.harness", "scripts.proofs"),
    "scripts/": (*LAYERS, "scripts.benchmarks", "scripts.docs", "scripts.synthetic"),
    "tests/": (*LAYERS, "tests.harness", "tests.model", "scripts"),
}
"""What is around the program, innermost first, and what of ours each may import: the model knows
nothing of the product; proofs use the model and the harness, never the other way round; nobody
imports a test."""
AROUND = {
    str(path.relative_to(ROOT)): path.read_text(encoding="utf-8")
    for around in ("scripts", "tests")
    for path in sorted((ROOT / around).rglob("*.py"))
}


def beyond_its_reach(path: str, source: str) -> list[str]:
    """Imports around the program that go against `REACH`."""
    allowed = next(names for place, names in REACH.items() if path.startswith(place))

    return [
        f"{path}:{number}: imports {name}"
        for number, name in imports(source)
        if name.split(".")[0] in {*LAYERS, "tests", "scripts"}
        and not any(f"{name}.".startswith(f"{place}.") for place in allowed)
    ]


@pytest.mark.parametrize("path", AROUND)
def test_scripts_and_tests_know_each_other_one_way(path):
    assert beyond_its_reach(path, AROUND[path]) == []


def test_every_place_around_the_program_is_used():
    """Else what is said of it guards nothing; and proofs are of no use without the model."""
    for place in REACH:
        assert any(path.startswith(place) for path in AROUND)
    used = {name for path, source in AROUND.items() if path.startswith("scripts/proofs/")
            for _, name in imports(source)}  # fmt: skip
    assert {"tests.model.rules", "tests.model.figures", "tests.harness.called"} <= used


@pytest.mark.parametrize(
    ("path", "source"),
    [
        ("tests/model/rules.py", "from ledger.postings import Account"),
        ("tests/model/rules.py", "from scripts.proofs.flip import flips"),
        ("tests/model/figures.py", "from tests.harness.plain import plain"),
        ("tests/harness/called.py", "import scripts.proofs.contend"),
        ("tests/harness/called.py", "from scripts import synthetic"),
        ("tests/harness/bench.py", "from tests.integrity.test_flip import FLIPS"),
        ("scripts/proofs/flip.py", "from tests.integrity.test_flip import FLIPS"),
        ("scripts/proofs/flip.py", "from scripts.docs import sessions"),
        ("scripts/docs.py", "from scripts.proofs.flip import flips"),
        ("scripts/benchmarks/year.py", "from tests.harness.called import called"),
        ("tests/cli/test_a.py", "from tests.cli.test_b import helper"),
        ("tests/cli/test_a.py", "from tests import test_docs"),
    ],
)
def test_an_import_beyond_its_reach_is_found(path, source):
    """Positive control."""
    assert len(beyond_its_reach(path, source)) == 1


def test_an_import_within_its_reach_is_left_alone():
    lawful = "from tests.model.rules import Book\nfrom ledger.money import yuan\nimport sys"
    assert beyond_its_reach("scripts/proofs/simulate/year.py", lawful) == []
    assert beyond_its_reach("tests/integrity/test_a.py", "import scripts.proofs.flip") == []


@pytest.mark.parametrize("path", SOURCES)
def test_every_library_is_known_in_its_home_only(path):
    assert outside_of_its_home(path, SOURCES[path]) == []


def test_every_library_is_used_in_its_home():
    """Else the entry above guards nothing any more."""
    for library, home in HOMES.items():
        users = {
            place
            for path, source in SOURCES.items()
            for place in home
            if path.startswith(place)
            and any(name.split(".")[0] == library for _, name in imports(source))
        }
        assert users == set(home), library


@pytest.mark.parametrize(
    ("path", "source"),
    [
        ("ledger/state.py", "from eventsourcing.domain import Aggregate"),
        ("ledger/store/books.py", "import sqlite3"),
        ("projections/views/feed.py", "import sqlite_utils"),
        ("projections/views/feed.py", "def f():\n    from rich import print"),
        ("projections/report/cells.py", "import subprocess"),
        ("ledger/line.py", "import typer.core"),
        ("cli/text/parts.py", "import typer"),
    ],
)
def test_a_library_outside_of_its_home_is_found(path, source):
    """Positive control."""
    assert len(outside_of_its_home(path, source)) == 1


@pytest.mark.parametrize("path", [p for p in SOURCES if not p.startswith("cli/")])
def test_money_is_whole_numbers_everywhere(path):
    assert not_whole_numbers(path, SOURCES[path]) == []


@pytest.mark.parametrize(
    "source",
    [
        "FEN = 1.5",
        "rate = 1e3",
        "x: float = 0",
        "float('1.5')",
        "half = fen / 2",
        "fen /= 2",
        "from decimal import Decimal",
        "from math import floor",
        "amount = Decimal(text)",
    ],
)
def test_what_is_no_whole_number_is_found(source):
    """Positive control."""
    assert not_whole_numbers("ledger/money.py", source)


@pytest.mark.parametrize("source", ["x: float = 0", "FEN = 1.5", "from decimal import Decimal"])
def test_where_fractions_are_exact_no_float_is(source):
    """Positive control."""
    assert not_whole_numbers("projections/report/performance/scores.py", source)


def test_whole_numbers_are_left_alone():
    assert not_whole_numbers("ledger/money.py", "a = 7 // 2\nb = 1_000_000\nc = '1.5 / 2'") == []


WRITERS = "cli/text/"
"""Who writes a way out as a command."""
SENTENCES = {
    ("ledger/errors.py", "--json 之外又写了另一种格式"),
    ("ledger/errors.py", "--all 之外又写了编号"),
    ("ledger/store/jsonl.py", "yusuan export jsonl 所写文件的首行"),
    ("cli/main.py", "yusuan "),  # and the version
}
"""What begins like a command, and is none."""
_OTHER_PROGRAMS = ("projections/exports/hledger.py", "projections/exports/ledger_cli.py")


def written_commands(path: str, source: str) -> list[tuple[str, str]]:
    """(path, text) of what begins as `yusuan …` or, outside of cli, whose options are declared so,
    as `--…`: a way out is data (`Way`, `Instead`), and nobody but a writer makes text of it."""
    if path.startswith(WRITERS):
        return []
    own_options = path.startswith("cli/") or path in _OTHER_PROGRAMS
    begins = ("yusuan ",) if own_options else ("yusuan ", "--")
    tree = ast.parse(source)
    prose = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    return [
        (path, node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in prose
        if node.value.startswith(begins)
    ]


@pytest.mark.parametrize("path", SOURCES)
def test_no_way_out_is_written_as_text(path):
    assert set(written_commands(path, SOURCES[path])) <= SENTENCES


def test_every_sentence_that_begins_like_a_command_is_there():
    """Else the entry above guards nothing any more."""
    found = {each for path, source in SOURCES.items() for each in written_commands(path, source)}
    assert found == SENTENCES


@pytest.mark.parametrize(
    ("path", "source"),
    [
        ("ledger/rules/ways.py", "way = 'yusuan log'"),
        ("ledger/decisions/budget.py", "Refused(R, ways_out=[f'--origin {year}'])"),
        ("projections/questions/opening.py", "f'yusuan carry-in --line {line}'"),
        ("cli/exits.py", "ways = ['yusuan audit']"),
        ("cli/session.py", "typed = 'yusuan ' + verb"),
    ],
)
def test_a_way_out_that_is_text_is_found(path, source):
    """Positive control."""
    assert len(written_commands(path, source)) == 1


def test_prose_and_declared_options_are_left_alone():
    declared = "def f():\n    '''yusuan log shows it.'''\n    Option('--line', help='-- 线')"
    assert written_commands("cli/commands/ask/money.py", declared) == []
    assert written_commands("ledger/money.py", "note = '详见 yusuan log'") == []


ERRORS = {"Malformed", "Refused", "Corrupt", "Lacking", "Busy", "Unwritable", "NoLog"}
"""What a caller may have to deal with, and so has to be told."""


def last_name(node: ast.expr) -> str:
    """`log.NoLog`, `"NoLog"` → NoLog."""
    return ast.unparse(node).strip("'\"").rpartition(".")[2]


def makers(source: str) -> dict[str, str]:
    """The functions that return an error for others to raise: name → error."""
    return {
        node.name: last_name(node.returns)
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.FunctionDef)
        and node.returns is not None
        and last_name(node.returns) in ERRORS
    }


def known_makers() -> dict[str, str]:
    """Those of the whole program whose name tells the error: `at` is one of two."""
    found: dict[str, set[str]] = {}
    for source in SOURCES.values():
        for name, error in makers(source).items():
            found.setdefault(name, set()).add(error)
    return {name: next(iter(errors)) for name, errors in found.items() if len(errors) == 1}


MAKERS = known_makers()


def public_functions(node: ast.AST) -> Iterator[ast.FunctionDef]:
    """The functions of a module and of its classes whose names do not begin with `_`."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.ClassDef | ast.FunctionDef) and child.name.startswith("_"):
            continue
        if isinstance(child, ast.FunctionDef):
            yield child
        elif isinstance(child, ast.ClassDef):
            yield from public_functions(child)


def body_of(node: ast.AST) -> Iterator[ast.AST]:
    """What stands in a function, but not in the functions inside it."""
    for child in ast.iter_child_nodes(node):
        if not isinstance(child, ast.FunctionDef | ast.ClassDef | ast.Lambda):
            yield child
            yield from body_of(child)


def untold(path: str, source: str) -> list[str]:
    """Public functions that raise by a statement of their own and do not say so. Not those of
    cli/commands, whose errors end the command: they are the exit codes of every help."""
    if path.startswith(("cli/commands/", "cli/web/serve.py")):
        return []
    tree = ast.parse(source)
    told = MAKERS | makers(source)
    found = []
    for function in public_functions(tree):
        says = ast.get_docstring(function) or ""
        for node in body_of(function):
            if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call):
                name = last_name(node.exc.func)
                error = told.get(name, name)
                if error in ERRORS and not re.search(
                    rf"\braises?\b.*\b{error}`", says, re.I | re.S
                ):
                    found.append(f"{path}:{function.lineno} {function.name} raises {error}")
    return found


@pytest.mark.parametrize("path", SOURCES)
def test_what_a_function_raises_stands_in_its_docstring(path):
    assert untold(path, SOURCES[path]) == []


@pytest.mark.parametrize(
    "body",
    [
        "    raise Malformed(U, field='f', value='', expected='x')",
        "    'It raises.'\n    raise log.NoLog(path)",
        "    'Raises `Refused`.'\n    if x:\n        raise Corrupt(D, 'x') from error",
        "    'The book.'\n    raise not_opened(book)",
    ],
)
def test_what_is_raised_and_not_told_is_found(body):
    """Positive control."""
    assert len(untold("ledger/x.py", f"def f(x):\n{body}")) == 1
    method = "\n".join(f"    {line}" for line in f"def f(x):\n{body}".splitlines())
    assert len(untold("ledger/x.py", f"class C:\n{method}")) == 1


def test_what_is_told_or_private_is_left_alone():
    told = "def f():\n    'Raises `log.Busy`, or `Corrupt`.'\n    raise Corrupt(D, 'x')\n"
    inside = "def g():\n    def h():\n        raise Refused(R)\n    raise ValueError\n"
    private = "def _f():\n    raise Refused(R)\nclass _C:\n    def f(self): raise Refused(R)\n"
    assert untold("ledger/x.py", told + inside + private) == []


ASSERTED = {
    "ledger/rules/lines.py": ["original is not None"],
    "ledger/decisions/again.py": ["isinstance(decided.event, EntryCorrected)"],
    "ledger/decisions/correction.py": ["original is not None"],
    "ledger/decisions/disbursement.py": ["original is not None"],
    "ledger/store/past.py": ["self._transaction is not None"],
    "ledger/store/sqlite/application.py": [
        "isinstance(self.recorder, ChainedRecorder)",
        "self.snapshots is not None",
        "isinstance(snapshots, SnapshotRecorder)",
    ],
    "ledger/decisions/approval.py": [
        "isinstance(again.event, MoneyEvent | EntryReversed | EntryCorrected)"
    ],
    "cli/intake/mapped/plan.py": ["added.lastrowid is not None"],
    "cli/commands/keep/export.py": ["made.journal is not None"],
    "cli/commands/keep/demo.py": ["not outcome.rejected"],
}
"""What `assert` may say: what the program itself made true, as the remark beside it tells. Never
what a file, a log, the views or a person could make false: `python -O` takes it away."""


def asserted(source: str) -> list[str]:
    """What is asserted."""
    return [
        ast.unparse(node.test)
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Assert)
    ]


def test_an_assert_guards_nothing_that_comes_from_outside():
    found = {path: asserted(source) for path, source in SOURCES.items() if asserted(source)}
    assert {path: sorted(each) for path, each in found.items()} == {
        path: sorted(each) for path, each in ASSERTED.items()
    }


def test_an_assert_is_found_wherever_it_stands():
    """Positive control."""
    inside = "class C:\n    def f(self):\n        if self:\n            assert self.facts, 'x'"
    assert asserted(inside) == ["self.facts"]


PROBE = """
import json, sys
from cli.main import run
try:
    run(sys.argv[1:])
except SystemExit as left:
    code = left.code or 0
print("\\n" + json.dumps([code, sorted(sys.modules)]))
"""


def loaded_by(*words: object) -> set[str]:
    """The modules that a command line has loaded when it is done."""
    ran = subprocess.run(
        [sys.executable, "-c", PROBE, *map(str, words)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
        encoding="utf-8",
    )
    code, modules = json.loads(ran.stdout.splitlines()[-1])
    assert code == 0, ran.stderr
    return set(modules)


def test_a_query_loads_only_what_it_needs(tmp_path):
    """`balance` on views that are up to date: no event store, no sqlite-utils, no rich, no other
    chapter. The first two runs show that the probe would see them."""
    db = tmp_path / "book.db"
    opening = loaded_by("open-book", "--db", db, "--unit", "U", "--year", "2020", "--name", "某局",
                        "--kind", "admin", "--edition", "2020", "--basis", "payment")  # fmt: skip
    assert "eventsourcing.application" in opening
    assert "sqlite_utils" in loaded_by("balance", "--db", db)
    loaded = loaded_by("balance", "--db", db)
    assert "projections.questions.balances" in loaded
    unwanted = {"eventsourcing", "sqlite_utils", "rich", "pydantic", "click", "ledger.decisions"}
    assert set() == unwanted & loaded
    assert {"cli.commands.ask.money"} == {
        f"cli.{c.room}.{c.module}" for c in COMMANDS.values()
    } & loaded


def test_help_loads_no_chapter():
    """`yusuan --help` knows every command by its name and none by its code."""
    loaded = loaded_by("--help")
    chapters = {f"cli.{command.room}.{command.module}" for command in COMMANDS.values()}
    assert {"cli.main", "cli.commands"} <= loaded
    assert set() == chapters & loaded
    assert not any(
        name.split(".")[0] in ("eventsourcing", "projections", "rich") for name in loaded
    )
