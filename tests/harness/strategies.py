"""What hypothesis may try, shared by the tests: amounts, lines, entries, and whole event kinds.

Entries here are well formed but need not be lawful: storage and meaning must hold for all of them.
"""

from datetime import UTC, date, datetime, timedelta, timezone
from typing import get_args, get_type_hints

from hypothesis import strategies as st

from ledger.events import (
    Accepted,
    AnyEvent,
    ApprovalRequested,
    BookAmended,
    BookOpened,
    BudgetCut,
    BudgetReallocated,
    BudgetSupplemented,
    CarryoverReclassified,
    CarryoverTransferred,
    CashApproved,
    CodeName,
    CodeSetAdopted,
    CommitmentReleased,
    CommitmentReserved,
    DisbursementRecorded,
    DisbursementRefunded,
    Entry,
    EntryCorrected,
    EntryReversed,
    FinalAccountApproved,
    FundBasis,
    FundPlanApproved,
    HeadOfBook,
    IncomeRecognised,
    IndicatorReleased,
    IndicatorWithdrawn,
    InitialBudgetApproved,
    ItemCapped,
    LineClosed,
    MonthLocked,
    MonthUnlocked,
    NonFiscalSurplusUsed,
    OpeningAdjusted,
    OpeningLoaded,
    PoolApproved,
    Previous,
    ProjectRegistered,
    PublishedFile,
    ReportPublished,
    RequestApproved,
    RequestRejected,
    Share,
    StatementReconciled,
    StatementTies,
    StockRecovered,
    SurplusAdjusted,
    SurplusDistributed,
    SurplusLoaded,
    SurplusReused,
    Tie,
    Untied,
    VoucherItem,
    VoucherPaid,
    YearClosed,
    YearReopened,
)
from ledger.kinds import THREE_PUBLIC_NAMES
from ledger.line import BudgetLine
from ledger.money import AMOUNT_MAX_FEN, TOTAL_MAX_FEN
from ledger.texts import NEVER

amounts = st.one_of(st.integers(1, 10_000_00), st.integers(1, AMOUNT_MAX_FEN))
funcs = st.from_regex(r"[0-9]{7}", fullmatch=True)
project_codes = st.from_regex(r"[A-Za-z0-9_-]{1,40}", fullmatch=True).filter(lambda c: c != "-")
econs = st.one_of(
    st.just("-"),
    st.sampled_from(["30217", "30201", "302", "31013", "30913"]),
    st.from_regex(r"[0-9]{5}|[0-9]{3}", fullmatch=True),
)
funds = st.sampled_from(["general", "govfund", "statecapital", "nonfiscal"])
origins = st.integers(1900, 2099)
lines = st.builds(
    lambda fund, func, kind, project, econ, origin: BudgetLine.make(
        fund, func, kind if project == "-" else "project", project, econ, origin
    ),
    funds,
    funcs,
    st.sampled_from(["basic", "basic", "business", "remit-superior", "affiliate-subsidy"]),
    st.one_of(st.just("-"), project_codes),
    econs,
    origins,
)
stored_characters = st.characters(codec="utf-8").filter(
    lambda character: not any(first <= ord(character) <= last for first, last in NEVER)
)
texts = st.text(stored_characters, max_size=30)
names = st.text(stored_characters, min_size=1, max_size=30)
days = st.dates(date(1900, 1, 1), date(2099, 12, 31))
moments = st.datetimes(
    datetime(1900, 1, 2),
    datetime(2099, 12, 30),
    timezones=st.sampled_from([UTC, timezone(timedelta(hours=8))]),
)
numbers = st.integers(1, 2**53 - 1)
_digests = st.from_regex(r"[0-9a-f]{64}", fullmatch=True)
_common = {"occurred_on": days, "doc": texts, "reason": texts}


def _line_event(kind: type) -> st.SearchStrategy:
    return st.builds(kind, line=lines, amount_fen=amounts, **_common)


def _pending_event(kind: type) -> st.SearchStrategy:
    return st.builds(kind, line=lines, amount_fen=amounts, pending=st.booleans(), **_common)


_cuts = st.builds(
    lambda fen, part, line, more: BudgetCut(
        line=line, amount_fen=fen, from_pending_fen=min(part, fen), **more
    ),
    amounts,
    st.integers(0, AMOUNT_MAX_FEN),
    lines,
    st.fixed_dictionaries(_common),
)
_shares = st.lists(st.builds(Share, lines, amounts), min_size=1, max_size=4).map(tuple)
units = st.one_of(st.none(), st.from_regex(r"\A[A-Za-z0-9][A-Za-z0-9._-]{0,39}\Z"))
_particulars = {
    "pay_type": st.sampled_from([None, "direct", "authorized", "transfer"]),
    "procurement": st.booleans(),
    "direct_funds": st.booleans(),
    "counterpart": units,
}
pools = st.sampled_from(["unrestricted", "special"])
money_events = st.one_of(
    _pending_event(OpeningLoaded),
    _pending_event(InitialBudgetApproved),
    _pending_event(BudgetSupplemented),
    _cuts,
    st.builds(
        OpeningAdjusted,
        line=lines,
        amount_fen=amounts,
        adjustment=st.sampled_from(get_args(get_type_hints(OpeningAdjusted)["adjustment"])),
        decrease=st.booleans(),
        **_common,
    ),
    st.builds(StockRecovered, line=lines, amount_fen=amounts, carryover=st.booleans(), **_common),
    _line_event(IndicatorReleased),
    _line_event(IndicatorWithdrawn),
    st.builds(
        CarryoverReclassified,
        line=lines,
        amount_fen=amounts,
        cause=st.sampled_from(["done", "terminated", "not-needed", "two-years"]),
        **_common,
    ),
    st.builds(
        ItemCapped, item=st.sampled_from([*THREE_PUBLIC_NAMES]), amount_fen=amounts, **_common
    ),
    st.builds(SurplusReused, line=lines, to_line=lines, amount_fen=amounts, **_common),
    st.builds(
        BudgetReallocated,
        sources=_shares,
        targets=_shares,
        authority=st.sampled_from(["department", "finance"]),
        **_common,
    ),
    st.builds(
        DisbursementRecorded,
        line=lines,
        econ=econs,
        amount_fen=amounts,
        payee=names,
        purpose=texts,
        reserve=st.one_of(st.none(), numbers),
        **_particulars,
        **_common,
    ),
    st.builds(
        VoucherPaid,
        items=st.lists(st.builds(VoucherItem, lines, econs, amounts), min_size=1, max_size=4).map(
            tuple
        ),
        payee=names,
        purpose=texts,
        **_particulars,
        **_common,
    ),
    st.builds(
        CommitmentReserved,
        line=lines,
        amount_fen=amounts,
        payee=texts,
        purpose=texts,
        **_common,
    ),
    st.builds(CommitmentReleased, original=numbers, line=lines, amount_fen=amounts, **_common),
    st.builds(
        FundPlanApproved, line=lines, month=st.integers(1, 12), amount_fen=amounts, **_common
    ),
    st.builds(
        DisbursementRefunded,
        original=numbers,
        line=lines,
        econ=econs,
        amount_fen=amounts,
        payee=names,
        item=st.one_of(st.none(), st.integers(1, 1000)),
        counterpart=units,
        **_common,
    ),
    st.builds(
        IncomeRecognised,
        line=lines.map(lambda line: line.at_econ("-")),
        source=st.sampled_from(["fiscal", "service", "business", "superior", "affiliate", "other"]),
        amount_fen=amounts,
        counterpart=units,
        **_common,
    ),
    st.builds(SurplusLoaded, pool=pools, amount_fen=amounts, **_common),
    st.builds(
        SurplusAdjusted,
        pool=pools,
        amount_fen=amounts,
        adjustment=st.sampled_from(get_args(get_type_hints(SurplusAdjusted)["adjustment"])),
        decrease=st.booleans(),
        **_common,
    ),
    st.builds(NonFiscalSurplusUsed, line=lines, pool=pools, amount_fen=amounts, **_common),
    st.builds(
        SurplusDistributed,
        line=lines,
        distribution=st.sampled_from(get_args(get_type_hints(SurplusDistributed)["distribution"])),
        amount_fen=amounts,
        **_common,
    ),
)
_closed = st.builds(
    LineClosed,
    lines,
    st.sampled_from(["carry", "surplus", "take-back", "lapse"]),
    st.integers(0, AMOUNT_MAX_FEN),
    st.integers(0, AMOUNT_MAX_FEN),
    texts,
)
closings = st.builds(
    YearClosed,
    lines=st.lists(_closed, max_size=4).map(tuple),
    cash=st.lists(st.builds(Share, lines, amounts), max_size=2).map(tuple),
    authority=st.just("department"),
    **_common,
)
reopenings = st.builds(
    YearReopened,
    original=numbers,
    reopened=closings,
    authority=st.just("department"),
    **_common,
)
unlockings = st.builds(
    MonthUnlocked, month=st.integers(1, 12), authority=st.just("department"), **_common
)
proposals = st.one_of(money_events, unlockings, closings, reopenings)
"""What may wait for another person."""
_bases = st.sampled_from(["indicator", "payment", "recorded"])
_facts = {
    "name": names,
    "unit_kind": st.sampled_from(["admin", "public-admin", "institution"]),
    "edition": names,
    "edition_sha256": st.one_of(st.just(""), _digests),
    "basis": _bases,
    "fund_basis": st.lists(
        st.builds(FundBasis, st.sampled_from(["general", "govfund", "statecapital"]), _bases),
        max_size=3,
        unique_by=lambda own: own.fund,
    ).map(tuple),
}
_several = st.lists(numbers, min_size=1, max_size=3).map(tuple)
_ties = st.lists(st.builds(Tie, _several, _several), max_size=3).map(tuple)
_untied = st.lists(st.builds(Untied, numbers, st.integers(-AMOUNT_MAX_FEN, AMOUNT_MAX_FEN))).map(
    tuple
)
events = st.one_of(
    money_events,
    st.builds(
        CarryoverTransferred,
        line=lines,
        amount_fen=amounts,
        counterpart=names,
        incoming=st.booleans(),
        **_common,
    ),
    st.builds(EntryReversed, original=numbers, reversed=money_events, **_common),
    st.builds(
        EntryCorrected,
        original=numbers,
        reversed=money_events,
        right=money_events,
        authority=st.sampled_from([None, "finance"]),
        **_common,
    ),
    st.builds(
        ApprovalRequested,
        proposed=proposals,
        needed=st.sampled_from(["department", "finance"]),
        **_common,
    ),
    st.builds(RequestApproved, original=numbers, approved=proposals, **_common),
    st.builds(RequestRejected, original=numbers, **_common),
    st.builds(
        BookOpened,
        rules=st.integers(1, 9),
        previous=st.one_of(
            st.none(),
            st.builds(Previous, names, numbers, _digests, numbers),
        ),
        **_facts,
        **_common,
    ),
    st.builds(BookAmended, **_facts, **_common),
    st.builds(ProjectRegistered, code=project_codes, name=names, **_common),
    st.builds(
        CodeSetAdopted,
        code_set=st.sampled_from(["functional", "economic"]),
        edition=names,
        sha256=_digests,
        rows=st.lists(
            st.builds(CodeName, st.from_regex(r"[0-9]{3}([0-9]{2}){0,2}", fullmatch=True), names),
            min_size=1,
            max_size=4,
        ).map(tuple),
        **_common,
    ),
    st.builds(
        StatementReconciled,
        paid_fen=st.integers(-TOTAL_MAX_FEN, TOTAL_MAX_FEN),
        statement_fen=st.integers(-TOTAL_MAX_FEN, TOTAL_MAX_FEN),
        statement=_digests,
        differences=st.integers(0, 1_000),
        tied=st.one_of(
            st.none(), st.builds(StatementTies, ties=_ties, bank_only=_untied, book_only=_untied)
        ),
        **_common,
    ),
    st.builds(MonthLocked, month=st.integers(1, 12), **_common),
    st.builds(
        ReportPublished,
        published_on=st.dates(),
        files=st.lists(st.builds(PublishedFile, names, _digests), min_size=1, max_size=3).map(
            tuple
        ),
        made=st.lists(_digests, max_size=3).map(tuple),
        heads=st.lists(st.builds(HeadOfBook, names, numbers, _digests), min_size=1, max_size=3).map(
            tuple
        ),
        edition=names,
        edition_sha256=st.one_of(st.just(""), _digests),
        unmask=st.booleans(),
        as_of=st.one_of(st.none(), st.dates()),
        known_at=st.one_of(st.none(), moments),
        accepted=st.lists(
            st.builds(Accepted, st.sampled_from(["YEAR.OPEN", "X12"]), names), max_size=2
        ).map(tuple),
        department=st.one_of(st.just(""), names),
        absent=st.lists(st.sampled_from(["U", "420103"]), max_size=2).map(tuple),
        **_common,
    ),
    st.builds(
        FinalAccountApproved,
        approved_on=st.dates(),
        closing=numbers,
        lines=st.lists(_closed, max_size=4).map(tuple),
        cash=st.lists(
            st.builds(CashApproved, lines, st.integers(0, TOTAL_MAX_FEN)), max_size=2
        ).map(tuple),
        pools=st.lists(
            st.builds(
                PoolApproved,
                st.sampled_from(["unrestricted", "special"]),
                st.integers(0, TOTAL_MAX_FEN),
            ),
            max_size=2,
        ).map(tuple),
        **_common,
    ),
)
entries = st.builds(
    lambda key, **parts: Entry(
        **parts, key=key, digest=None if key is None else "0123456789abcdef" * 4
    ),
    key=st.one_of(st.none(), names),
    book=st.sampled_from(["U/2020", "420103/2021", "a.b_c-d/1999"]),
    number=numbers,
    recorded_at=moments,
    actor=names,
    event=events,
)

EVENT_KINDS = get_args(AnyEvent)
"""Every class that can be stored."""
