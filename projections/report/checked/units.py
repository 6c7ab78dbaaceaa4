"""UNITS: are the units that have 三公经费 among those whose accounts are published? A report that
tells of five units has the accounts of five."""

from collections.abc import Iterator

from projections.report.figure import Report
from projections.report.findings import Finding

CODE = "UNITS"
SCOPE, UNITS = "N.s7a.units", "N.units"


def units_named(report: Report) -> Iterator[Finding]:
    """More units that have 三公经费 than there are books."""
    if SCOPE not in report.ids:
        return
    told, there = report.figure(SCOPE).number, len(report.source.members())
    if told > there:
        message = (
            f"“三公”经费的单位范围是 {told} 个单位，纳入决算的是 {there} 个：单位构成前后不一致"
        )
        yield Finding(CODE, "warn", message, [SCOPE, UNITS], suggestion=_SUGGESTED)


_SUGGESTED = (
    "所属单位的决算另行公开的，只说明本单位；已并入本单位决算的，在单位构成中列明各所属单位，"
    "单位数有误的用 yusuan headcount 重新登记。"
)
