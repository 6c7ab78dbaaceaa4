"""A result is counted as its target is: asked at the door, of the target that stands then."""

import pytest

from tests.harness.shell import Shell

_OF = ("--project", "P02", "--no", "1", "--date", "2020-12-31")
_ROW = (*_OF, "--level1", "产出指标", "--level3", "受理")


@pytest.mark.parametrize(
    ("target", "direction", "actual", "exit"),
    [
        ("1800件", None, "1900件", 0),
        ("1800件", None, "1900", 0),
        ("1800", None, "1900件", 0),
        ("1万件", None, "9000件", 0),
        ("1800件", None, "1900人", 3),
        ("95%", None, "96", 0),
        ("95%", None, "0.96件", 3),
        ("97%≤执行率≤100%", None, "@execution", 0),
        ("1800件", "quality", "1900人", 0),
        ("1800件", None, "基本完成", 0),
        ("良好", None, "1900人", 0),
        ("", None, "1900人", 0),
    ],
)
def test_another_unit_is_refused(
    shell: Shell, target: str, direction: str | None, actual: str, exit: int
) -> None:
    said = ("--direction", direction) if direction else ()
    shell("target", *_ROW, *(("--value", target) if target else ()), *said)
    told = shell.ask("result", *_OF, "--actual", actual, exit=exit)
    if exit:
        assert told["code"] == "RESULT.UNIT"
        assert (told["facts"]["target"], told["facts"]["actual"]) == (target, actual)
        assert told["facts"]["entry"] == 5


@pytest.mark.parametrize(
    ("target", "actual", "way"),
    [
        ("≥95%", "3件", "--actual 数值%"),
        ("≤1000元/人", "3万元", "--actual 数值元/人"),
        ("1800件", "95%", "--actual 数值件"),
        ("1800件", "1900人", "--actual 1900"),
    ],
)
def test_the_way_out_is_counted_as_the_target(
    shell: Shell, target: str, actual: str, way: str
) -> None:
    shell("target", *_ROW, "--value", target)
    (told,) = shell.ask("result", *_OF, "--actual", actual, exit=3)["try"]
    assert told.endswith(way) or f"{way} " in told


def test_of_the_last_target_that_stands(shell: Shell) -> None:
    shell("target", *_ROW, "--value", "10件")
    shell("target", *_ROW, "--value", "10人")
    shell("result", *_OF, "--actual", "12件", exit=3)
    shell("reverse", "6", "--date", "2020-12-31")
    shell("result", *_OF, "--actual", "12人", exit=3)
    shell("result", *_OF, "--actual", "12件")
    assert shell("audit").exit == 0


def test_another_row_has_another_target(shell: Shell) -> None:
    shell("target", *_ROW, "--value", "10件")
    others = (
        ("--project", "P02", "--no", "11"),
        ("--project", "P01", "--no", "1"),
        ("--whole", "--no", "1"),
        ("--project", "P02", "--no", "1", "--department"),
    )
    for other in others:
        shell("result", *other, "--actual", "12人", "--date", "2020-12-31")


def test_a_file_is_held_against_the_targets_that_it_brings(shell: Shell) -> None:
    rows = ("a,2020-03-01,target,P02,1,产出指标,受理,10件,", "b,2020-12-31,result,P02,1,,,,12人")
    file = shell.csv(*rows, header="id,date,kind,project,no,level1,level3,value,actual")
    told = shell.ask("import", str(file), exit=3)
    (wrong,) = told["rejected"]
    assert (wrong["row"], wrong["column"], wrong["code"]) == (3, "actual", "RESULT.UNIT")
    assert shell.entries() == 4
