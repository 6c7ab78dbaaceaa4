"""批量导入: `import FILE.csv`, the canonical format of contract §3.

Every row is one request. All rows are one transaction: with one bad row nothing is recorded, and
all bad rows are reported; `--keep-going` records the good ones. The id of a row is its
idempotency key, so the same file twice records nothing new.
"""

import codecs
import csv
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any, NamedTuple

import typer

from cli import parse
from cli.options import verb
from cli.session import Session, leave, tell
from ledger.errors import Malformed
from ledger.kinds import KIND_NAMES
from ledger.line import FUND_NAMES, SPENDING_NAMES, BudgetLine
from ledger.money import parse_yuan
from ledger.refusals import Refused
from ledger.requests import Request
from ledger.store import Books, Writing

ALIASES = {
    "id": ("编号", "序号", "唯一编号"),
    "date": ("日期", "业务日期"),
    "kind": ("业务", "业务种类", "种类"),
    "fund": ("资金性质",),
    "func": ("功能科目", "支出功能分类", "功能分类科目"),
    "spending": ("支出性质", "支出类型"),
    "project": ("项目", "项目代码"),
    "econ": ("经济科目", "部门经济分类", "部门支出经济分类"),
    "origin": ("形成年度", "资金年度"),
    "amount": ("金额", "金额（元）", "金额(元)"),
    "to_func": ("调入功能科目",),
    "to_spending": ("调入支出性质",),
    "to_project": ("调入项目", "调入项目代码"),
    "to_econ": ("调入经济科目",),
    "to_origin": ("调入形成年度",),
    "ref": ("对应编号", "原编号"),
    "doc": ("文号", "凭证号", "文号或凭证号"),
    "payee": ("收款人",),
    "purpose": ("用途", "摘要"),
    "name": ("名称", "项目名称"),
    "authority": ("审批层级", "审批"),
}
"""The columns of the canonical format and the Chinese headers that mean the same."""

LINE_COLUMNS = ("fund", "func", "spending", "project", "econ", "origin")
TO_COLUMNS = ("to_func", "to_spending", "to_project", "to_econ", "to_origin")
_COMMON = {"id", "date", "kind", "doc", "purpose"}
_ON_LINE = {*LINE_COLUMNS, "amount"}
COLUMNS_OF_KIND: dict[str, set[str]] = {
    "project": {"project", "name"},
    "carry-in": _ON_LINE,
    "appropriate": _ON_LINE,
    "supplement": _ON_LINE,
    "cut": _ON_LINE,
    "release": _ON_LINE,
    "withdraw": _ON_LINE,
    "reallocate": {*_ON_LINE, *TO_COLUMNS, "authority"},
    "pay": {*_ON_LINE, "payee"},
    "refund": {*_ON_LINE, "payee", "ref"},
    "reverse": {*_ON_LINE, "payee", "ref"},
    "income": _ON_LINE,
    "lock-month": set(),
}
_KIND_WORDS = {name: kind for kind, name in KIND_NAMES.items() if kind in COLUMNS_OF_KIND}
_FUND_WORDS = {name: str(fund) for fund, name in FUND_NAMES.items()}
_SPENDING_WORDS = {name: str(kind) for kind, name in SPENDING_NAMES.items()}
_CHUNK = 1 << 20
_PROGRESS_EVERY = 1000


class Row(NamedTuple):
    """One row of the file: the line on which it begins (the header being 1) and its cells."""

    number: int
    cells: dict[str, str]


class Rejected(NamedTuple):
    """Why a row was not recorded; `exit_code` is 2 for bad input and 3 for a rule."""

    row: int
    column: str
    value: str
    code: str
    message: str
    ways_out: list[str]
    exit_code: int

    def json(self) -> dict[str, Any]:
        """The row as contract §3 reports it."""
        return {
            "row": self.row,
            "column": self.column,
            "value": self.value,
            "code": self.code,
            "message": self.message,
            "try": self.ways_out,
        }


@verb("import")
def import_file(
    session: Session,
    file: Annotated[str, typer.Argument(metavar="FILE.csv", help="CSV 文件。 The file.")],
    keep_going: Annotated[
        bool, typer.Option("--keep-going", help="记录正确的行，报告其余。 Record the good rows.")
    ] = False,
    register: Annotated[
        bool, typer.Option("--register", help="自动登记未知项目。 Register unknown projects.")
    ] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="只检查，不记录。")] = False,
) -> None:
    path = Path(parse.text(file, field="FILE", limit=1000))
    book = session.book()
    with (
        Books(session.db, waiting=session.waiting) as books,
        opened_rows(path) as rows,
        books.writing(book, actor=session.actor, dry_run=dry_run) as writing,
    ):
        outcome = Outcome(path)
        record_rows(writing, progress(rows, path), outcome, year=book.year, register=register)
        if outcome.rejected and not keep_going:
            writing.abandon()
    outcome.head = writing.head.json()
    answer = {
        "ok": not outcome.rejected,
        "book": str(book),
        "as_of": None,
        "known_at": None,
        **outcome.json(dry_run=dry_run, kept=keep_going),
    }
    session.answer(answer, lambda a: _rendered(a, path))
    if outcome.rejected:
        if not session.json:
            _complain(outcome, path)
        leave(1 if keep_going else min(rejected.exit_code for rejected in outcome.rejected))


class Outcome:
    """What became of the rows."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.rows = 0
        self.recorded = 0
        self.already = 0
        self.rejected: list[Rejected] = []
        self.warnings: Counter[tuple[str, str]] = Counter()
        self.head: dict[str, Any] = {}

    def json(self, *, dry_run: bool, kept: bool) -> dict[str, Any]:
        """The answer of contract §3."""
        abandoned = bool(self.rejected) and not kept
        first = self.rejected[0] if self.rejected else None
        return {
            **({"code": first.code, "message": first.message} if first else {}),
            "rows": self.rows,
            "recorded": 0 if abandoned or dry_run else self.recorded,
            "would_record": self.recorded,
            "already": self.already,
            "dry_run": dry_run,
            "rejected": [rejected.json() for rejected in self.rejected],
            "warnings": [
                {"code": code, "message": message, "rows": rows}
                for (code, message), rows in self.warnings.most_common()
            ],
            "head": self.head,
        }


def record_rows(
    writing: Writing,
    rows: Iterator[Row | Malformed],
    outcome: Outcome,
    *,
    year: int,
    register: bool,
) -> None:
    """Records the rows one after another in one transaction; bad ones are noted, not raised."""
    for row in rows:
        outcome.rows += 1
        try:
            if isinstance(row, Malformed):
                raise row
            request = request_of(row.cells, year=year)
            code = row.cells.get("project", "")
            if register and code and code not in writing.state.projects and code != "-":
                name = row.cells.get("name") or code
                given = {**request.given, "code": parse.project_code(code), "name": name}
                only = {k: given[k] for k in ("code", "name", "occurred_on")}
                if request.kind != "project":
                    writing.record(Request("project", {**only, "doc": "", "reason": ""}))
            recorded = writing.record(request)
        except Malformed as wrong:
            number = row.number if isinstance(row, Row) else outcome.rows + 1
            number = getattr(wrong, "row", number)
            outcome.rejected.append(
                Rejected(number, wrong.field, wrong.value, wrong.code, str(wrong), [], 2)
            )
        except Refused as refused:
            assert isinstance(row, Row)
            column = _column_of(refused, row.cells)
            outcome.rejected.append(
                Rejected(
                    row.number,
                    column,
                    row.cells.get(column, ""),
                    refused.code,
                    str(refused),
                    refused.ways_out,
                    3,
                )
            )
        else:
            if recorded.already:
                outcome.already += 1
            else:
                outcome.recorded += 1
                outcome.warnings.update(recorded.cautions)


_COLUMN_OF_CODE = {
    "KEY.CONFLICT": "id",
    "DATE": "date",
    "MONTH": "date",
    "PROJECT": "project",
    "ENTRY": "ref",
    "DOC": "doc",
    "R16.PAYEE": "payee",
    "R16.ECON": "econ",
    "R2.SPENDING": "spending",
    "R2": "econ",
    "R5.AUTHORITY": "authority",
    "R7": "origin",
    "LINE": "func",
    "R1.NO_LINE": "func",
    "INCOME": "econ",
}


def _column_of(refused: Refused, cells: dict[str, str]) -> str:
    """The column that a refusal is about; most are about the amount."""
    code = refused.code
    return _COLUMN_OF_CODE.get(code) or _COLUMN_OF_CODE.get(code.split(".")[0]) or "amount"


def request_of(cells: dict[str, str], *, year: int) -> Request:
    """The request of one row. Raises `Malformed` naming the column; guesses nothing."""
    kind = _kind(cells.get("kind", ""))
    unused = [c for c, v in cells.items() if v and c not in COLUMNS_OF_KIND[kind] | _COMMON]
    if unused:
        expected = f"空（{KIND_NAMES[kind]}不使用这一栏）"
        raise Malformed(
            "FIELD.NOT_USED", field=unused[0], value=cells[unused[0]], expected=expected
        )
    purpose = parse.text(cells.get("purpose", ""), field="purpose", limit=500)
    given: dict[str, Any] = {
        "occurred_on": parse.day(cells.get("date", "")),
        "doc": parse.text(cells.get("doc", ""), field="doc"),
        "reason": "" if kind == "pay" else purpose,
    }
    key = parse.required(cells.get("id"), field="id")
    return Request(
        kind,
        {**given, **_BUILDERS.get(kind, _on_line)(cells, year)},
        parse.required(cells.get("ref"), field="ref") if kind in ("refund", "reverse") else None,
        key,
    )


def _kind(text: str) -> str:
    kind = _KIND_WORDS.get(text, text)
    if kind not in COLUMNS_OF_KIND:
        expected = "、".join(f"{k}（{KIND_NAMES[k]}）" for k in COLUMNS_OF_KIND)
        raise Malformed("KIND.UNKNOWN", field="kind", value=text, expected=expected)
    return kind


def _line(cells: dict[str, str], year: int) -> BudgetLine:
    return parse.new_line(_parts(cells), year=year)


def _parts(cells: dict[str, str]) -> parse.Parts:
    parts: parse.Parts = {name: cells.get(name) for name in LINE_COLUMNS}
    parts["fund"] = _FUND_WORDS.get(parts["fund"] or "", parts["fund"])
    parts["spending"] = _SPENDING_WORDS.get(parts["spending"] or "", parts["spending"])
    return parts


def _amount(cells: dict[str, str]) -> int:
    return parse_yuan(cells.get("amount", ""))


def _on_line(cells: dict[str, str], year: int) -> dict[str, Any]:
    return {"line": _line(cells, year), "amount_fen": _amount(cells)}


def _project(cells: dict[str, str], _: int) -> dict[str, Any]:
    return {
        "code": parse.project_code(cells.get("project")),
        "name": parse.required(cells.get("name"), field="name"),
    }


def _pay(cells: dict[str, str], year: int) -> dict[str, Any]:
    line = _line(cells, year)
    return {
        "line": line,
        "econ": line.econ,
        "amount_fen": _amount(cells),
        "payee": parse.text(cells.get("payee", ""), field="payee"),
        "purpose": parse.text(cells.get("purpose", ""), field="purpose", limit=500),
    }


def _reallocate(cells: dict[str, str], year: int) -> dict[str, Any]:
    source, fen = _line(cells, year), _amount(cells)
    to_parts: parse.Parts = {name.removeprefix("to_"): cells.get(name) for name in TO_COLUMNS}
    to_parts["spending"] = _SPENDING_WORDS.get(to_parts["spending"] or "", to_parts["spending"])
    authority = cells.get("authority")
    return {
        "sources": [(source, fen)],
        "targets": [(parse.line_pattern_to(to_parts), fen)],
        "authority": parse.word(authority, parse.AUTHORITIES, field="authority")
        if authority
        else None,
    }


def _about_entry(cells: dict[str, str], _: int) -> dict[str, Any]:
    repeated: parse.Parts = {name: text for name, text in _parts(cells).items() if text}
    given: dict[str, Any] = {"line": parse.line_pattern(repeated) if repeated else None}
    if cells.get("amount"):
        given["amount_fen"] = _amount(cells)
    return given


def _refund(cells: dict[str, str], year: int) -> dict[str, Any]:
    return {**_about_entry(cells, year), "amount_fen": _amount(cells)}


def _income(cells: dict[str, str], year: int) -> dict[str, Any]:
    return {**parse.income_of(_parts(cells), year=year), "amount_fen": _amount(cells)}


def _lock_month(cells: dict[str, str], _: int) -> dict[str, Any]:
    return {"month": parse.day(cells.get("date", "")).month}


_BUILDERS: dict[str, Callable[[dict[str, str], int], dict[str, Any]]] = {
    "project": _project,
    "pay": _pay,
    "reallocate": _reallocate,
    "refund": _refund,
    "reverse": _about_entry,
    "income": _income,
    "lock-month": _lock_month,
}


@contextmanager
def opened_rows(path: Path) -> Iterator[Iterator[Row | Malformed]]:
    """The rows of a CSV file, streamed. Raises `Malformed` for what makes the whole unreadable: no
    file, an unknown encoding, a header that is not ours."""
    encoding = detected_encoding(path)
    with path.open(encoding=encoding, newline="") as stream:
        yield _rows(stream, path)


def detected_encoding(path: Path) -> str:
    """UTF-8 (with or without BOM), else GB18030. Reads the whole file once, in pieces."""
    if not path.is_file():
        raise Malformed("FILE.MISSING", field="FILE", value=str(path), expected="存在的 CSV 文件")
    with path.open("rb") as stream:
        start = stream.read(4)
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        expected = "UTF-8 或 GB18030 编码的文件（此文件为 UTF-16，请另存为 CSV UTF-8）"
        raise Malformed("FILE.ENCODING", field="FILE", value=str(path), expected=expected)
    if start.startswith(b"PK\x03\x04"):
        expected = "CSV 文本（此文件是 Excel 工作簿，请另存为 CSV UTF-8）"
        raise Malformed("FILE.FORMAT", field="FILE", value=str(path), expected=expected)
    utf8_bad = _undecodable(path, "utf-8")
    if utf8_bad is None:
        return "utf-8-sig"
    if not start.startswith(codecs.BOM_UTF8) and _undecodable(path, "gb18030") is None:
        return "gb18030"
    expected = f"全文同为 UTF-8 或同为 GB18030 编码（第 {utf8_bad} 行起不是 UTF-8，也不是 GB18030）"
    raise Malformed("FILE.ENCODING", field="FILE", value=str(path), expected=expected)


def _undecodable(path: Path, encoding: str) -> int | None:
    """The line of the first byte that is not of this encoding."""
    decoder = codecs.getincrementaldecoder(encoding)()
    lines = 1
    with path.open("rb") as stream:
        while chunk := stream.read(_CHUNK):
            try:
                decoder.decode(chunk)
            except UnicodeDecodeError as error:
                return lines + chunk[: error.start].count(b"\n")
            lines += chunk.count(b"\n")
        try:
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return lines
    return None


def _rows(stream: Any, path: Path) -> Iterator[Row | Malformed]:
    reader = csv.reader(stream, strict=True)
    header: list[str] | None = None
    start = 1
    while True:
        try:
            cells = next(reader, None)
        except csv.Error as error:
            yield _at(
                start,
                Malformed(
                    "FILE.CSV",
                    field="行",
                    value=str(error),
                    expected="正确的 CSV（引号成对，每格不超过 128 KB）",
                ),
            )
            if header is None:
                raise Malformed(
                    "FILE.CSV", field="FILE", value=str(path), expected="正确的 CSV"
                ) from None
            start = reader.line_num + 1
            continue
        if cells is None:
            break
        if header is None:
            header = _header(cells)
        elif any(cell.strip() for cell in cells):
            if len(cells) != len(header):
                expected = f"{len(header)} 栏，与表头相同（此行 {len(cells)} 栏）"
                yield _at(
                    start,
                    Malformed("ROW.COLUMNS", field="行", value=",".join(cells), expected=expected),
                )
            else:
                stripped = (cell.strip() for cell in cells)
                yield Row(start, dict(zip(header, stripped, strict=True)))
        start = reader.line_num + 1
    if header is None:
        expected = "含表头和数据行的 CSV（此文件是空的）"
        raise Malformed("FILE.EMPTY", field="FILE", value=str(path), expected=expected)


def _at(row: int, wrong: Malformed) -> Malformed:
    wrong.row = row  # type: ignore[attr-defined]
    return wrong


def _header(cells: list[str]) -> list[str]:
    """The canonical names of a header. Unknown, repeated and missing columns are refused."""
    names = {alias: name for name, aliases in ALIASES.items() for alias in (name, *aliases)}
    header: list[str] = []
    for cell in cells:
        name = names.get(cell.strip())
        if name is None:
            expected = "表头栏名之一：" + "、".join(ALIASES)
            raise Malformed("HEADER.UNKNOWN", field="表头", value=cell, expected=expected)
        if name in header:
            raise Malformed(
                "HEADER.REPEATED", field="表头", value=cell, expected="只出现一次的栏名"
            )
        header.append(name)
    for name in ("id", "date", "kind"):
        if name not in header:
            expected = f"含有 {name}（{ALIASES[name][0]}）一栏的表头"
            raise Malformed(
                "HEADER.MISSING", field="表头", value=",".join(cells), expected=expected
            )
    return header


def progress(rows: Iterator[Row | Malformed], path: Path) -> Iterator[Row | Malformed]:
    """The same rows, with a bar on stderr when that is a terminal."""
    if not sys.stderr.isatty():
        yield from rows
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    with path.open("rb") as stream:
        total = sum(chunk.count(b"\n") for chunk in iter(lambda: stream.read(_CHUNK), b"")) - 1
    columns = (TextColumn("导入"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=max(total, 1))
        for done, row in enumerate(rows, 1):
            yield row
            if done % _PROGRESS_EVERY == 0:
                bar.update(task, completed=done)


def _rendered(answer: dict[str, Any], path: Path) -> str:
    shown = [
        f"{path}：共 {answer['rows']} 行，记录 {answer['recorded']} 行，"
        f"此前已记录 {answer['already']} 行，有误 {len(answer['rejected'])} 行"
    ]
    if answer["dry_run"]:
        shown.append(f"只检查，未记录；可以记录 {answer['would_record']} 行")
    elif answer["rejected"] and not answer["recorded"]:
        shown.append("没有记录任何一行；改正后重新导入，或用 --keep-going 先记录正确的行")
    elif not answer["recorded"] and answer["already"]:
        shown.append("没有新的内容，全部已在账中")
    shown += [f"提醒 {w['code']}：{w['message']}（{w['rows']} 行）" for w in answer["warnings"]]
    shown.append(f"账套 {answer['book']}，共 {answer['head']['entries']} 笔")
    return "\n".join(shown)


def _complain(outcome: Outcome, path: Path) -> None:
    for rejected in outcome.rejected:
        tell(f"{path} 第 {rejected.row} 行 {rejected.column}：{rejected.code} {rejected.message}")
        for way in rejected.ways_out:
            tell(f"  可以：{way}")
