"""What a check of the tables found, as text."""

from collections.abc import Iterator, Sequence

from msgspec import UNSET

from cli.text import ways
from cli.text.parts import absent
from projections.answers import Header
from projections.report.findings import TIERS, Finding, Findings, Tier

TIER_NAMES: dict[Tier, str] = {"error": "错误", "warn": "提醒", "info": "提示"}


def findings(header: Header, answer: Findings) -> str:
    """审核结果, the gravest first."""
    shown = [f"{header.subject}  决算审核", *absent(header)]
    shown += listed(answer.findings)
    shown += [f"未审核 {skipped.code}：{skipped.why}" for skipped in answer.not_run]
    shown.append(counted(answer.findings))
    return "\n".join(shown)


def counted(found: Sequence[Finding]) -> str:
    """How many there are of each tier."""
    counts = dict.fromkeys(TIERS, 0)
    for finding in found:
        counts[finding.tier] += 1
    return "，".join(f"{TIER_NAMES[tier]} {counts[tier]} 项" for tier in TIERS)


def listed(found: Sequence[Finding]) -> Iterator[str]:
    """Findings with what to do about each; of one kind what to do is said once, below the last of
    them. The figure of one about print stands in its sentence already."""
    kinds: dict[tuple[Tier, str, str], list[Finding]] = {}
    for finding in found:
        kinds.setdefault((finding.tier, finding.code, finding.suggestion), []).append(finding)
    for (tier, code, suggestion), alike in kinds.items():
        for finding in alike:
            yield f"{TIER_NAMES[tier]} {code}  {finding.message}"
            of_print = finding.printed is not UNSET
            if finding.cells and not of_print:
                yield f"      单元格：{'、'.join(finding.cells)}"
            if suggestion and finding is alike[-1]:
                yield f"      说明建议：{suggestion}"
            if not of_print:
                yield from (f"    {ways.told(way)}" for way in finding.try_ or ())
