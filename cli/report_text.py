"""The published tables and explanations as a person reads them on a terminal."""

from typing import Any

from cli.render import Row, money, padded, width
from cli.render import table as aligned
from ledger.kinds import KIND_NAMES
from ledger.money import yuan


def table(answer: dict[str, Any]) -> str:
    """A table in the shape of its official form, as far as a terminal shows it."""
    from projections.editions import edition

    form = edition(answer["edition"])[answer["table"]]
    cells = {cell["id"]: cell for cell in answer["cells"]}
    by_row: dict[str, dict[str, str]] = {}
    for cell in cells.values():
        by_row.setdefault(cell["row"], {})[cell["column"]] = cell["printed"]
    body = {"sides": _sides, "tree": _tree, "blocks": _blocks, "line": _line}[form.layout]
    shown = body(form.data, answer, by_row)
    across = max(width(line) for line in shown.splitlines())
    lines = [
        _centred(answer["title"], across) + f"（表{answer['table']}）",
        f"账套：{answer['book']}    金额单位：{answer['unit']}",
        shown,
        f"注：{answer['note']}",
        f"    {answer['formulas']}" if answer["formulas"] else "",
        f"说明：{answer['statement']}" if answer["statement"] else "",
    ]
    return "\n".join(line for line in lines if line)


def _centred(text: str, columns: int) -> str:
    return " " * max((columns - width(text)) // 2, 0) + text


def _sides(data: dict[str, Any], answer: dict[str, Any], by_row: dict[str, dict[str, str]]) -> str:
    sides = data["side"]
    head: list[str] = []
    numbers: list[str] = []
    for side in sides:
        head += [
            f"{side['name']}项目",
            "行次",
            *(column["label"] for column in side["columns"]),
        ]
        numbers += ["栏次", "", *(column["no"] for column in side["columns"])]
    length = max(len(side["rows"]) for side in sides)
    rows: list[Row] = [numbers]
    for index in range(length):
        row: list[str] = []
        for side in sides:
            here = side["rows"][index] if index < len(side["rows"]) else None
            printed = by_row.get(str(here["no"]), {}) if here else {}
            row += [here["label"] if here else "", str(here["no"]) if here else ""]
            row += [printed.get(column["no"], "") for column in side["columns"]]
        rows.append(row)
    starts, at = set(), 0
    for side in sides:
        starts.add(at)
        at += 2 + len(side["columns"])
    return aligned(head, rows, left=starts)


def _tree(data: dict[str, Any], answer: dict[str, Any], by_row: dict[str, dict[str, str]]) -> str:
    columns = data["columns"]
    labels = {cell["row"]: cell["label"] for cell in answer["cells"]}
    head = ["科目编码", "科目名称", *(column["label"] for column in columns)]
    rows = [["栏次", "", *(column["no"] for column in columns)]]
    for code, printed in by_row.items():
        figures = [printed.get(column["no"], "") for column in columns]
        rows.append(["" if code == "合计" else code, labels[code], *figures])
    return aligned(head, rows, left={0, 1})


def _blocks(data: dict[str, Any], answer: dict[str, Any], by_row: dict[str, dict[str, str]]) -> str:
    blocks = data["block"]
    head: list[str] = []
    for block in blocks:
        head += ["编码", f"{block['name']}科目", "决算数"]
    rows: list[Row] = []
    for index in range(max(len(block["rows"]) for block in blocks)):
        row: list[str] = []
        for block in blocks:
            here = block["rows"][index] if index < len(block["rows"]) else None
            figure = next(iter(by_row.get(here["code"], {"": ""}).values())) if here else ""
            row += [here["code"], here["label"], figure] if here else ["", "", ""]
        rows.append(row)
    totals = "    ".join(
        f"{total['id']}  {next(iter(by_row[total['id']].values()))}" for total in data["totals"]
    )
    left = {i for i in range(len(head)) if i % 3 != 2}
    return aligned(head, rows, left=left) + f"\n{totals}"


def _line(data: dict[str, Any], answer: dict[str, Any], by_row: dict[str, dict[str, str]]) -> str:
    printed = by_row.get("", {})
    rows: list[Row] = [
        (
            group["name"],
            column["no"],
            column.get("over", "") + column["label"],
            printed.get(column["no"], ""),
        )
        for group in data["group"]
        for column in group["columns"]
    ]
    return aligned(("", "栏次", "项目", "金额"), rows, left={0, 1, 2})


def explanation(answer: dict[str, Any]) -> str:
    """Formula → cells → entries → documents."""
    printed = answer["printed"] or "0.00"
    shown = [
        f"{answer['book']}  {answer['cell']} {answer['label']}  {printed} 万元"
        f"（{yuan(answer['fen'])} 元）",
        f"取数：{answer['formula']}",
    ]
    # Of thirty parts most are nil: the formula names them, the figures need not.
    parts = [part for part in answer["parts"] if part["fen"]]
    shown += [f"  ├ {padded(p['cell'], 20)}{yuan(p['fen']):>20} 元" for p in parts]
    rows = [
        (str(e["entry"]), e["date"], KIND_NAMES[e["kind"]], e["doc"], yuan(e["fen"]))
        for e in answer["entries"]
    ]
    head = ("编号", "日期", "业务", "文号", "金额（元）")
    foot = ("合计", "", "", f"{len(rows)} 笔", yuan(answer["fen"]))
    return "\n".join([*shown, "", aligned(head, rows, left=4, foot=foot)])


def cells_of_entry(answer: dict[str, Any]) -> str:
    """Where an entry goes."""
    rows = [
        (f"表{cell['table']}", cell["cell"], cell["label"], money(cell["fen"]))
        for cell in answer["cells"]
    ]
    title = f"{answer['book']}  第 {answer['entry']} 笔进入的单元格"
    head = ("表", "单元格", "项目", "金额（元）")
    return title + "\n\n" + aligned(head, rows, left=3)


_TIERS = {"error": "错误", "warn": "提醒", "info": "提示"}


def findings(answer: dict[str, Any]) -> str:
    """审核结果, the gravest first."""
    shown = [f"{answer['book']}  决算审核"]
    for finding in answer["findings"]:
        shown.append(f"{_TIERS[finding['tier']]} {finding['code']}  {finding['message']}")
        if finding["cells"]:
            shown.append(f"      单元格：{'、'.join(finding['cells'])}")
        if finding["suggestion"]:
            shown.append(f"      说明建议：{finding['suggestion']}")
    shown += [f"未审核 {skipped['code']}：{skipped['why']}" for skipped in answer["not_run"]]
    counts = dict.fromkeys(_TIERS, 0)
    for finding in answer["findings"]:
        counts[finding["tier"]] += 1
    shown.append("，".join(f"{name} {counts[tier]} 项" for tier, name in _TIERS.items()))
    return "\n".join(shown)
