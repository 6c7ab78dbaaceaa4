"""Every stored fact. THIS PACKAGE IS THE STORAGE FORMAT: years of books depend on it.

An `Entry` (one stored row) is an envelope around one event. A kind's tag is the word that people
type and read (contract §3) and is frozen for ever (L3). To change something: add a field with a
default or add an event; never rename, retype, reorder or reuse. Defaults are not written, so a book
keeps its canonical bytes when a field is added; an unknown tag or field makes decoding fail, so
that an older program refuses a newer book instead of misreading it.

Amounts are fen and greater than zero: the sign comes from the kind (postings.py). Nothing derived
is stored.
"""

from datetime import date
from typing import Annotated, get_args

import msgspec

from ledger.events.fields import (
    AmountFen,
    Digest,
    EntryNumber,
    Event,
    Instant,
    Key,
    Month,
    Name,
    ProjectCode,
    Sha256,
    SumFen,
    Text,
    TotalFen,
    Unit,
)
from ledger.events.particulars import AnyParticular, Particular, TextWritten
from ledger.kinds import (
    Adjustment,
    Authority,
    Basis,
    Cause,
    Choice,
    CodeSet,
    Distribution,
    FiscalFund,
    IncomeSource,
    PayType,
    Pool,
    ProcurementType,
    SurplusAdjustment,
    ThreePublicItem,
    UnitKind,
)
from ledger.line import BudgetLine
from ledger.money import AMOUNT_MAX_FEN
from ledger.texts import check_stored

FORMAT = 5
"""The number of the storage format: of a log, of a snapshot in it, and of whole books as lines of
JSON. It is raised whenever anything that is stored changes; what another number wrote is refused,
never misread (L56)."""

ContractNumber = Annotated[str, msgspec.Meta(pattern=r"^[0-9A-Za-z_-]{0,40}\Z")]
"""The number of a contract that was recorded; empty for none."""
CODES_MAX = 2_000
"""Rows of a list of codes that a book adopts."""


class Previous(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True, gc=False):
    """The head of last year's book when this one was opened from it: the years form one chain
    (L4). `opening` is the last entry that was recorded with the opening: up to it everything that
    came over is carried in."""

    book: Name
    entries: EntryNumber
    hash: Digest
    opening: EntryNumber


class FundBasis(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True, gc=False):
    """The income basis of one fund, where it is not the book's (L5)."""

    fund: FiscalFund
    basis: Basis


FundBases = Annotated[tuple[FundBasis, ...], msgspec.Meta(max_length=3)]


class BookOpened(Event, frozen=True, kw_only=True, tag="open-book"):
    """建账: the book of one unit and year exists from here on. Always entry 1.

    `rules` is the rule set that decides and audits this book: a stricter rule of a later program
    must not make an old book fail. `previous` is the closed book that it continues. An `edition`
    that is none of ours has the SHA-256 of its files beside its name.
    """

    name: Name
    unit_kind: UnitKind
    edition: Name
    edition_sha256: Sha256 = ""
    basis: Basis
    rules: Annotated[int, msgspec.Meta(ge=1)] = 1
    previous: Previous | None = None
    fund_basis: FundBases = ()


class BookAmended(Event, frozen=True, kw_only=True, tag="amend-book"):
    """修改账套信息: what it is called and shown in at any time; what it is, and on which basis,
    as long as no money was recorded."""

    name: Name
    unit_kind: UnitKind
    edition: Name
    edition_sha256: Sha256 = ""
    basis: Basis
    fund_basis: FundBases = ()


class ProjectRegistered(Event, frozen=True, kw_only=True, tag="project"):
    """项目登记; a second one with the same code renames the project."""

    code: ProjectCode
    name: Name


class CodeName(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True, gc=False):
    """A code and what it is called."""

    code: Annotated[str, msgspec.Meta(pattern="^[0-9]{3}([0-9]{2}){0,2}$")]
    name: Name


class CodeSetAdopted(Event, frozen=True, kw_only=True, tag="codes"):
    """采用科目表: from here on codes are called as in this list, in the place of the one of the
    same set that was adopted before. `edition` is what people call it, `sha256` of its file (L76).
    """

    code_set: CodeSet
    edition: Name
    sha256: Digest
    rows: Annotated[tuple[CodeName, ...], msgspec.Meta(min_length=1, max_length=CODES_MAX)]


class OpeningLoaded(Event, frozen=True, kw_only=True, tag="carry-in"):
    """上年结转结余转入. `pending` money waits for the finance bureau (待下达)."""

    line: BudgetLine
    amount_fen: AmountFen
    pending: bool = False


class OpeningAdjusted(Event, frozen=True, kw_only=True, tag="adjust-opening"):
    """年初余额调整: money of an earlier year comes back, goes or was wrong; never this year's
    spending (R11, R15). The adjustment says the direction, but for `kinds.EITHER_WAY`, of
    which `decrease` is the way down."""

    line: BudgetLine
    amount_fen: AmountFen
    adjustment: Adjustment
    decrease: bool = False


class StockRecovered(Event, frozen=True, kw_only=True, tag="recover"):
    """收回存量资金 by the finance bureau. `carryover` money is handed back and lowers the opening;
    this year's is cut."""

    line: BudgetLine
    amount_fen: AmountFen
    carryover: bool = False


class CarryoverTransferred(Event, frozen=True, kw_only=True, tag="transfer"):
    """结转调拨: carry-over goes to the book `counterpart` for the same purpose, or came from it.
    Both books have an entry of the same line and amount, recorded together."""

    line: BudgetLine
    amount_fen: AmountFen
    counterpart: Name
    incoming: bool = False


class InitialBudgetApproved(Event, frozen=True, kw_only=True, tag="appropriate"):
    """年初预算批复, once per line."""

    line: BudgetLine
    amount_fen: AmountFen
    pending: bool = False


class BudgetSupplemented(Event, frozen=True, kw_only=True, tag="supplement"):
    """追加: the unit's total rises by a finance document."""

    line: BudgetLine
    amount_fen: AmountFen
    pending: bool = False


class BudgetCut(Event, frozen=True, kw_only=True, tag="cut"):
    """追减. `from_pending_fen` of the amount was still 待下达, the rest 可执行."""

    line: BudgetLine
    amount_fen: AmountFen
    from_pending_fen: Annotated[int, msgspec.Meta(ge=0, le=AMOUNT_MAX_FEN)] = 0


class IndicatorReleased(Event, frozen=True, kw_only=True, tag="release"):
    """指标下达: 待下达 becomes 可执行."""

    line: BudgetLine
    amount_fen: AmountFen


class IndicatorWithdrawn(Event, frozen=True, kw_only=True, tag="withdraw"):
    """指标收回: 可执行 becomes 待下达 again."""

    line: BudgetLine
    amount_fen: AmountFen


class CarryoverReclassified(Event, frozen=True, kw_only=True, tag="reclassify"):
    """结转转为结余: what is 可执行 of a project waits (待下达) until the finance bureau allows
    another use of it, and goes over as 结余 or is taken back."""

    line: BudgetLine
    amount_fen: AmountFen
    cause: Cause


class SurplusReused(Event, frozen=True, kw_only=True, tag="reuse"):
    """结余调剂: what waits as 结余 of a project can be spent on another, `to_line`, of the same
    fund and origin. Of an earlier year's money it changes what both open with (单位内部调剂)."""

    line: BudgetLine
    to_line: BudgetLine
    amount_fen: AmountFen


class FundPlanApproved(Event, frozen=True, kw_only=True, tag="fund-plan"):
    """用款计划: so much of the line may be paid by `month`; adds to what was approved before."""

    line: BudgetLine
    month: Month
    amount_fen: AmountFen


class Share(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True, gc=False):
    """One line's part of a reallocation."""

    line: BudgetLine
    amount_fen: AmountFen


Shares = Annotated[tuple[Share, ...], msgspec.Meta(min_length=1, max_length=1000)]


class BudgetReallocated(Event, frozen=True, kw_only=True, tag="reallocate"):
    """调剂: zero-sum over any number of lines. `authority` is who approved it (R5)."""

    sources: Shares
    targets: Shares
    authority: Authority


class ItemCapped(Event, frozen=True, kw_only=True, tag="cap"):
    """三公限额: the whole of what may be spent on one item of 三公经费 this year (R3), whatever its
    lines say. The first of an item is its budget in the tables; a later one changes only what may
    be spent. It moves no money."""

    item: ThreePublicItem
    amount_fen: AmountFen


class CommitmentReserved(Event, frozen=True, kw_only=True, tag="reserve"):
    """在途占用: money of the line is kept for a contract (`doc`) and can pay for nothing else.
    `contract` is its number, where it was recorded (采购合同)."""

    line: BudgetLine
    amount_fen: AmountFen
    payee: Text = ""
    purpose: Text = ""
    contract: ContractNumber = ""


class CommitmentReleased(Event, frozen=True, kw_only=True, tag="unreserve"):
    """释放: what the reservation `original` no longer needs can be spent again."""

    original: EntryNumber
    line: BudgetLine
    amount_fen: AmountFen
    contract: ContractNumber = ""


class DisbursementRecorded(Event, frozen=True, kw_only=True, tag="pay"):
    """支付: the only fact that creates 执行数. `line` is drawn on, `econ` is the payment's 款.

    `reserve` is the reservation that it is paid from, if any. `pay_type` is the 支付方式 (直接,
    授权, 实拨), `procurement` 政府采购, `direct_funds` 直达资金 (L6). `again`: that it repeats
    another payment was said (再次支付). `counterpart` is the unit (对方单位) that it goes to, where
    that may be of the same department. `contract` is the 采购合同 that it pays, and
    `procurement_type` what was bought, where no contract says it.
    """

    line: BudgetLine
    econ: str
    amount_fen: AmountFen
    payee: Name
    purpose: Text = ""
    reserve: EntryNumber | None = None
    pay_type: PayType | None = None
    procurement: bool = False
    direct_funds: bool = False
    again: bool = False
    counterpart: Unit | None = None
    contract: ContractNumber = ""
    procurement_type: ProcurementType | None = None


class VoucherItem(
    msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True, gc=False
):
    """One payment of a voucher: the line that is drawn on, the payment's 款."""

    line: BudgetLine
    econ: str
    amount_fen: AmountFen


VoucherItems = Annotated[tuple[VoucherItem, ...], msgspec.Meta(min_length=1, max_length=1000)]


class VoucherPaid(Event, frozen=True, kw_only=True, tag="voucher"):
    """支付凭证 of many lines (工资发放 and the like): each item is a payment, and all of them stand
    or fall together (L7)."""

    items: VoucherItems
    payee: Name
    purpose: Text = ""
    pay_type: PayType | None = None
    procurement: bool = False
    direct_funds: bool = False
    again: bool = False
    counterpart: Unit | None = None
    contract: ContractNumber = ""
    procurement_type: ProcurementType | None = None


class DisbursementRefunded(Event, frozen=True, kw_only=True, tag="refund"):
    """退款 of this year's payment `original`, or of one item of that voucher, the `item`-th; line,
    econ, payee, counterpart, contract and procurement type are the payment's."""

    original: EntryNumber
    line: BudgetLine
    econ: str
    amount_fen: AmountFen
    payee: Name
    item: Annotated[int, msgspec.Meta(ge=1, le=1000)] | None = None
    counterpart: Unit | None = None
    contract: ContractNumber = ""
    procurement_type: ProcurementType | None = None


class IncomeRecognised(Event, frozen=True, kw_only=True, tag="income"):
    """收入. `line` says for what (its econ is `-`); income moves none of a line's accounts.
    `counterpart` is the unit (对方单位) that it came from, as of a payment."""

    line: BudgetLine
    source: IncomeSource
    amount_fen: AmountFen
    counterpart: Unit | None = None


class SurplusLoaded(Event, frozen=True, kw_only=True, tag="surplus-in"):
    """上年非财政拨款结余转入: what earlier years left in a pool, which 年初结转和结余 (表1 row 29)
    does not hold."""

    pool: Pool
    amount_fen: AmountFen


class SurplusAdjusted(Event, frozen=True, kw_only=True, tag="adjust-surplus"):
    """年初余额调整 of a pool of 非财政拨款结余, by document: last year left another sum in it than
    was carried in. `decrease` is the way down."""

    pool: Pool
    amount_fen: AmountFen
    adjustment: SurplusAdjustment
    decrease: bool = False


class NonFiscalSurplusUsed(Event, frozen=True, kw_only=True, tag="use-surplus"):
    """使用非财政拨款结余: money of a pool covers this year's spending for the purpose of `line`
    (its econ is `-`)."""

    line: BudgetLine
    pool: Pool
    amount_fen: AmountFen


class SurplusDistributed(Event, frozen=True, kw_only=True, tag="distribute"):
    """结余分配 of what the purpose of `line` leaves at the end of the year: 缴纳所得税, or into a
    pool."""

    line: BudgetLine
    distribution: Distribution
    amount_fen: AmountFen


class Tie(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True, gc=False):
    """Lines of a statement and the entries that they are: one and one, or several together."""

    rows: Annotated[tuple[EntryNumber, ...], msgspec.Meta(min_length=1, max_length=10_000)]
    entries: Annotated[tuple[EntryNumber, ...], msgspec.Meta(min_length=1, max_length=10_000)]


class Untied(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True, gc=False):
    """A line of a statement, or an entry, that the other side has not (未达账项): its number, and
    what it comes to, signed fen: money out, less money in."""

    number: EntryNumber
    fen: SumFen


UntiedItems = Annotated[tuple[Untied, ...], msgspec.Meta(max_length=10_000)]


class StatementTies(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    """逐笔核对 of a bank statement: what was found to be the same, and what one side alone has."""

    ties: Annotated[tuple[Tie, ...], msgspec.Meta(max_length=10_000)]
    bank_only: UntiedItems
    book_only: UntiedItems


class StatementReconciled(Event, frozen=True, kw_only=True, tag="reconcile"):
    """与财政、银行对账: the payments of the book were compared with a 对账单 (L8).

    `paid_fen` is what the book had paid of all fiscal funds at that entry, `statement_fen` what the
    statement says was paid, `statement` the SHA-256 of its file. Where something differs
    (`differences` counts it), `reason` says why. With `tied` a statement of a bank was compared
    line by line: then both sums are of what was compared, money out less money in.
    """

    paid_fen: SumFen
    statement_fen: SumFen
    statement: Digest
    differences: Annotated[int, msgspec.Meta(ge=0, lt=2**53)] = 0
    tied: StatementTies | None = None


class MonthLocked(Event, frozen=True, kw_only=True, tag="lock-month"):
    """月结: nothing more is dated into that month."""

    month: Month


class MonthUnlocked(Event, frozen=True, kw_only=True, tag="unlock-month"):
    """解锁月份: money may be dated into that month again. `authority` is the second signature."""

    month: Month
    authority: Authority


class LineClosed(
    msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True, gc=False
):
    """What becomes of what is left on a line at the end of its year: `amount_fen` 可执行 and
    `pending_fen` 待下达. `doc` is the 文号 behind a choice that needs one."""

    line: BudgetLine
    choice: Choice
    amount_fen: Annotated[int, msgspec.Meta(ge=0, le=AMOUNT_MAX_FEN)]
    pending_fen: Annotated[int, msgspec.Meta(ge=0, le=AMOUNT_MAX_FEN)] = 0
    doc: Text = ""


class YearClosed(Event, frozen=True, kw_only=True, tag="close-year"):
    """年终结账: everything that is left leaves the lines (转出), by a decision for each.

    `cash` is the money in hand that goes over to next year where a line's budget does not say how
    much it is: non-fiscal money, and fiscal income that was recorded. `authority` is the second
    signature (L9).
    """

    lines: Annotated[tuple[LineClosed, ...], msgspec.Meta(max_length=100_000)]
    cash: Annotated[tuple[Share, ...], msgspec.Meta(max_length=100_000)] = ()
    authority: Authority


class YearReopened(Event, frozen=True, kw_only=True, tag="reopen-year"):
    """解除结账: what the closing `original` did is undone. `authority` is the second signature."""

    original: EntryNumber
    reopened: YearClosed
    authority: Authority


class CashApproved(
    msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True, gc=False
):
    """余款 that goes over for a purpose as finance approved it; 0 where nothing does."""

    line: BudgetLine
    amount_fen: TotalFen


class PoolApproved(
    msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True, gc=False
):
    """What finance approved that a pool of 非财政拨款结余 holds at the end of the year."""

    pool: Pool
    amount_fen: TotalFen


class FinalAccountApproved(Particular, frozen=True, kw_only=True, tag="final-approval"):
    """决算批复 of the year that the entry `closing` closed, by a paper of the day `approved_on`;
    `occurred_on` stays the last day of the year.

    What finance approved otherwise than the book closed stands here, all of it that is of one line:
    `lines` by what becomes of it, `cash` of the money in hand, `pools`. Nothing of the closed year
    changes by it (L79). The last one counts.
    """

    approved_on: date
    closing: EntryNumber
    lines: Annotated[tuple[LineClosed, ...], msgspec.Meta(max_length=100_000)] = ()
    cash: Annotated[tuple[CashApproved, ...], msgspec.Meta(max_length=100_000)] = ()
    pools: Annotated[tuple[PoolApproved, ...], msgspec.Meta(max_length=2)] = ()


class PublishedFile(
    msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True, gc=False
):
    """A file that was made public: what it is called, and the SHA-256 of its bytes."""

    name: Name
    sha256: Digest


class HeadOfBook(
    msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True, gc=False
):
    """How far a book went when something was made from it."""

    book: Name
    entries: EntryNumber
    hash: Digest


class Accepted(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True, gc=False):
    """What stood in the way of publishing, by its code, and why it was published all the same."""

    code: Annotated[str, msgspec.Meta(pattern=r"^[0-9A-Z._]{1,40}\Z")]
    reason: Annotated[Text, msgspec.Meta(min_length=1)]


class ReportPublished(Particular, frozen=True, kw_only=True, tag="publish"):
    """公开 of the report on the day `published_on`; `occurred_on` stays the last day of the year.

    `heads` are the books that the files were made from, those of last year that they compare with
    among them; `made` the digests of the files that are, byte by byte, what the program made then.
    Edition, `unmask`, `as_of` and `known_at` are what they were made with; of many books together
    `department` is what those are called, and `absent` the units that had none (L80).
    """

    published_on: date
    files: Annotated[tuple[PublishedFile, ...], msgspec.Meta(min_length=1, max_length=100)]
    made: Annotated[tuple[Digest, ...], msgspec.Meta(max_length=100)] = ()
    heads: Annotated[tuple[HeadOfBook, ...], msgspec.Meta(min_length=1, max_length=20_000)]
    edition: Name
    edition_sha256: Sha256 = ""
    unmask: bool = False
    as_of: date | None = None
    known_at: Instant | None = None
    accepted: Annotated[tuple[Accepted, ...], msgspec.Meta(max_length=100)] = ()
    department: Annotated[str, msgspec.Meta(max_length=200)] = ""
    absent: Annotated[tuple[Unit, ...], msgspec.Meta(max_length=10_000)] = ()


MoneyEvent = (
    OpeningLoaded
    | OpeningAdjusted
    | StockRecovered
    | InitialBudgetApproved
    | BudgetSupplemented
    | BudgetCut
    | IndicatorReleased
    | IndicatorWithdrawn
    | CarryoverReclassified
    | SurplusReused
    | FundPlanApproved
    | BudgetReallocated
    | ItemCapped
    | CommitmentReserved
    | CommitmentReleased
    | DisbursementRecorded
    | VoucherPaid
    | DisbursementRefunded
    | IncomeRecognised
    | SurplusLoaded
    | SurplusAdjusted
    | NonFiscalSurplusUsed
    | SurplusDistributed
)
"""What moves money and can be reversed. A transfer is two entries in two books, and one of them is
never undone alone."""

Reversible = MoneyEvent | AnyParticular | FinalAccountApproved | ReportPublished
"""All that can be reversed."""


OfManyLines = BudgetReallocated | VoucherPaid | SurplusReused
"""What moves more than one line: which of them a word about a line means, nobody can say."""


class EntryReversed(Event, frozen=True, kw_only=True, tag="reverse"):
    """红字冲销: the full negative copy of the entry `original`, which stays as it is.
    `authority` is the one that was brought, where one was needed (authority.required)."""

    original: EntryNumber
    reversed: Reversible
    authority: Authority | None = None


class EntryCorrected(Event, frozen=True, kw_only=True, tag="correct"):
    """更正 of the money entry `original`, in one: `reversed` is what it brought into effect and is
    undone, `right`, of the same kind and dated here, stands in its place. Both are posted, and what
    the two do together decides. `authority` as in a reversal. `first` is what was recorded first,
    where `original` is itself a correction."""

    original: EntryNumber
    first: EntryNumber | None = None
    reversed: MoneyEvent
    right: MoneyEvent
    authority: Authority | None = None


Proposal = MoneyEvent | EntryReversed | EntryCorrected | MonthUnlocked | YearClosed | YearReopened
"""What another person may have to approve. The closing of a year, and what takes back a closing, is
stored nowhere else: without a second signature there is none."""


class ApprovalRequested(Event, frozen=True, kw_only=True, tag="submit"):
    """提交审批: `proposed` is lawful but for the authority, `needed`, that its maker did not bring.
    It moves nothing until someone else approves it."""

    proposed: Proposal
    needed: Authority


class RequestApproved(Event, frozen=True, kw_only=True, tag="approve"):
    """批准 of the request `original` by someone who did not make it: `approved` takes effect, dated
    at the approval, with the authority that was brought (L10)."""

    original: EntryNumber
    approved: Proposal


class RequestRejected(Event, frozen=True, kw_only=True, tag="reject"):
    """否决 of the request `original`; by its own maker, 撤回. `reason` says why."""

    original: EntryNumber


AnyEvent = (
    MoneyEvent
    | BookOpened
    | BookAmended
    | ProjectRegistered
    | CodeSetAdopted
    | CarryoverTransferred
    | StatementReconciled
    | MonthLocked
    | AnyParticular
    | FinalAccountApproved
    | ReportPublished
    | EntryReversed
    | EntryCorrected
    | ApprovalRequested
    | RequestApproved
    | RequestRejected
)

Meant = AnyEvent | Proposal
"""Anything that has a meaning, stored by itself or inside another event."""


class Entry(
    msgspec.Struct,
    frozen=True,
    kw_only=True,
    forbid_unknown_fields=True,
    omit_defaults=True,
    gc=False,
):
    """One numbered row of a book: the envelope and its event.

    `key` is the idempotency key and `digest` the SHA-256 of the request that it answered.
    """

    book: str
    number: EntryNumber
    recorded_at: Instant
    actor: Name
    event: AnyEvent
    key: Key | None = None
    digest: str | None = None

    @property
    def originator_id(self) -> str:
        """The stream, as the event store calls it."""
        return self.book

    @property
    def originator_version(self) -> int:
        """The position in the stream, as the event store calls it."""
        return self.number


TWO_SIGNATURES = (MonthUnlocked, YearClosed, YearReopened)
"""What is stored inside its request and its approval alone: it takes two persons, always."""


_KINDS: dict[type, str] = {
    kind: kind.__struct_config__.tag for kind in (*get_args(AnyEvent), *TWO_SIGNATURES)
}


def kind_of(event: Meant) -> str:
    """The stored tag, which is also the command: `pay`, `carry-in`, …"""
    return _KINDS[type(event)]


def meant_by(event: AnyEvent) -> Meant:
    """What a request asks for or an approval lets through, else the event itself."""
    match event:
        case ApprovalRequested(proposed=meant) | RequestApproved(approved=meant):
            return meant
        case _:
            return event


def line_of_text(kind: type, text: object) -> object:
    """msgspec's hook for the only custom type that is stored, a line as its text."""
    if kind is BudgetLine and isinstance(text, str):
        return BudgetLine.parse(text)
    raise TypeError(f"no stored form for {kind}")


_RECORDED_YEARS = range(1900, 2200)
"""What every machine can say in its own time zone."""
ENCODER = msgspec.json.Encoder(enc_hook=str)
_DECODER = msgspec.json.Decoder(Entry, dec_hook=line_of_text)


def encode(entry: Entry) -> bytes:
    """The canonical bytes of an entry."""
    return ENCODER.encode(entry)


def decode(stored: bytes) -> Entry:
    """The entry of stored bytes. Raises `ValueError` (msgspec's included) when they are none, or a
    text in it holds what no text may (texts.py)."""
    entry = _DECODER.decode(stored)
    check_stored(stored, line_feeds=_line_feeds(entry.event) if _LINE_FEED in stored else 0)
    if entry.recorded_at.year not in _RECORDED_YEARS:
        raise ValueError(f"记录时间 {entry.recorded_at} 不在可用的年份之内")
    return entry


_LINE_FEED = rb"\n"


def _line_feeds(event: AnyEvent) -> int:
    """How many line feeds an event may hold: those of a long text, which is parted into
    paragraphs."""
    said = event.reversed if isinstance(event, EntryReversed) else event
    return said.text.count("\n") if isinstance(said, TextWritten) else 0
