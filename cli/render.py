"""Values → what a person reads: Chinese, aligned for wide characters, money in yuan."""

from collections.abc import Sequence
from typing import Any

from cli.columns import Row, fitted, padded, table
from ledger.kinds import ADJUSTMENT_NAMES, POOL_NAMES
from ledger.line import FISCAL_FUNDS, FUND_NAMES, SPENDING_NAMES, Fund, Spending
from ledger.money import percent, yuan


def money(fen: int | None) -> str:
    """Yuan, or nothing for zero: a column of zeros hides what is there."""
    return yuan(fen) if fen else ""


def subject(answer: dict[str, Any]) -> str:
    """Whom an answer is about: a book, or a department and how many books it adds up."""
    if "department" not in answer:
        return str(answer["book"])
    return f"{answer['department']}/{answer['year']}（汇总 {len(answer['books'])} 个账套）"


def heading(answer: dict[str, Any], title: str) -> str:
    """The first lines of every answer about a book or a department."""
    moment = answer["as_of"] or "全部记录"
    known = f"，按 {answer['known_at']} 时所知" if answer["known_at"] else ""
    if "department" in answer:
        entries = sum(book["head"]["entries"] for book in answer["books"])
        end = f"共 {entries} 笔）"
        if answer["absent"]:
            end += f"\n缺账套：{some(answer['absent'])}"
        unclosed = [book["book"] for book in answer["books"] if not book["closed"]]
        if unclosed:
            end += f"\n未结账：{some(unclosed)}"
    else:
        head = answer["head"]
        end = f"共 {head['entries']} 笔，末端 {head['hash'][:12]}）"
    return f"{subject(answer)}  {title}  （截至：{moment}{known}；{end}\n单位：元\n"


_NAMED = 8


def some(names: list[str]) -> str:
    """The first of them, and how many there are."""
    more = f"……共 {len(names)} 个" if len(names) > _NAMED else ""
    return "、".join(names[:_NAMED]) + more


def balances(answer: dict[str, Any]) -> str:
    """余额表."""
    from projections.balances import FIGURES

    head = ("预算线", "年初预算", "全年预算", "待下达", "可用", "在途", "已支付", "收回", "转出")
    # 可用 is what people come for: nothing left reads 0.00, not a blank.
    shows = {name: yuan if name == "available_fen" else money for name in FIGURES}
    rows = [(row["line"], *(shows[name](row[name]) for name in FIGURES)) for row in answer["lines"]]
    foot = ("合计", *(yuan(answer["totals"][name]) for name in FIGURES))
    shown = _without_empty(head, rows, foot, keep={0, 2, 4, 6})
    return heading(answer, "预算余额") + "\n" + table(shown[0], shown[1], foot=shown[2])


def _without_empty(
    head: Row, rows: Sequence[Row], foot: Row, keep: set[int]
) -> tuple[Row, list[Row], Row]:
    """Drops columns in which no row has anything."""
    used = [i for i in range(len(head)) if i in keep or any(row[i] for row in rows)]
    return (
        [head[i] for i in used],
        [[row[i] for i in used] for row in rows],
        [foot[i] for i in used],
    )


def carryover(answer: dict[str, Any]) -> str:
    """结转结余表, and 非财政拨款结余 below it."""
    from projections.carryover import WALK

    rows = [(*item_of(item), *(money(item[name]) for name in WALK)) for item in answer["items"]]
    foot = ("合计", "", "", "", *(yuan(answer[name]) for name in WALK))
    keep = {0, 1, 2, 3, 4, 5, 7, 9}
    used = _without_empty((*ITEM_HEAD, *_WALK_HEAD), rows, foot, keep=keep)
    shown = [heading(answer, "结转结余"), table(used[0], used[1], left=4, foot=used[2])]
    adjusted = answer["opening_adjustments"]
    if adjusted:
        said = "；".join(
            f"{ADJUSTMENT_NAMES[a['kind']]} {yuan(a['fen'])}（{a['doc']}）" for a in adjusted
        )
        shown.append(f"年初结转：调整前 {yuan(answer['opening_before_fen'])}；{said}")
    bound, free = (answer["nonfiscal"][f"{name}_fen"] for name in ("restricted", "unrestricted"))
    if bound or free:
        shown.append(f"年末结转中的单位资金：专项 {yuan(bound)}；非专项 {yuan(free)}")
    shown += [
        f"{POOL_NAMES[p['pool']]}（不在结转内）：年初 {yuan(p['opening_fen'])}；"
        f"本年分配转入 {yuan(p['distributed_fen'])}；本年使用 {yuan(p['used_fen'])}；"
        f"年末 {yuan(p['closing_fen'])}"
        for p in answer["pools"]
    ]
    return "\n".join(shown)


_WALK_HEAD = ("年初结转", "收入", "使用结余", "支出", "结余分配", "年末结转")


_AGE_LIGHTS = {"due": "已到期", "red": "红", "yellow": "黄", "watch": "关注", "green": "绿"}


def ageing(answer: dict[str, Any]) -> str:
    """结转账龄: a summary by origin, below it the lines. A light only where there is a term."""
    from projections.ageing import FIGURES

    def term(row: dict[str, Any], without: str = "—") -> Row:
        if row["ends"] is None:
            return ("", "", without)
        months = row["months_left"]
        return (
            row["ends"],
            "" if months is None else str(months),
            _AGE_LIGHTS.get(row["light"], "—"),
        )

    def kept(line: dict[str, Any]) -> str:
        fiscal = line["fund"] in FISCAL_FUNDS
        return "长期结转" if fiscal and line["spending"] == "basic" else "—"

    totals = answer["totals"]
    origins = [
        (
            str(row["origin"]),
            *(money(row[name]) for name in FIGURES),
            money(row["term_fen"]),
            *term(row),
        )
        for row in answer["origins"]
    ]
    with_term_fen = sum(row["term_fen"] for row in answer["origins"])
    foot: Row = ("合计", *(yuan(totals[name]) for name in FIGURES), yuan(with_term_fen), "", "", "")
    figures = ("可执行", "待下达", "在途", "剩余")
    limit = ("两年期限", "剩余月数", "灯")
    head = ("形成年度", *figures, "其中有期限", *limit)
    lines = [
        (row["line"], *(money(row[name]) for name in FIGURES), *term(row, kept(row)))
        for row in answer["lines"]
    ]
    title = f"结转账龄（至 {answer['date'] or '—'}）"
    return "\n".join(
        [
            heading(answer, title),
            table(head, origins, left={0, 6, 8}, foot=foot),
            "",
            table(("预算线", *figures, *limit), lines, left={0, 5, 7}),
        ]
    )


ITEM_HEAD = ("资金性质", "功能科目", "项目", "形成年度")


def item_of(item: dict[str, Any]) -> Row:
    """The parts of an item; blank where it stands for more than one."""
    fund = "" if item["fund"] is None else FUND_NAMES[Fund(item["fund"])]
    origin = "" if item["origin"] is None else str(item["origin"])
    return (fund, item["func"] or "", item["project"] or "", origin)


def execution(answer: dict[str, Any]) -> str:
    """执行率表."""
    scope = "本年预算" if answer["scope"] == "current" else "本年预算和上年结转"

    def row(code: str, name: str, figures: dict[str, Any]) -> Row:
        return (
            code,
            name,
            yuan(figures["initial_fen"]),
            yuan(figures["annual_budget_fen"]),
            yuan(figures["executed_fen"]),
            percent(figures["rate"]),
        )

    rows = [row(p["project"], p["name"], p) for p in answer["projects"]]
    rows.append(row("-", "基本支出", answer["basic"]))
    rows += [row("-", SPENDING_NAMES[Spending(o["spending"])], o) for o in answer["other"]]
    head = ("项目", "名称", "年初预算", "全年预算", "执行数", "执行率")
    foot = row("合计", "", answer["totals"])
    return heading(answer, f"预算执行（{scope}）") + "\n" + table(head, rows, left=2, foot=foot)


_LIGHTS = {"green": "绿", "yellow": "黄", "red": "红", None: "—"}


def progress(answer: dict[str, Any]) -> str:
    """执行进度: every project, below it the lines that lag, below the table the hints."""

    def row(code: str, name: str, figures: dict[str, Any]) -> Row:
        return (
            code,
            name,
            yuan(figures["annual_budget_fen"]),
            yuan(figures["executed_fen"]),
            percent(figures["rate"]),
            percent(figures["gap"]),
            _LIGHTS[figures["light"]],
            percent(figures["december_share"]),
        )

    rows, hints = [], []
    for project in answer["projects"]:
        rows.append(row(project["project"], project["name"], project))
        if project["hints"]:
            said = "；".join(hint["message"] for hint in project["hints"])
            hints.append(f"{project['project']} {project['name']}：{said}")
        rows += [
            row("", f"　{line['line']}", line)
            for line in project["lines"]
            if line["light"] in ("yellow", "red")
        ]
    head = ("项目", "名称或预算线", "全年预算", "执行数", "执行率", "较序时", "灯", "12月占比")
    title = f"执行进度（至 {answer['date'] or '—'}，序时进度 {percent(answer['time_progress'])}）"
    shown = table(head, rows, left={0, 1, 6}, foot=row("合计", "", answer["totals"]))
    return "\n".join([heading(answer, title), shown, *([""] if hints else []), *hints])


def three_public(answer: dict[str, Any]) -> str:
    """三公经费表."""
    names = (
        ("overseas_fen", "因公出国（境）费"),
        ("vehicle_fen", "公务用车购置及运行维护费"),
        ("vehicle_purchase_fen", "　其中：购置费"),
        ("vehicle_operation_fen", "　　　　运行维护费"),
        ("reception_fen", "公务接待费"),
    )
    budget, actual = answer["budget"], answer["actual"]
    rows = [(name, yuan(budget[key]), yuan(actual[key])) for key, name in names]
    foot = ("合计", yuan(budget["total_fen"]), yuan(actual["total_fen"]))
    head = ("项目", "预算数（年初）", "决算数")
    return heading(answer, "三公经费") + "\n" + table(head, rows, foot=foot)


def closing(answer: dict[str, Any]) -> str:
    """结账清单: what stands in the way, and what the rules suggest."""
    from ledger.kinds import CHOICE_NAMES

    shown = [f"{answer['book']}  年终结账"]
    if answer["closed"]:
        return f"{shown[0]}\n已由第 {answer['closed']} 笔结账"
    shown += [f"未处理 {b['code']}  {b['text']}\n  可以：{b['way']}" for b in answer["blockers"]]
    rows = [
        (
            each["line"],
            yuan(each["amount_fen"]),
            money(each["pending_fen"]),
            CHOICE_NAMES[each["decision"]],
        )
        for each in answer["lines"]
    ]
    rows += [(each["line"], yuan(each["amount_fen"]), "", "余款结转") for each in answer["cash"]]
    if rows:
        head = ("预算线", "可执行", "待下达", "建议处理")
        shown += ["", table(head, rows, left={0, 3}), ""]
    if answer["distribute"]:
        of = answer["distribute"]
        shown += [
            f"提醒  单位资金中非专项余款 {yuan(of['amount_fen'])} 元尚未作结余分配；"
            "不分配的列入年末结转和结余",
            *(f"  可以：{way}" for way in of["try"]),
            "",
        ]
    if answer["file"]:
        shown.append(
            f"建议已写入 {answer['file']}；修改后用 close-year --decisions 结账，另一人批准"
        )
    else:
        shown.append("写出建议供修改：yusuan close-year --propose 结账.csv")
    return "\n".join(shown)


def roll_up(answer: dict[str, Any]) -> str:
    """各账套结转结余汇总."""
    from projections.carryover import WALK

    seldom = ("surplus_used_fen", "distributed_fen")
    shows = {name: money if name in seldom else yuan for name in WALK}
    rows = [
        (walk["book"], walk["name"], *(shows[name](walk[name]) for name in WALK))
        for walk in answer["walks"]
    ]
    foot = ("合计", f"{len(rows)} 个账套", *(yuan(answer["totals"][name]) for name in WALK))
    used = _without_empty(("账套", "单位", *_WALK_HEAD), rows, foot, keep={0, 1, 2, 3, 5, 7})
    return heading(answer, "汇总") + "\n" + table(used[0], used[1], left=2, foot=used[2])


def log(answer: dict[str, Any]) -> str:
    """流水."""
    from ledger.kinds import KIND_NAMES

    rows = [
        (
            str(e["entry"]),
            e["date"],
            KIND_NAMES[e["kind"]],
            e["line"] or "",
            e["doc"] or "",
            e["payee"]
            or e["name"]
            or e["purpose"]
            or e["reason"]
            or ADJUSTMENT_NAMES.get(e["adjustment"], ""),
            money(e["amount_fen"]),
        )
        for e in answer["entries"]
    ]
    head = ("编号", "日期", "业务", "预算线", "文号", "对方、名称或摘要", "金额")
    return heading(answer, "流水") + "\n" + table(head, fitted(head, rows, texts=(4, 5)), left=6)


def statement(answer: dict[str, Any]) -> str:
    """明细账."""
    from ledger.kinds import KIND_NAMES

    rows = [
        (
            r["date"],
            str(r["entry"]),
            KIND_NAMES[r["kind"]],
            r["doc"],
            r["payee"] or r["purpose"] or "",
            money(r["approved_fen"]),
            money(r["paid_fen"]),
            money(r["other_fen"]),
            yuan(r["available_fen"]),
        )
        for r in answer["rows"]
    ]
    head = ("日期", "编号", "业务", "文号", "对方或摘要", "预算增减", "支付", "其他", "可用余额")
    title = heading(answer, f"明细账  {answer['line']}")
    return title + "\n" + table(head, fitted(head, rows, texts=(3, 4)), left=5)


def entry(answer: dict[str, Any]) -> str:
    """One entry in full."""
    from datetime import datetime

    from cli.parse import AUTHORITIES, BASES
    from ledger.codes import gov_economic
    from ledger.kinds import (
        DISTRIBUTION_NAMES,
        KIND_NAMES,
        PAY_TYPE_NAMES,
        SOURCE_NAMES,
        UNIT_KIND_NAMES,
    )

    event, gov = answer["stored"]["event"], answer["gov_econ"]
    fields = (
        ("业务", KIND_NAMES[answer["kind"]]),
        ("业务日期", answer["date"]),
        ("记录时间", datetime.fromisoformat(answer["recorded_at"]).astimezone().isoformat(" ")),
        ("经办人", answer["actor"]),
        ("幂等编号", answer["key"]),
        ("预算线", answer["line"]),
        ("经济科目", answer["econ"]),
        ("政府经济分类", None if gov is None else f"{gov} {gov_economic()[gov]}"),
        ("金额", None if answer["amount_fen"] is None else f"{yuan(answer['amount_fen'])} 元"),
        ("文号", answer["doc"]),
        ("收款人", answer["payee"]),
        ("用途", answer["purpose"]),
        ("支付方式", PAY_TYPE_NAMES.get(answer["pay_type"])),
        ("政府采购", "是" if answer["procurement"] else None),
        ("直达资金", "是" if answer["direct_funds"] else None),
        ("事由", answer["reason"]),
        ("项目代码", event.get("code")),
        ("名称", answer["name"]),
        ("单位性质", UNIT_KIND_NAMES.get(event.get("unit_kind"))),
        ("表样年度", event.get("edition")),
        ("收入口径", BASES.get(event.get("basis"))),
        (
            "资金口径",
            "；".join(f"{FUND_NAMES[Fund(f)]} {BASES[b]}" for f, b in event.get("fund_basis", ())),
        ),
        ("收入类别", SOURCE_NAMES.get(event.get("source"))),
        ("结余种类", POOL_NAMES.get(event.get("pool"))),
        ("分配去向", DISTRIBUTION_NAMES.get(event.get("distribution"))),
        ("调整类型", ADJUSTMENT_NAMES.get(event.get("adjustment"))),
        ("调整方向", "调减" if event.get("decrease") else None),
        ("对方账套", event.get("counterpart")),
        ("审批层级", AUTHORITIES.get(event.get("approved", event).get("authority"))),
        ("须由", AUTHORITIES.get(event.get("needed"))),
        ("指标状态", "先列待下达" if event.get("pending") else None),
        ("月份", event.get("month")),
        ("账上支付", None if "paid_fen" not in event else f"{yuan(event['paid_fen'])} 元"),
        ("对账单", None if "paid_fen" not in event else f"{yuan(event['statement_fen'])} 元"),
        ("差异", f"{event['differences']} 项" if event.get("differences") else None),
        ("对账单文件", event.get("statement")),
        ("对应原笔", answer["original"]),
        ("其后相关", "、".join(f"第 {n} 笔" for n in answer["later"])),
        ("前一哈希", answer["previous_hash"]),
        ("本笔哈希", answer["hash"]),
    )
    shown = [
        f"{padded(f'{name}  ', 10)}{value}" for name, value in fields if value not in (None, "")
    ]
    if answer["postings"]:
        head = ("预算线", "账户", "经济科目", "政府经济", "金额")
        rows = [
            (
                p["line"],
                ACCOUNT_NAMES[p["account"]],
                p["econ"],
                p["gov_econ"] or "",
                yuan(p["amount_fen"]),
            )
            for p in answer["postings"]
        ]
        foot = ("",) * len(head)
        body = _without_empty(head, rows, foot, keep={0, 1, 2, 4})
        shown += ["", table(body[0], body[1], left=len(body[0]) - 1)]
    return f"{answer['book']}  第 {answer['entry']} 笔\n\n" + "\n".join(shown)


ACCOUNT_NAMES = {
    "AUTH": "批准来源",
    "PENDING": "待下达",
    "EXEC": "可执行",
    "HELD": "在途",
    "PAID": "已支付",
    "TAKEN": "收回",
    "OUT": "转出",
}


def pending(answer: dict[str, Any]) -> str:
    """待审批: a request in as many rows as it has lines."""
    from cli.parse import AUTHORITIES
    from ledger.kinds import KIND_NAMES

    rows: list[Row] = []
    for request in answer["requests"]:
        said: Row = (
            str(request["entry"]),
            request["date"],
            request["actor"],
            KIND_NAMES[request["kind"]],
            AUTHORITIES[request["needed"]],
            request["doc"],
            request["reason"],
        )
        for line in request["lines"]:
            rows.append((*said, line["line"], yuan(line["amount_fen"])))
            said = ("",) * len(said)
    if not rows:
        return heading(answer, "待审批") + "\n没有待审批的申请"
    head = ("编号", "日期", "经办人", "业务", "须由", "文号", "事由", "预算线", "可用增减")
    shown = table(head, fitted(head, rows, texts=(5, 6)), left=8)
    approve = "批准  yusuan approve 编号 --authority 审批层级 --actor 批准人"
    reject = "否决或撤回  yusuan reject 编号 --reason 事由"
    return f"{heading(answer, '待审批')}\n{shown}\n\n{approve}\n{reject}"
