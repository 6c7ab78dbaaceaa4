"""CITED.UNKNOWN: does all that texts of the report cite exist? What does not is printed as missing
in a sentence, and as it was typed in a goal."""

from collections.abc import Iterator

from ledger.events.particulars import GoalSet, ReasonGiven, TextWritten
from ledger.refusals import Way, Word
from ledger.rules.citations import citing
from projections.report.figure import Needed, Report
from projections.report.findings import Finding
from projections.report.narrative.sentences import Teller

CODE = "CITED.UNKNOWN"
_SUGGESTED = "编号写错的，重新写明文字（以最后一次为准）；结果还没有填报的，用 yusuan result 填报。"
_IN_GOAL = "总体目标不引用绩效结果：用 yusuan goal 重新写明（以最后一次为准），数直接写出。"


def cited(report: Report) -> Iterator[Finding]:
    """What reasons, texts and key work cite and no result is, and goals that cite anything."""
    if not report.narrative.sections:
        return
    teller = Teller(report)
    facts = (*report.own(ReasonGiven), *report.own(TextWritten), *teller.key_work())
    texts = [*filter(None, (citing(said.event) for said in facts))]
    found = (teller.cited(text.slot, each) for text in texts for each in text.cited)
    for needed in dict.fromkeys(each for each in found if isinstance(each, Needed)):
        ways = [way for way in needed.ways if isinstance(way, Way)]
        yield Finding(CODE, "warn", needed.message, suggestion=_SUGGESTED, try_=ways)
    for goal in report.foremost(GoalSet, lambda event: event.project):
        said = citing(goal.event)
        if said and said.cited:
            shown = "、".join(f"{{{each}}}" for each in said.cited)
            of = {"project": goal.event.project} if goal.event.project else {"whole": True}
            one = next(one for one in report.source.members() if str(one.book) == goal.book)
            way = report.way(one, "goal", **of, expected=Word("预期目标"), actual=Word("实际完成"))
            if goal.event.department:
                way = way.also(department=True)
            message = f"{said.slot} 的总体目标中有 {shown}，按原样印出"
            yield Finding(CODE, "warn", message, suggestion=_IN_GOAL, try_=[way])
