"""Is what was reached counted as the target is? (绩效结果的单位)

Asked once, when a result is recorded, of the target that stands then. A target that is set anew
afterwards refuses nothing: the self-evaluation tells that the two do not fit.
"""

from ledger.evaluation.targets import fits, quantity, relative, told
from ledger.events import AnyEvent
from ledger.events.particulars import ResultReported, TargetSet
from ledger.refusals import Instead, Refusal, Refused, Word


def of_its_unit(result: ResultReported, number: int, target: AnyEvent) -> None:
    """What was reached is of the unit of its target (entry `number`), or has none, or is words, or
    is of a target that is. Raises `Refused`."""
    if not isinstance(target, TargetSet) or target.direction == "quality":
        return
    aimed, reached = quantity(target.value), quantity(result.actual)
    if aimed is None or reached is None or fits(aimed, reached):
        return
    if relative(aimed.unit) is relative(reached.unit):
        right = told(reached._replace(unit=""))  # which takes the target's
    else:  # a number of things is no percent of them
        right = Word(f"数值{aimed.unit}")
    raise Refused(
        Refusal.RESULT_UNIT,
        no=result.no,
        target=target.value,
        entry=number,
        actual=result.actual,
        ways_out=[Instead(actual=right)],
    )
