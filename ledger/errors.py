"""Ways to fail that no rule decides: input that cannot be read, a file that is in the way, a book
that is wrong, a machine that lacks something.

`Malformed` ends a command with exit 2, `Occupied` with exit 3, `Corrupt` with exit 4, `Lacking`
with exit 5; a transaction that a rule forbids is `Refused` (refusals.py, exit 3). What is wrong is
a member of a closed vocabulary, `Unreadable`, `Damage` or `Lack`; its code is never renamed.
"""

from collections.abc import Sequence
from enum import Enum
from typing import NamedTuple

from ledger.texts import one_line


class Vocabulary(Enum):
    """What can be wrong: a public code, and a sentence that says what it means."""

    def __init__(self, code: str, sentence: str) -> None:
        self.code = code
        self.sentence = sentence


class Unreadable(Vocabulary):
    """Every way in which input cannot be read."""

    ACTION_UNKNOWN = ("ACTION.UNKNOWN", "没有这种做法")
    ADJUSTMENT_UNKNOWN = ("ADJUSTMENT.UNKNOWN", "没有这种年初余额调整，或没有这种转为结余的原因")
    AGAINST_PRINTED = ("AGAINST.PRINTED", "公布的数不是该处能印的数")
    AGAINST_UNKNOWN_ID = ("AGAINST.UNKNOWN_ID", "公布的数的编号不是表样中的编号")
    AMOUNT_LESS = ("AMOUNT.LESS", "指标的调减数小于已调剂和已追减之和")
    AMOUNT_MALFORMED = ("AMOUNT.MALFORMED", "不是以元为单位、最多两位小数的金额")
    AMOUNT_NEGATIVE = ("AMOUNT.NEGATIVE", "金额小于零")
    AMOUNT_OUT_OF_RANGE = ("AMOUNT.OUT_OF_RANGE", "金额为零，或超过一笔的上限")
    AMOUNT_TWICE = ("AMOUNT.TWICE", "一行的两栏都填了金额")
    AMOUNT_ZERO = ("AMOUNT.ZERO", "一行的金额为零")
    AUTHORITY_UNKNOWN = ("AUTHORITY.UNKNOWN", "没有这种审批机关")
    BASIS_TWICE = ("BASIS.TWICE", "同一口径写了两次")
    BASIS_UNKNOWN = ("BASIS.UNKNOWN", "没有这种口径，或没有这种财政资金")
    BOOK_AMBIGUOUS = ("BOOK.AMBIGUOUS", "没有写明是哪一个账套")
    BOOK_OTHER = ("BOOK.OTHER", "一行属于其他单位或年度")
    BOOKS_EDITIONS = ("BOOKS.EDITIONS", "要汇总的账套采用不同的表样版本")
    BOOKS_NONE = ("BOOKS.NONE", "该年度没有账套")
    BY_UNKNOWN = ("BY.UNKNOWN", "没有这种分法")
    CAUSE_UNKNOWN = ("CAUSE.UNKNOWN", "没有这种转为结余的原因")
    CATEGORY_MALFORMED = (
        "CATEGORY.MALFORMED",
        "不是接待的类别：只用字母、数字、汉字、括号、- 和 _",
    )
    CELL_DATE = ("CELL.DATE", "单元格中的日期不存在，或在可用的年份之外")
    CELL_ERROR = ("CELL.ERROR", "单元格是错误值，如 #REF!")
    CELL_FORMAT = ("CELL.FORMAT", "单元格格式在数字之外另加了字符，编号或代码与所见不同")
    CELL_FORMULA = ("CELL.FORMULA", "单元格是公式，文件中没有它的结果")
    CELL_NUMBER = ("CELL.NUMBER", "单元格应为数字，却读不出数字")
    CELL_PRECISION = ("CELL.PRECISION", "单元格中的数字过长，Excel 已丢失末位")
    CELL_STRING = ("CELL.STRING", "单元格所指的共享字符串不存在")
    CELL_TOO_LONG = ("CELL.TOO_LONG", "单元格中的文字过长")
    CELL_UNKNOWN = ("CELL.UNKNOWN", "没有这个编号的单元格")
    CODE_MALFORMED = ("CODE.MALFORMED", "科目表中的一行不是该分类的科目代码")
    CODE_SET_UNKNOWN = ("CODE_SET.UNKNOWN", "没有这种科目分类")
    CODE_TWICE = ("CODE.TWICE", "科目表中同一代码有两行")
    CODES_TOO_MANY = ("CODES.TOO_MANY", "科目表的行数过多")
    COUNT_MALFORMED = ("COUNT.MALFORMED", "不是整数的个数")
    DATE_MALFORMED = ("DATE.MALFORMED", "不是日期")
    DATE_REQUIRED = ("DATE.REQUIRED", "今天不在账套年度之内，又没有写明日期")
    DB_EXISTS = ("DB.EXISTS", "演示要写入的账文件已经存在")
    DB_MALFORMED = ("DB.MALFORMED", "账文件的路径是空的，或含有不能用的字符")
    DECISION_UNKNOWN = ("DECISION.UNKNOWN", "没有这种结转结余的去向")
    DIRECT_FUNDS_UNKNOWN = ("DIRECT_FUNDS.UNKNOWN", "是否直达资金，不是“是”或“否”")
    DIRECTION_UNKNOWN = ("DIRECTION.UNKNOWN", "没有这种绩效指标的方向")
    ECON_UNKNOWN = ("ECON.UNKNOWN", "没有这种收入、结余或分配的类别，或没有这个三公经费项目")
    EDITION_MALFORMED = ("EDITION.MALFORMED", "表样版本的文件写得不对")
    EDITION_UNKNOWN = ("EDITION.UNKNOWN", "没有这个表样版本")
    ENTRY_MALFORMED = ("ENTRY.MALFORMED", "不是记录编号")
    FIELD_NOT_USED = ("FIELD.NOT_USED", "填写了用不到的一栏，或两个选项不能同用")
    FIELD_REQUIRED = ("FIELD.REQUIRED", "必须填写的没有填写")
    FILE_CSV = ("FILE.CSV", "不是正确的 CSV：引号不成对，或一格过大")
    FILE_EMPTY = ("FILE.EMPTY", "文件是空的")
    FILE_ENCODING = ("FILE.ENCODING", "文件的编码不是 UTF-8、GB18030，或前后不一")
    FILE_HOSTILE = ("FILE.HOSTILE", "工作簿含有正常的 Excel 文件没有的内容，未打开")
    FILE_JSONL = ("FILE.JSONL", "不是 yusuan export jsonl 所写的文件，或一行读不懂")
    FILE_MISSING = ("FILE.MISSING", "文件不存在")
    FILE_TYPE = ("FILE.TYPE", "文件的类型不对：应为 CSV，或 Excel 工作簿（.xlsx）")
    FILE_WORKBOOK = ("FILE.WORKBOOK", "Excel 工作簿已损坏")
    FORMAT_UNKNOWN = ("FORMAT.UNKNOWN", "没有这种格式")
    FORMAT_WITH_JSON = ("FORMAT.WITH_JSON", "--json 之外又写了另一种格式")
    FLAG_UNKNOWN = ("FLAG.UNKNOWN", "一个是否栏，不是“是”或“否”")
    FORM_AMBIGUOUS = ("FORM.AMBIGUOUS", "没有写明是哪个项目的绩效表，或项目和整体都写了")
    GRADE_UNKNOWN = ("GRADE.UNKNOWN", "没有这种定性指标的档次")
    GUESTS_UNKNOWN = ("GUESTS.UNKNOWN", "没有这种公务接待")
    HEADER_MISSING = ("HEADER.MISSING", "表头缺少必需的栏")
    HEADER_REPEATED = ("HEADER.REPEATED", "同一栏名在表头中出现几次")
    HEADER_TOO_WIDE = ("HEADER.TOO_WIDE", "表头的栏数过多")
    HEADER_UNKNOWN = ("HEADER.UNKNOWN", "表头中有不认识的栏名")
    ID_SCIENTIFIC = ("ID.SCIENTIFIC", "编号或代码被电子表格写成了科学计数法，末位已丢失")
    INDICATOR_MISSING = ("INDICATOR.MISSING", "所引用的指标不在文件和账中")
    ITEM_MALFORMED = ("ITEM.MALFORMED", "凭证的一项不是“预算线=金额”")
    ITEMS_TOO_MANY = ("ITEMS.TOO_MANY", "一张凭证的项数过多")
    KEY_NUMBER = ("KEY.NUMBER", "幂等编号写成了“#”加数字，那是记录编号的写法")
    KEY_SEVERAL = ("KEY.SEVERAL", "一个幂等编号用于多笔")
    ITEM_UNKNOWN = ("ITEM.UNKNOWN", "没有这个三公经费项目")
    KIND_MANY_ITEMS = ("KIND.MANY_ITEMS", "一行不能是有多项的凭证")
    KIND_NOT_IMPORTED = ("KIND.NOT_IMPORTED", "这种业务不能导入")
    KIND_TWO_BOOKS = ("KIND.TWO_BOOKS", "一行不能是涉及两个账套的业务")
    KIND_UNKNOWN = ("KIND.UNKNOWN", "没有这种业务，或没有这种单位性质")
    SINCE_UNKNOWN = ("SINCE.UNKNOWN", "不知道从什么时候起")
    PUBLISHED_NONE = ("PUBLISHED.NONE", "没有记录过公开，或已经冲销")
    LAST_YEAR_NONE = ("LAST_YEAR.NONE", "文件中没有上年的账套，不能与上年并列")
    LINE_ECON = ("LINE.ECON", "不是部门经济分类科目")
    LINE_FUNC = ("LINE.FUNC", "不是功能分类科目")
    LINE_FUND = ("LINE.FUND", "没有这种资金性质")
    LINE_MALFORMED = ("LINE.MALFORMED", "不是一条预算线")
    LINE_ORIGIN = ("LINE.ORIGIN", "不是形成年度")
    LINE_PROJECT = ("LINE.PROJECT", "不是项目代码")
    LINE_SPENDING = ("LINE.SPENDING", "没有这种支出性质")
    LINE_TWICE = ("LINE.TWICE", "预算线写了两次：全文之外又写了其中一部分")
    LINE_UNIT = ("LINE.UNIT", "不是单位编码")
    LINE_YEAR = ("LINE.YEAR", "不是年度")
    MAPPING_INVALID = ("MAPPING.INVALID", "映射文件写得不对")
    MAPPING_UNKNOWN = ("MAPPING.UNKNOWN", "没有这个映射")
    MONTH_MALFORMED = ("MONTH.MALFORMED", "不是本年的月份")
    NO_MALFORMED = ("NO.MALFORMED", "不是编号：只用字母、数字、- 和 _，指标编号以数字开头")
    OPTION_UNUSED = ("OPTION.UNUSED", "写了这里用不到的选项")
    ORIGIN_REQUIRED = ("ORIGIN.REQUIRED", "没有写明形成年度，而几年的资金都符合")
    OUTPUT_DATABASE = ("OUTPUT.DATABASE", "要写入的文件是数据库")
    OUTPUT_EXISTS = ("OUTPUT.EXISTS", "要写入的目录已有内容")
    PAPER_NONE = ("PAPER.NONE", "这种业务没有供签字的单据")
    PAY_TYPE_UNKNOWN = ("PAY_TYPE.UNKNOWN", "没有这种支付方式")
    PENDING_UNKNOWN = ("PENDING.UNKNOWN", "是否待下达，不是“是”或“否”")
    PERCENT_MALFORMED = ("PERCENT.MALFORMED", "不是 0 至 100 的百分比")
    POINTS_MALFORMED = ("POINTS.MALFORMED", "不是 0 至 100、最多两位小数的分值")
    POOL_UNKNOWN = ("POOL.UNKNOWN", "没有这种非财政拨款结余")
    AGAIN_UNKNOWN = ("AGAIN.UNKNOWN", "是否再次支付，不是“是”或“否”")
    PRIOR_VALUE = ("PRIOR.VALUE", "上年数应写金额或数量之一")
    PROCUREMENT_TYPE_UNKNOWN = ("PROCUREMENT_TYPE.UNKNOWN", "没有这种政府采购")
    PROCUREMENT_UNKNOWN = ("PROCUREMENT.UNKNOWN", "是否政府采购，不是“是”或“否”")
    REALLOCATION_FUND = ("REALLOCATION.FUND", "指标与其来源的资金性质不同")
    REF_AMBIGUOUS = ("REF.AMBIGUOUS", "对应编号既是一行的编号，又是记录编号")
    REF_TWICE = ("REF.TWICE", "--all 之外又写了编号")
    REFUND_AMBIGUOUS = ("REFUND.AMBIGUOUS", "退款对应几笔支付")
    REFUND_MISSING = ("REFUND.MISSING", "退款没有对应的支付")
    RESERVED_UNKNOWN = ("RESERVED.UNKNOWN", "没有这种预留份额")
    ROW_COLUMNS = ("ROW.COLUMNS", "一行的栏数与表头不同")
    ROW_HIDDEN = ("ROW.HIDDEN", "一行被隐藏或筛去")
    ROW_REFUSED = ("ROW.REFUSED", "映射写明不接受的一行")
    SCOPE_UNKNOWN = ("SCOPE.UNKNOWN", "没有这种资金范围")
    SEAL_MALFORMED = ("SEAL.MALFORMED", "不是封签")
    SEAL_MISTYPED = ("SEAL.MISTYPED", "封签与其校验位不符")
    SETTING_UNKNOWN = ("SETTING.UNKNOWN", "yusuan.toml 中有不认识的一项")
    SETTINGS_MALFORMED = ("SETTINGS.MALFORMED", "yusuan.toml 写得不对，或无法读取")
    SHARE_MALFORMED = ("SHARE.MALFORMED", "调剂的一方不是“预算线=金额”")
    SHEET_AMBIGUOUS = ("SHEET.AMBIGUOUS", "工作簿有几张工作表，没有指明哪一张")
    SHEET_CELL = ("SHEET.CELL", "工作表中单元格的位置不对")
    SHEET_MERGED = ("SHEET.MERGED", "数据行中有合并的单元格")
    SHEET_ROW = ("SHEET.ROW", "工作表的一行过长，或行号不对")
    SHEET_UNKNOWN = ("SHEET.UNKNOWN", "没有这张工作表")
    SIZE_UNKNOWN = ("SIZE.UNKNOWN", "没有这种企业规模")
    SLOT_UNKNOWN = ("SLOT.UNKNOWN", "表样版本中没有这个位置、项目或单元格")
    STATEMENT_EMPTY = ("STATEMENT.EMPTY", "对账单没有数据行")
    STATEMENT_FUND = ("STATEMENT.FUND", "对账单的一行不是财政资金")
    STATEMENT_SUM = ("STATEMENT.SUM", "对账单支付数的合计小于零或过大")
    STATEMENT_TOTAL = ("STATEMENT.TOTAL", "对账单写明的合计与各行之和不等")
    SECTION_UNKNOWN = ("SECTION.UNKNOWN", "决算情况说明中没有这一部分")
    TABLE_UNKNOWN = ("TABLE.UNKNOWN", "表样中没有这张表")
    TEXT_TOO_LONG = ("TEXT.TOO_LONG", "文字过长")
    TEXT_UNREADABLE = ("TEXT.UNREADABLE", "文字含有控制字符或不可见字符，或不止一行")
    TIME_MALFORMED = ("TIME.MALFORMED", "不是带时区的时间")
    TO_UNKNOWN = ("TO.UNKNOWN", "没有这种分配去向")
    TOTAL_DIFFERS = ("TOTAL.DIFFERS", "文件写明的合计与各行之和不等")
    TOTAL_NOT_LAST = ("TOTAL.NOT_LAST", "合计之后还有数据")
    UNIT_DIFFERS = ("UNIT.DIFFERS", "文件写明两种金额单位")
    UNIT_MISSING = ("UNIT.MISSING", "没有写明金额单位是元还是万元")
    UNIT_UNKNOWN = ("UNIT.UNKNOWN", "金额单位不是元或万元")
    VALUE_UNKNOWN = ("VALUE.UNKNOWN", "映射不认识的值")
    ZONE_UNKNOWN = ("ZONE.UNKNOWN", "不是时区")


class Damage(Vocabulary):
    """Every way in which what is stored contradicts itself."""

    ACCOUNT_IDENTITY = ("ACCOUNT.IDENTITY", "一条预算线的账户不平或为负")
    BOOK_CORRUPT = ("BOOK.CORRUPT", "账套的记录前后矛盾")
    CHAIN_HASH = ("CHAIN.HASH", "一笔的内容与哈希链不符")
    CHAIN_HEAD = ("CHAIN.HEAD", "账套的末端与记录的末端不符，或无法读取")
    ENTRY_BYTES = ("ENTRY.BYTES", "一笔的内容无法读取，或不是规范形式")
    ENTRY_KEY = ("ENTRY.KEY", "幂等编号与记录不符，或用于两笔")
    ENTRY_NUMBER = ("ENTRY.NUMBER", "缺少一笔，或编号无法读取")
    EXPLAIN_SUM = ("EXPLAIN.SUM", "一格与其各笔的合计不等")
    FILE_CHAIN = ("FILE.CHAIN", "要恢复的文件前后矛盾、被截断或被改动")
    FILE_DAMAGED = ("FILE.DAMAGED", "账文件已损坏，或不是数据库")
    FILE_FORMAT = ("FILE.FORMAT", "账文件的格式号不是预算账的格式")
    FILE_SCHEMA = ("FILE.SCHEMA", "账文件的标识或数据表不是预算账的样式")
    PUBLISHED_HEAD = ("PUBLISHED.HEAD", "账与公开时记录的末端不符")
    PUBLISHED_OTHER = ("PUBLISHED.OTHER", "由账重新生成的报告与公开的文件不同")
    RULES = ("RULES", "一笔不符合记录它时的规则")
    SEAL_OTHER = ("SEAL.OTHER", "账的开头与封签不符")
    SETTLEMENTS = ("SETTLEMENTS", "一笔的退款、占用、冲销累计无法读取")
    VIEWS_AHEAD = ("VIEWS.AHEAD", "查询视图与账对不上：账文件可能被替换、截断或改动")
    VIEWS_DAMAGED = ("VIEWS.DAMAGED", "查询视图已损坏")
    VIEWS_DISTRUSTED = ("VIEWS.DISTRUSTED", "审计发现查询视图与账不符，重建之前不提供查询")
    VIEWS_FILE = ("VIEWS.FILE", "查询视图的数据表、索引或视图不是程序所做的样子")
    VIEWS_ENTRIES = ("VIEWS.ENTRIES", "查询视图所说的一笔与账中的不符")


class Lack(Vocabulary):
    """Every way in which a machine lacks something."""

    EDITION_ABSENT = ("EDITION.ABSENT", "没有找到账套所用表样版本的文件夹")
    LIBRARY_MISSING = ("LIBRARY.MISSING", "没有安装所需的程序库")
    PORT_TAKEN = ("PORT.TAKEN", "本机的这个端口已被占用，或不许使用")
    TOOL_MISSING = ("TOOL.MISSING", "没有安装所需的程序")
    TOOL_FAILED = ("TOOL.FAILED", "所需的程序没有做完")
    ZONE_UNUSABLE = ("ZONE.UNUSABLE", "本机没有时区表")


class Malformed(ValueError):
    """Input that cannot be read. Names the field, the value, and what would be right; where these
    quote a file, a sheet or a header, on one line and as a screen may show them."""

    def __init__(self, unreadable: Unreadable, *, field: str, value: str, expected: str) -> None:
        super().__init__(unreadable, field, value, expected)
        self.unreadable = unreadable
        self.field = one_line(field)
        self.expected = one_line(expected)
        self.typed = value

    @property
    def code(self) -> str:
        """The public code."""
        return self.unreadable.code

    @property
    def value(self) -> str:
        """What was typed, fit to be shown: a long text cut, control characters as `\\x07`."""
        typed = self.typed
        shown = typed if len(typed) <= 60 else f"{typed[:57]}…（共 {len(typed)} 个字符）"
        return one_line(shown)

    @property
    def complaint(self) -> str:
        """What is wrong and what would be right, without the field."""
        wrong = f"“{self.value}”不正确" if self.typed else "没有填写"
        gap = " " if self.expected[:1].isascii() else ""
        return f"{wrong}，应为{gap}{self.expected}"

    def about(self, field: str) -> "Malformed":
        """The same complaint about a field of another name."""
        return Malformed(self.unreadable, field=field, value=self.typed, expected=self.expected)

    def at(self, place: str) -> "Malformed":
        """The same complaint with the place where it stands: `第 3 行`."""
        return self.about(f"{place} {self.field}")

    def __str__(self) -> str:
        return f"{self.field}：{self.complaint}"


class WrongCell(NamedTuple):
    """A cell of a file that cannot be read: where it stands, what it has, why not, and what would
    be right; `header` is what the file calls its column. Without a column it is the whole row."""

    file: str
    row: int
    column: str
    header: str
    value: str
    code: str
    message: str
    expected: str

    @classmethod
    def of(cls, wrong: Malformed, *, file: str, row: int, column: str, header: str) -> "WrongCell":
        """A complaint with the place that it is about."""
        told = (wrong.value, wrong.code, wrong.complaint, wrong.expected)
        return cls(file, row, column, header, *told)

    @property
    def mend(self) -> str:
        """What to do about it, on one line whatever the file is called."""
        value = f"“{self.value}”" if self.value else "空"
        where = f"{self.file} 第 {self.row} 行 {self.header}"
        return one_line(f"{where}：现为{value}，应为 {self.expected}")


class WrongCells(Malformed):
    """Cells of one file that cannot be read: all of them, so that they are mended at once. The
    complaint is the first's."""

    def __init__(self, first: Malformed, cells: Sequence[WrongCell]) -> None:
        super().__init__(
            first.unreadable, field=first.field, value=first.typed, expected=first.expected
        )
        self.cells = tuple(cells)


class Corrupt(Exception):
    """What is stored contradicts itself. Nothing below the command line catches it. `way_out` is
    what a person can do where no command of ours mends it."""

    def __init__(self, damage: Damage, message: str, *, way_out: str = "", **facts: object) -> None:
        super().__init__(damage, message)
        self.damage = damage
        self.message = message
        self.way_out = way_out
        self.facts = facts

    @property
    def code(self) -> str:
        """The public code."""
        return self.damage.code

    def __str__(self) -> str:
        return self.message


class Occupied(Exception):
    """A file that a result was to be written to holds something already, and nobody said that it
    may be replaced. `field` is the option that named it."""

    def __init__(self, file: str, *, field: str, size: int, modified: str) -> None:
        super().__init__(f"{file} 已经存在（{size:,} 字节，{modified} 修改），没有覆盖")
        self.file = file
        self.field = field
        self.size = size
        self.modified = modified


class OtherEdition(Exception):
    """The folder of an edition of one's own does not hold what the book was told of."""

    def __init__(self, edition: str, *, recorded: str, found: str) -> None:
        super().__init__(
            f"表样版本“{edition}”的文件不是账套登记的那些："
            f"登记的 SHA-256 为 {recorded}，现为 {found}"
        )
        self.edition = edition
        self.recorded = recorded
        self.found = found


class Lacking(Exception):
    """A program, a library or a setting that this machine has not; `way_out` is how it gets it."""

    def __init__(self, lack: Lack, message: str, *, way_out: str) -> None:
        super().__init__(lack, message)
        self.lack = lack
        self.message = message
        self.way_out = way_out

    @property
    def code(self) -> str:
        """The public code."""
        return self.lack.code

    def __str__(self) -> str:
        return self.message
