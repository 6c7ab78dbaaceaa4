"""The sentences of a narrative: what an edition says is filled in with the figures of a report.

What somebody has yet to say is printed in its place as 【缺：…】, and told with what to type. No
number and no word of comparison is in a text: each is a figure.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Literal, NamedTuple

from ledger.events.particulars import KeyWorkListed, ReasonGiven, TextWritten
from ledger.refusals import Way, Word
from ledger.rules.citations import CITED, KEY_WORK, result_cited
from ledger.texts import masked
from projections.questions.particulars import Said
from projections.report.editions import at
from projections.report.figure import Figure, Needed, Needs, Ratio, Report
from projections.report.narrative.marks import Line, line, marked, plain
from projections.report.narrative.sections_said import (
    GLOSSARY,
    Paragraph,
    Piece,
    SaidSection,
    When,
    with_args,
)
from projections.report.narrative.stated import filled, name_of, path_of, sets_of
from projections.views.reading import Reading

ParagraphKind = Literal["derived", "reason", "text", "missing"]
_PERCENT = 100
_FIGURE = re.compile(r"\{([NTE]\.[^{}]+|T[0-9][^{}]*)\}")
_TEXTS_SLOT = "glossary."
_AGAIN = "【缺：见前】"


class ParagraphTold(NamedTuple):
    """A paragraph: its text with the figures that are printed in it, and what of it is from
    whom."""

    line: Line
    kind: ParagraphKind

    @property
    def text(self) -> str:
        """What is printed."""
        return plain(self.line)

    @property
    def figures(self) -> tuple[str, ...]:
        """The figures that are printed, each once."""
        return tuple(dict.fromkeys(each.figure for each in self.line if each.figure))


class SectionTold(NamedTuple):
    """A section, and what it still needs."""

    id: str
    title: str
    part: str
    paragraphs: tuple[ParagraphTold, ...]
    needed: tuple[Needed, ...]


class _Row(NamedTuple):
    """What a repeated text is said of: a code with its name, and the how-manyth it is; or words of
    its own, which cite results where somebody wrote them, in a slot."""

    code: str = ""
    label: str = ""
    n: int = 0
    words: Mapping[str, str] = {}
    slot: str = ""


class Teller:
    """Tells the sections of a report. With `unmask` numbers of persons are printed as written."""

    def __init__(self, report: Report, *, unmask: bool = False) -> None:
        self.report = self._report = report
        self._narrative = report.narrative
        self._sets = sets_of(report)
        self._unmask = unmask
        self._reasons = {each.event.slot: each for each in report.own(ReasonGiven)}
        self._texts = {each.event.slot: each for each in report.own(TextWritten)}

    def sections(self, wanted: str | None = None) -> Iterator[SectionTold]:
        """Every section, or that of an id."""
        for section in self._narrative.sections:
            if wanted in (None, section.id):
                yield self._section(section)

    def _section(self, section: SaidSection) -> SectionTold:
        told: list[ParagraphTold] = []
        needed: dict[Needed, None] = {}
        for paragraph in section.paragraphs:
            rows = list(self._rows(paragraph.each))
            if not rows and paragraph.each == KEY_WORK:
                none = self.no_key_work()
                told.append(ParagraphTold(line(_gap(none)), "missing"))
                needed[none] = None
            for row in rows:
                made = _Paragraph(self, row)
                told += made.told(paragraph)
                needed |= dict.fromkeys(made.needed)
        return SectionTold(
            section.id,
            self.words_in(section.title),
            self.words_in(section.part),
            tuple(told),
            tuple(needed),
        )

    def _rows(self, each: str) -> Iterator[_Row]:
        """What a text is said of: once, or for each of a set."""
        match each:
            case "":
                yield _Row()
            case _ if each == KEY_WORK:
                for n, (_, _, work) in enumerate(self.key_work(), 1):
                    words = {"item": work.item, "goal": work.goal, "done": work.done}
                    told = {name: plainly(text) for name, text in words.items()}
                    told = self._masked({"no": work.no, **told})
                    yield _Row(work.no, work.item, n, told, f"{KEY_WORK}.{work.no}")
            case _ if each == GLOSSARY:
                yield from self._glossary()
            case _:
                by = self._narrative.rows[each].by
                for n, code in enumerate(self._sets[each], 1):
                    words = {"path": path_of(self._report, code)} if by == "item" else {}
                    yield _Row(code, name_of(self._report, by, code), n, words)

    def key_work(self) -> Iterator[Said[KeyWorkListed]]:
        """The last of each number; of a department what was said for it, else that of each unit."""
        alone = not self.department()
        said = [
            each
            for each in self._report.said(KeyWorkListed)
            if not (alone and each.event.department)
        ]
        whole = [each for each in said if each.event.department]
        last = {(each.book, each.event.no): each for each in whole or said}
        order = [str(one.book) for one in self._report.source.members()]
        for of in sorted(last, key=lambda of: (order.index(of[0]), _natural(of[1]))):
            yield last[of]

    def _glossary(self) -> Iterator[_Row]:
        """The terms that are used, then every 项 that a table has."""
        n = 0
        for some in self._narrative.terms:
            if not some.some or any(self.number(name) for name in some.some):
                n += 1
                own = self.text(_TEXTS_SLOT + some.name)
                means = plainly(own, some.name) if own else some.means
                words = {"term": some.name, "means": means}
                yield _Row(some.name, some.name, n, words, _TEXTS_SLOT + some.name if own else "")
        names = self._report.cells.names
        for code in self._sets.get(GLOSSARY, ()):
            n += 1
            name = names.functional(code) or code
            term = f"{name}（{code}）"
            own = self.text(_TEXTS_SLOT + code)
            known = self._narrative.definitions
            means = known.get(code) or known.get(name) or _generic(name)
            words = {"term": term, "means": plainly(own, term, name) if own else means}
            yield _Row(code, name, n, words, _TEXTS_SLOT + code if own else "")

    def _masked(self, words: Mapping[str, str]) -> dict[str, str]:
        return {name: self.shown(text) for name, text in words.items()}

    def shown(self, text: str) -> str:
        """A text as it is published."""
        return text if self._unmask else masked(text)

    def text(self, slot: str) -> str | None:
        """What was written in a slot."""
        there = self._texts.get(slot)
        return None if there is None else self.shown(there.event.text)

    def reason(self, slot: str) -> str | None:
        """The reason that was given."""
        there = self._reasons.get(slot)
        return None if there is None else self.shown(there.event.text)

    def figure(self, name: str, code: str = "") -> Figure:
        """A figure that a text names."""
        return self._report.figure(filled(self._report, name, code))

    def last_year(self, name: str, code: str) -> Figure:
        """Last year's."""
        return self._report.last_year(filled(self._report, name, code))

    def has(self, name: str, code: str = "") -> bool:
        """Whether there is one."""
        return self._report.has(filled(self._report, name, code))

    def number(self, name: str) -> int:
        """What a figure comes to; nothing of one that is not there."""
        return self.figure(name).number if self.has(name) else 0

    def words(self, row: _Row) -> dict[str, str]:
        """The words of the report and of what a text is said of."""
        return {
            "year": str(self._report.year),
            "last_year": str(self._report.year - 1),
            "name": self._report.source.name,
            "n": str(row.n),
            "label": row.label,
            **row.words,
        }

    def said(self, text: str, row: _Row) -> str:
        """A text with those words."""
        words = self.words(row)
        return CITED.sub(lambda found: words.get(found[1], found[0]), text)

    def words_in(self, text: str) -> str:
        """A text with the words of the report alone: its year and name."""
        return self.said(text, _Row())

    def way(self, command: str, slot: str) -> Way:
        """The command that says something in a slot: of a department in the book of one of its
        units."""
        return self.of_department(Way(command, Word("文字"), slot=slot))

    def no_key_work(self) -> Needed:
        """What is missing where no key work was listed."""
        way = self.of_department(Way(KEY_WORK, no="1", **_WORK))
        return Needed(KEY_WORK, "fact", "各项重点工作的目标和完成情况", (way,))

    def of_department(self, way: Way) -> Way:
        """A command that says something: of a department in the book in which something was said
        for it, else in the first."""
        if not self.department():
            return way
        members = self._report.source.members()
        said = {each.book for each in (*self._reasons.values(), *self._texts.values())}
        first = next((one.book for one in members if str(one.book) in said), members[0].book)
        return way.also(department=True, unit=first.unit, year=first.year)

    def label(self, slot: str, row: _Row) -> str:
        """What a slot is about: the figure of that id, or what is told there."""
        return self._report.figure(slot).label if self._report.has(slot) else row.label

    def department(self) -> bool:
        """Whether the books of many units are added up."""
        return not isinstance(self._report.source, Reading)

    def kinds(self) -> set[str]:
        """The kinds of the units that report."""
        return {one.unit_kind for one in self._report.source.members()}

    def threshold(self, name: str) -> int:
        """A threshold of the edition."""
        return self._narrative.thresholds.get(name, 0)

    def phrase(self, name: str) -> Sequence[str | Piece]:
        """The pieces of a phrase."""
        return self._narrative.phrases[name]

    def rows(self, each: str) -> Iterator[_Row]:
        """The codes of a set."""
        return self._rows(each)

    def cited(self, slot: str, cited: str) -> Figure | Needed:
        """The result that a text in a slot cites; where there is none, what has to be reported or
        written."""
        needs, again = self._again(slot, cited)
        result = result_cited(slot, cited)
        if result is None:
            message = f"{slot} 中的 {{{cited}}} 不是绩效结果的编号"
            return Needed(slot, needs, message, (again,))
        project, no = result
        name = f"N.s5c.{project}.result.{no}"
        if self._report.has(name):
            figure = self._report.figure(name)
            if figure.value is None:
                message = f"{slot} 引用的执行率 {{{cited}}}（项目 {project} 没有全年预算）"
                return Needed(slot, needs, message, (again,))
            return figure
        message = f"{slot} 引用的绩效结果 {{{cited}}}（项目 {project} 没有第 {no} 项的结果）"
        said = Way("result", project=project, no=no, actual=Word("实际完成值"))
        there = project in self._report.source.project_names()
        ways = (self.of_department(said), again) if there else (again,)
        return Needed(name, "fact", message, ways)

    def _again(self, slot: str, cited: str) -> tuple[Needs, Way]:
        """What says anew what stands in a slot, and cites so."""
        if slot.startswith(f"{KEY_WORK}."):
            no = slot.removeprefix(f"{KEY_WORK}.")
            way = Way(KEY_WORK, no=no, **_WORK)
            words = f"{{{cited}}}"
            said = next(
                each
                for each in self.key_work()
                if each.event.no == no
                and words in each.event.item + each.event.goal + each.event.done
            )
            if said.event.department:
                return "fact", self.of_department(way)
            one = next(one for one in self._report.source.members() if str(one.book) == said.book)
            return "fact", self._report.way_in(one, way)
        kind: Literal["reason", "text"] = "reason" if slot in self._reasons else "text"
        return kind, self.way(kind, slot)


_WORK = {"item": Word("事项"), "goal": Word("目标"), "done": Word("完成情况")}
_END = ("。", "！", "？", "；", "：", "…", "”", "』", "》")
_SAYS = r"(?:(?:是指|是|为|系|指|在于|如下)?[：:，,]\s*|是指|是|为|系|指|在于)"
_OTHER, _SPENDING = "其他", "支出"


def plainly(text: str, *heads: str) -> str:
    """A text as part of a sentence that begins with one of these words already: without them, and
    without a full stop."""
    plain = text.strip().rstrip("。")
    for head in heads:
        stem = re.escape(head.removesuffix("是"))
        plain = re.sub(rf"^[“\"]?{stem}[”\"]?\s*{_SAYS}", "", plain) if stem else plain
    return plain


def ended(text: str) -> str:
    """A paragraph that somebody wrote, with a full stop where it has no end."""
    return text if not text or text.endswith(_END) else f"{text}。"


def _generic(name: str) -> str:
    """What a 项 means of which the edition says nothing, in words that do not repeat its name."""
    if name.startswith(_OTHER):
        return f"没有单列项级科目的{name.removeprefix(_OTHER)}"
    return f"用于{name.removesuffix(_SPENDING)}的各项支出"


def _natural(no: str) -> tuple[tuple[int, str], ...]:
    """Numbers before words, 2 before 10."""
    parts = re.findall(r"[0-9]+|[^0-9]+", no)
    return tuple((int(part), "") if part.isdecimal() else (-1, part) for part in parts)


class _Paragraph:
    """One paragraph while it is told."""

    def __init__(self, teller: Teller, row: _Row) -> None:
        self._teller = teller
        self._row = row
        self._kinds: set[ParagraphKind] = set()
        self.needed: list[Needed] = []

    def told(self, paragraph: Paragraph) -> Iterator[ParagraphTold]:
        """The paragraph; none where it is not said, and as many as somebody wrote."""
        if not self._holds(paragraph.when, self._row):
            if self.needed:
                yield self._lacking()
            return
        if paragraph.text:
            yield from self._written(paragraph)
            return
        text = self._pieces(paragraph.say, self._row)
        if text or self.needed:
            kind: ParagraphKind = "text" if paragraph.each == KEY_WORK else "derived"
            if "reason" in self._kinds:
                kind = "reason"
            yield ParagraphTold(line(text), "missing" if self.needed else kind)

    def _written(self, paragraph: Paragraph) -> Iterator[ParagraphTold]:
        slot = self._teller.said(at(paragraph.text, self._row.code), self._row)
        text = self._teller.text(slot)
        if text is not None:
            for part in re.split(r"\n\s*\n", text.strip()):
                joined = "".join(each.strip() for each in part.splitlines())
                before = len(self.needed)
                cited = line(self._cited(ended(joined), slot))
                yield ParagraphTold(cited, "missing" if len(self.needed) > before else "text")
        elif not paragraph.optional:
            about = self._teller.said(paragraph.about, self._row)
            self._need(Needed(slot, "text", about, (self._teller.way("text", slot),)))
            yield self._lacking()

    def _lacking(self) -> ParagraphTold:
        """What stands in the place of a paragraph that cannot be told yet."""
        return ParagraphTold(line("".join(_gap(each) for each in self.needed)), "missing")

    def _need(self, *needed: Needed) -> str:
        """Notes what is needed; the mark of what was not noted before."""
        new = [each for each in dict.fromkeys(needed) if each not in self.needed]
        self.needed += new
        return "".join(map(_gap, new))

    def _marked(self, *needed: Needed) -> str:
        """The mark in the place of what is needed, in a sentence that goes on: it stands there
        every time, and says once what it is."""
        return self._need(*needed) or _AGAIN

    def _pieces(self, pieces: Sequence[str | Piece], row: _Row) -> str:
        told, alone = "", False
        for piece in pieces:
            plain = isinstance(piece, str)
            text = self._filled(piece, row) if isinstance(piece, str) else self._piece(piece, row)
            if alone and text and text[0] not in _MARKS:
                told += "；"
            if text:  # what was not said at all leaves what stands before it
                alone = not plain and _all_gaps(text)
            told += text
        return told

    def _piece(self, piece: Piece, row: _Row) -> str:
        if piece.each:
            rows = list(self._teller.rows(piece.each))
            told = [self._once(piece, each) for each in rows]
            return piece.between.join(filter(None, told))
        return self._once(piece, row)

    def _once(self, piece: Piece, row: _Row) -> str:
        before = len(self.needed)
        if not self._holds(piece.when, row):
            return "".join(map(_gap, self.needed[before:]))
        if piece.parts:
            return piece.between.join(
                filter(None, (self._piece(part, row) for part in piece.parts))
            )
        if piece.use:
            phrase = [with_args(each, piece.args) for each in self._teller.phrase(piece.use)]
            return self._pieces(phrase, row)
        if piece.reason:
            return self._reason(piece, row)
        return self._filled(piece.say, row)

    def _reason(self, piece: Piece, row: _Row) -> str:
        slot = at(piece.reason, row.code)
        given = self._teller.reason(slot)
        before, _, after = piece.say.partition("{reason}")
        own = before.strip("，。；、")
        if given is None:
            if not self._beyond(piece, row):
                return ""
            message = f"{self._teller.label(slot, row)}：{own.removesuffix('是')}（{slot}）"
            needed = Needed(slot, "reason", message, (self._teller.way("reason", slot),))
            return self._filled(before, row) + self._marked(needed) + self._filled(after, row)
        self._kinds.add("reason")
        cited = self._cited(plainly(given, own), slot)
        return self._filled(before, row) + cited + self._filled(after, row)

    def _beyond(self, piece: Piece, row: _Row) -> bool:
        """Whether a reason is needed: always, or where a percent is further off than allowed. From
        nothing to something is further than any percent, from nothing to nothing is no change."""
        if not piece.off:
            return True
        figure = self._teller.figure(piece.off, row.code)
        if figure.needed:  # first the figure, then the reason
            return False
        ratio = figure.value
        if not isinstance(ratio, Ratio):
            report = self._teller.report
            return any(report.figure(part).number for _, part in figure.parts)
        off = abs(_PERCENT * ratio.of - piece.base * ratio.base)
        return off > self._teller.threshold(piece.over) * abs(ratio.base)

    def _cited(self, text: str, slot: str) -> str:
        """A text of somebody's with the results that it cites."""

        def cited(found: re.Match[str]) -> str:
            result = self._teller.cited(slot, found[1])
            if isinstance(result, Figure):
                return self._printed(result)
            return self._marked(result)

        return CITED.sub(cited, text)

    def _filled(self, text: str, row: _Row) -> str:
        """A text with its words and figures; nothing of one whose figures the edition, changed by
        somebody, does not have."""
        teller, words = self._teller, self._teller.words(row)
        if not all(teller.has(name, row.code) for name in _FIGURE.findall(text)):
            return ""

        def filled(found: re.Match[str]) -> str:
            name = found[1]
            if name in words:
                own = row.slot and name in row.words
                return self._cited(words[name], row.slot) if own else words[name]
            figure = teller.figure(name, row.code) if _FIGURE.fullmatch(found[0]) else None
            return found[0] if figure is None else self._printed(figure)

        return CITED.sub(filled, text)

    def _printed(self, figure: Figure) -> str:
        if figure.needed:
            return self._marked(*figure.needed)
        return marked(figure.id, figure.printed)

    def _holds(self, when: When, row: _Row) -> bool:
        """Whether a condition holds; where it rests on what is needed, that is noted."""
        teller, code = self._teller, row.code
        names = (*when.some, *when.none, *_pair(when.more), *_pair(when.less), *_pair(when.same))
        single = (when.rises, when.falls, when.level)
        if not all(teller.has(name, code) for name in (*names, *filter(None, single))):
            return False
        if when.of is not None and (when.of == "department") is not teller.department():
            return False
        kinds = teller.kinds()
        if (when.kinds and not kinds & {*when.kinds}) or kinds & {*when.no_kinds}:
            return False
        compared = [(teller.figure(name, code), teller.last_year(name, code))
                    for name in filter(None, single)]  # fmt: skip
        figures = [teller.figure(name, code) for name in names]
        needed = [
            each
            for figure in (*figures, *(one for both in compared for one in both))
            for each in figure.needed
        ]
        if needed:
            self._need(*needed)
            return False
        return self._compared(when, code)

    def _compared(self, when: When, code: str) -> bool:
        def number(name: str) -> int:
            return self._teller.figure(name, code).number

        def change(name: str) -> int:
            return number(name) - self._teller.last_year(name, code).number

        def valued(name: str) -> bool:
            return self._teller.figure(name, code).value is not None

        return all(
            (
                not when.some or any(map(number, when.some)),
                not any(map(number, when.none)),
                when.rises is None or change(when.rises) > 0,
                when.falls is None or change(when.falls) < 0,
                when.level is None or change(when.level) == 0,
                when.based is None or valued(when.based),
                when.unbased is None or not valued(when.unbased),
                when.more is None or number(when.more[0]) > number(when.more[1]),
                when.less is None or number(when.less[0]) < number(when.less[1]),
                when.same is None or number(when.same[0]) == number(when.same[1]),
            )
        )


def _pair(names: tuple[str, str] | None) -> tuple[str, ...]:
    return names or ()


_MARKS = "，。；：、）【"
_GAP = re.compile(r"(?:【缺：[^】]*】)+")


def _all_gaps(text: str) -> bool:
    """Whether what was to be said is missing as a whole: then it ends like a sentence."""
    return _GAP.fullmatch(text) is not None


def _gap(needed: Needed) -> str:
    return f"【缺：{needed.message}】"
