"""A request in plain words, as the model reads it, and what the product is asked for by it."""

from typing import Any

from ledger.book import BookId
from ledger.events import CodeName, FundBasis
from ledger.line import BudgetLine, LinePattern
from ledger.refusals import Refusal
from ledger.requests import Request

YEAR = 2020
BOOK = BookId("jianghan", YEAR)
OTHER = BookId("hanyang", YEAR)
"""A second book, which has some carry-over and to which carry-over can be sent."""
NEXT = BookId("jianghan", YEAR + 1)
"""The book that opens from the first one, once it is closed."""
STRANGER = BookId("nobody", YEAR)
STEPS = 80
OF_THE_MODEL = "2020"
"""The edition whose cells the model knows."""
FUNCS = ("2080105", "2080199", "2010301")
ECONS = ("-", "302", "30201", "30299", "30217", "30231", "31002", "31013", "30101")
CODES = {"functional": ("2080199", "2080105"), "economic": ("30201", "30299")}
"""The codes of the lists that are adopted."""
CODE_SETS = (*CODES,)
ACTORS = ("出纳", "会计", "科长")
OWN_OF_OTHER = (
    f"general:{FUNCS[0]}:basic:-:-:{YEAR - 1}",
    f"nonfiscal:{FUNCS[0]}:project:P1:-:{YEAR - 1}",
)
OWN_FEN = 50_000
"""The carry-over that the other book has of its own, on each of its lines."""
ADJUSTMENTS = (
    *("error-correction", "error-correction", "prior-year-recovery", "consolidation-in"),
    *("consolidation-out", "remitted", "closing-revised"),
)
CAUSES = ("done", "terminated", "not-needed", "two-years")
PROJECTS = ("P1", "P2", "P2", "P9")
EITHER_WAY = ("error-correction", "closing-revised")
BASES = ("indicator", "payment", "recorded")
UNIT_KINDS = ("admin", "public-admin", "institution", "institution")
SOURCES = ("superior", "service", "business", "affiliate", "other")
LOAN_FEN = 10**9
ITEM_ECONS = ("30212", "31013", "30231", "30217")
NUMBERS = ("HT-1", "HT-2", "HT-3", "2020_7")
"""The numbers of contracts."""
_SAME_WORDS = (
    *("batches", "persons", "companions", "guests", "guest", "purpose", "category", "groups"),
    *("destination", "no", "procurement_type", "supplier", "size", "reserved", "signed", "due"),
    *("count", "cell", "slot", "text", "goal", "done", "project", "expected", "actual", "level1"),
    *("level2", "level3", "value", "direction", "constraint", "grade", "percent", "deviation"),
    *("department", "payments", "contract"),
)
"""What facts of the report, and payments for a contract, call as the product does."""
_HUNDREDTHS = {
    "weight": "weight_hundredths",
    "deduct": "deduct_hundredths",
    "score": "score_hundredths",
}
FAMILY = {
    Refusal.KEY_CONFLICT: "key",
    Refusal.BOOK_NOT_OPENED: "book",
    Refusal.BOOK_ALREADY_OPENED: "book",
    Refusal.SPENDING_DIFFERS: "line",
    Refusal.LINE_MISSING: "line",
    Refusal.LINE_AMBIGUOUS: "line",
    Refusal.LINE_DRAWN: "line",
    Refusal.ENTRY_MISSING: "entry",
    Refusal.DATE_OUTSIDE_YEAR: "date",
    Refusal.YEAR_CLOSED: "closing",
    Refusal.MONTH_LOCKED: "date",
    Refusal.MONTH_ALREADY_LOCKED: "date",
    Refusal.MONTH_NOT_OVER: "date",
    Refusal.MONTH_ORDER: "date",
    Refusal.MONTH_NOT_LOCKED: "closing",
    Refusal.UNLOCK_REASON: "closing",
    Refusal.YEAR_OPEN: "closing",
    Refusal.YEAR_APPROVED: "closing",
    Refusal.REOPEN_REASON: "closing",
    Refusal.CLOSING_DATE: "closing",
    Refusal.APPROVAL_DATE: "closing",
    Refusal.APPROVAL_ROWS: "closing",
    Refusal.PUBLISH_DATE: "publication",
    Refusal.PUBLISH_AGAIN: "publication",
    Refusal.PUBLISH_INTERNAL: "publication",
    Refusal.PUBLISH_MISSING: "publication",
    Refusal.PUBLISH_ERRORS: "publication",
    Refusal.PUBLISH_REASON: "publication",
    Refusal.YEAR_BLOCKED: "closing",
    Refusal.PREVIOUS_OPEN: "closing",
    Refusal.OPENING_STANDS: "closing",
    Refusal.PREVIOUS_OTHER: "closing",
    Refusal.BOOK_HAS_MONEY: "book",
    Refusal.BOOK_SAME: "book",
    Refusal.ENTRY_KIND: "entry",
    Refusal.ENTRY_DIFFERS: "entry",
    Refusal.DATE_BEFORE_ORIGINAL: "date",
    Refusal.ENTRY_REVERSED: "entry",
    Refusal.ENTRY_REFUNDED: "entry",
    Refusal.RESERVE_USED: "entry",
    Refusal.CONTRACT_USED: "contract",
    Refusal.ENTRY_SAME: "entry",
    Refusal.REQUEST_SETTLED: "approval",
    Refusal.SAME_ACTOR: "approval",
    Refusal.REJECTION_REASON: "approval",
    Refusal.RECONCILED_PAID: "reconcile",
    Refusal.RECONCILED_TIES: "reconcile",
    Refusal.RECONCILIATION_REASON: "reconcile",
    Refusal.CODES_ROWS: "book",
    Refusal.PARTICULAR_NONE: "fact",
    Refusal.RECEPTION_COMPANIONS: "fact",
    Refusal.TIED_ECON: "tied",
    Refusal.TIED_EXCEEDS: "tied",
    Refusal.CONTRACT_TWICE: "contract",
    Refusal.CONTRACT_SIGNED: "contract",
    Refusal.TARGET_CONSTRAINT: "performance",
    Refusal.TARGET_DEDUCT: "performance",
    Refusal.RESULT_GRADE: "performance",
    Refusal.RESULT_UNIT: "performance",
    Refusal.OVERRIDE_REASON: "performance",
    Refusal.DOC_REQUIRED: "doc",
    Refusal.PAYEE_REQUIRED: "R16",
    Refusal.COUNTERPART_OTHER: "counterpart",
    Refusal.CONTRACT_UNKNOWN: "contract",
    Refusal.CONTRACT_RESERVED: "contract",
    Refusal.CONTRACT_TYPE: "contract",
    Refusal.ECON_REQUIRED: "R16",
    Refusal.DUPLICATE: "R16",
    Refusal.PROJECT_UNKNOWN: "project",
    Refusal.CAPITAL_ON_BASIC: "R2",
    Refusal.SPENDING_FUND: "R2",
    Refusal.UNIT_KIND: "unit",
    Refusal.ORIGIN_NOT_CURRENT: "R7",
    Refusal.ORIGIN_NOT_EARLIER: "R7",
    Refusal.ADJUSTMENT_DIRECTION: "R11",
    Refusal.TRANSFER_COUNTERPART: "R7",
    Refusal.CUT_CARRYOVER: "R7",
    Refusal.NEVER_SURPLUS: "R9",
    Refusal.REUSED_FOR_OTHER: "R7",
    Refusal.ORIGINS_DIFFER: "R7",
    Refusal.CARRYOVER_PURPOSE: "R7",
    Refusal.LINE_REPEATED: "R5",
    Refusal.FUNDS_DIFFER: "R5",
    Refusal.UNBALANCED: "R5",
    Refusal.AUTHORITY_TOO_LOW: "R5",
    Refusal.ALREADY_APPROPRIATED: "R4",
    Refusal.INCOME_CLASS: "income",
    Refusal.DISTRIBUTION_DATE: "distribution",
    Refusal.DISTRIBUTION_RESTRICTED: "distribution",
    Refusal.OVER_DISTRIBUTABLE: "distribution",
    Refusal.RESERVE_LINE: "reserve",
    Refusal.ITEM_AMBIGUOUS: "entry",
    Refusal.REFUND_EXCEEDS: "R15",
    Refusal.RESERVE_EXCEEDED: "reserve",
    Refusal.OVER_SURPLUS: "R8",
    Refusal.THREE_PUBLIC_CAP: "R3",
    Refusal.CAP_TOO_LOW: "R3",
    Refusal.CAP_BELOW_SPENT: "R3",
    Refusal.OVER_PENDING: "R1",
    Refusal.OVER_AVAILABLE: "R1",
    Refusal.OVER_HELD: "R1",
    Refusal.OVER_PAID: "R1",
    Refusal.OVER_PLAN: "plan",
    Refusal.PLAN_EXCEEDS: "plan",
    Refusal.PLAN_BELOW_PAID: "plan",
    Refusal.OVER_POOL: "pool",
    Refusal.OVER_CASH: "cash",
    Refusal.PRIOR_IN_BOOK: "fact",
    Refusal.CONTRACT_EXCEEDS: "contract",
    Refusal.TOTAL_TOO_LARGE: "R1",
}
"""What the model calls each refusal."""
OUT_OF_REACH = frozenset(
    {
        Refusal.OVER_HELD,  # guarded before by ENTRY_REVERSED, RESERVE_USED and RESERVE_EXCEEDED
        Refusal.OVER_PAID,  # guarded before by ENTRY_REVERSED, ENTRY_REFUNDED and REFUND_EXCEEDS
        Refusal.PUBLISH_INTERNAL,  # asked of the reading side, by the command
        Refusal.PUBLISH_MISSING,
        Refusal.PUBLISH_ERRORS,
        Refusal.TOTAL_TOO_LARGE,  # takes a thousand entries of the largest amount
    }
)
Plain = dict[str, Any]


def request_of(plain: Plain) -> Request:
    """The product's request for a plain one."""
    given: Plain = {"occurred_on": plain["date"], "doc": plain["doc"], "reason": ""}
    kind = plain["kind"]
    if "fen" in plain:
        given["amount_fen"] = plain["fen"]
    if "line" in plain:
        given["line"] = line_of(plain["line"])
    for name in ("pending", "again", "econ", "payee", "source", "month", "authority", "code",
                 "name", "adjustment", "cause", "decrease", "item", "counterpart", "reason",
                 "paid_fen", "statement_fen", "statement", "differences", "pool", "distribution",
                 "unit_kind", "code_set", "edition", "sha256", "basis", *_SAME_WORDS):  # fmt: skip
        if name in plain:
            given[name] = plain[name]
    given |= {name: plain[said] for said, name in _HUNDREDTHS.items() if said in plain}
    match kind:
        case "open-book" | "amend-book":
            if plain.get("fund_basis"):
                own = plain["fund_basis"].items()
                given["fund_basis"] = tuple(FundBasis(fund, basis) for fund, basis in own)
        case "codes":
            given["rows"] = tuple(CodeName(code, name) for code, name in plain["codes"])
        case "voucher":
            given["items"] = [(line_of(line), econ, fen) for line, econ, fen in plain["items"]]
        case "reallocate":
            given["sources"] = [(line_of(line), fen) for line, fen in plain["from"]]
            given["targets"] = [(line_of(line), fen) for line, fen in plain["to"]]
        case "reuse":
            given["to_line"] = line_of(plain["to_line"])
        case "refund" | "reverse" | "unreserve":
            given["line"] = None if plain["said_line"] is None else line_of(plain["said_line"])
            if kind == "reverse":
                given["amount_fen"] = plain["said_fen"]
        case "correct":
            changes = dict(plain["changes"])
            parts = {p: changes.pop(p) for p in ("econ", "func", "project") if p in changes}
            if "fen" in changes:
                changes["amount_fen"] = changes.pop("fen")
            given["changes"] = {**changes, **({"parts": LinePattern(**parts)} if parts else {})}
        case _:
            pass
    request = Request(kind, given, plain.get("ref"), plain["key"])
    return request.with_default_key() if plain.get("by_document") else request


def line_of(said: str | dict[str, Any]) -> BudgetLine | LinePattern:
    """A line by its text, or by the parts that were said."""
    if isinstance(said, str):
        return BudgetLine.parse(said)
    parts = dict(said)
    if "origin" in parts:
        parts["origin"] = int(parts["origin"])
    return LinePattern(**parts)


def agree(expected: Any, found: Any, where: object = "") -> None:
    """The model and the product say the same; where not, what each of them says."""
    if expected == found:
        return
    if isinstance(expected, dict) and isinstance(found, dict):
        differing = [
            f"  {name}: the model {expected.get(name)}, the product {found.get(name)}"
            for name in sorted({*expected, *found}, key=str)
            if expected.get(name) != found.get(name)
        ]
        raise AssertionError(f"{where}\n" + "\n".join(differing))
    raise AssertionError(f"{where}: the model {expected}, the product {found}")
