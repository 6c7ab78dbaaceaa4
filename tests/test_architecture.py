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
from collections.abc import Iterator
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
HOMES = {
    "eventsourcing": {
        "ledger/store/sqlite/application.py",
        "ledger/store/sqlite/place.py",
        "ledger/store/sqlite/recorder.py",
    },
    "sqlite_utils": {"projections/views/schema.py"},
    "duckdb": {"projections/exports/parquet.py"},
    "typer": "cli/",
    "rich": "cli/",
}
"""Where a library may be known: in these files, or anywhere under a folder."""


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


def outside_of_its_layer(path: str, source: str) -> list[str]:
    """Imports that go against ledger ← projections ← cli, or that leave the program."""
    layer = path.split("/", maxsplit=1)[0]
    allowed = LAYERS[: LAYERS.index(layer) + 1]
    ours = {*LAYERS, "tests", "scripts"}
    return [
        f"{path}:{number}: {layer} imports {name}"
        for number, name in imports(source)
        if name.split(".")[0] in ours and name.split(".")[0] not in allowed
    ]


def outside_of_its_home(path: str, source: str) -> list[str]:
    """Libraries that are used where they should not be known."""
    found = []
    for number, name in imports(source):
        home = HOMES.get(name.split(".")[0])
        at_home = home is None or (path.startswith(home) if isinstance(home, str) else path in home)
        if not at_home:
            found.append(f"{path}:{number}: {name} belongs in {home}")
    return found


def not_whole_numbers(path: str, source: str) -> list[str]:
    """Anything that could make an amount something else than an int: floats, Decimal, division."""
    found = []
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Constant(value=float() | complex()):
                found.append((node.lineno, ast.unparse(node)))
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
def test_imports_go_one_way(path):
    assert outside_of_its_layer(path, SOURCES[path]) == []


@pytest.mark.parametrize(
    ("path", "source"),
    [
        ("ledger/money.py", "from projections.reading import Reading"),
        ("ledger/money.py", "def f():\n    import cli.parse"),
        ("ledger/state.py", "from tests.model.rules import Book"),
        ("projections/feed.py", "from cli import parse"),
        ("projections/feed.py", "import_module('cli.main')"),
        ("cli/query.py", "import scripts.check"),
        ("cli/query.py", "import_module(f'tests.{name}')"),
    ],
)
def test_an_import_against_the_direction_is_found(path, source):
    """Positive control."""
    assert len(outside_of_its_layer(path, source)) == 1


def test_an_import_in_the_direction_is_left_alone():
    lawful = "from ledger.money import yuan\nfrom cli import parse\nimport_module(f'cli.{name}')"
    assert outside_of_its_layer("cli/query.py", lawful) == []
    assert outside_of_its_layer("projections/feed.py", "from ledger import log\nimport sys") == []


REACH = {
    "tests/model/": ("tests.model",),
    "tests/harness/": (*LAYERS, "tests.harness"),
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
            path
            for path, source in SOURCES.items()
            if any(name.split(".")[0] == library for _, name in imports(source))
        }
        assert users == home if isinstance(home, set) else users


@pytest.mark.parametrize(
    ("path", "source"),
    [
        ("ledger/state.py", "from eventsourcing.domain import Aggregate"),
        ("projections/feed.py", "import sqlite_utils"),
        ("projections/feed.py", "def f():\n    from rich import print"),
        ("ledger/log.py", "import typer.core"),
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
    if path.startswith("cli/commands/"):
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
        f"cli.commands.{c.module}" for c in COMMANDS.values()
    } & loaded


def test_help_loads_no_chapter():
    """`yusuan --help` knows every command by its name and none by its code."""
    loaded = loaded_by("--help")
    chapters = {f"cli.commands.{command.module}" for command in COMMANDS.values()}
    assert {"cli.main", "cli.commands"} <= loaded
    assert set() == chapters & loaded
    assert not any(
        name.split(".")[0] in ("eventsourcing", "projections", "rich") for name in loaded
    )
