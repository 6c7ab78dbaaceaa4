"""决算情况说明 as text."""

from cli.text import ways
from cli.text.parts import absent
from projections.answers import Header
from projections.report.narrative.answer import NarrativeSection, ToldNarrative, ToldNeed

_NEEDS = {"reason": "原因", "prior": "上年数", "fact": "事项", "text": "文字"}
_INDENT = "　　"


def narrative(header: Header, answer: ToldNarrative) -> str:
    """The text as it would be published, missing places as 【缺：…】."""
    shown = [*absent(header)]
    for section in answer.sections:
        shown += _section(section)
    if answer.missing:
        shown += ["", f"还缺 {len(answer.missing)} 处（yusuan narrative --missing 列出）"]
    return "\n".join(shown).strip("\n")


def _section(section: NarrativeSection) -> list[str]:
    heads = [section.part, section.title] if section.part else [section.title]
    if section.title in section.part:  # a part of one section
        heads.remove(section.title)
    texts = [_INDENT + paragraph.text for paragraph in section.paragraphs]
    return [*(line for head in heads for line in ("", head)), *texts]


def lack(each: ToldNeed) -> str:
    """One thing that somebody has yet to say."""
    return f"缺{_NEEDS[each.needs]}　{each.message}"


def what_is_missing(header: Header, answer: ToldNarrative) -> str:
    """What somebody has yet to say, and the commands that do it."""
    shown = [f"{header.subject}  决算情况说明", *absent(header)]
    for each in answer.missing:
        shown.append(lack(each))
        shown += [f"    {ways.told(way)}" for way in each.try_]
    shown.append(f"共缺 {len(answer.missing)} 处" if answer.missing else "没有缺的")
    return "\n".join(shown)
