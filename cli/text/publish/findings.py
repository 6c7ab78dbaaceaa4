"""What a check of the tables found, as text."""

from typing import Any

from projections.answers import subject

_TIERS = {"error": "错误", "warn": "提醒", "info": "提示"}


def findings(answer: dict[str, Any]) -> str:
    """审核结果, the gravest first."""
    shown = [f"{subject(answer)}  决算审核"]
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
